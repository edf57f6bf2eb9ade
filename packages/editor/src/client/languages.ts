import { css, type Extension, html, javascript, json, markdown, sql } from "./codemirror.js";

const languages: Readonly<Record<string, () => Extension>> = {
  ts: () => javascript({ typescript: true }),
  tsx: () => javascript({ typescript: true, jsx: true }),
  js: () => javascript({ jsx: true }),
  json: () => json(),
  css: () => css(),
  html: () => html(),
  md: () => markdown({ codeLanguages: languageOfBlock }),
  sql: () => sql(),
};

const others: Readonly<Record<string, string>> = {
  mts: "ts",
  cts: "ts",
  mjs: "js",
  cjs: "js",
  jsx: "tsx",
  htm: "html",
  svg: "html",
  xml: "html",
  markdown: "md",
  typescript: "ts",
  javascript: "js",
};

/** The language that highlights a file, by the extension of its name. */
export function languageOf(path: string): Extension {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return languages[others[extension] ?? extension]?.() ?? [];
}

function languageOfBlock(name: string): ReturnType<typeof javascript>["language"] | null {
  const found = others[name] ?? name;
  if (found === "ts" || found === "tsx" || found === "js")
    return javascript({ typescript: true, jsx: true }).language;
  if (found === "json") return json().language;
  return found === "css" ? css().language : null;
}
