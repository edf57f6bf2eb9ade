import { readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { closestName } from "@miqro/parser/closest-name";
import { conventions } from "../conventions/table.js";
import type { Problem } from "../errors.js";
import { isScript } from "../http-files/kind.js";

const folderNames = ["http", "static", "migration", "test"];

/** The names that other frameworks have for folders. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ public: "static", assets: "static", www: "static" },
  ...{ routes: "http", pages: "http", api: "http" },
};

/** The folder of a service that a name probably means. */
export function meantFolder(name: string): string | undefined {
  return closestName(name, folderNames) ?? otherNames[name.toLowerCase()];
}

/** The unknown entries in the folder of a service. */
export interface UnknownNames {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Finds files that the user probably expects to be read, but whose names belong to no kind. */
export function findMisnamed({ folder, files, folders }: UnknownNames): Problem[] {
  const configs = conventions.map(({ name }) => name);
  const found: Problem[] = [];
  const add = (name: string, message: string) => found.push({ file: join(folder, name), message });
  for (const name of folders) {
    if (configs.includes(name)) add(name, `this folder is not read. Did you mean the file ${name}.ts?`);
    else {
      // Helpers of a service may be in a folder with one of the other names.
      const near = closestName(name, folderNames) ?? (name === "public" ? otherNames[name] : undefined);
      if (near !== undefined) add(name, `this folder is not read. Did you mean ${near}/?`);
    }
  }
  for (const name of files) {
    // Tests, declarations and dotfiles have their own naming rules.
    if (/^[._]|\.test\.|\.d\.[mc]?ts$|\.map$/.test(name)) continue;
    const stem = name.replace(/\..*$/, "");
    const isKnown = configs.includes(stem);
    if (isKnown && !isScript(name)) add(name, `this file is not read. Did you mean ${stem}.ts?`);
    else if (isKnown)
      add(name, `this file is not read, because of "${name.slice(stem.length)}". Did you mean ${stem}.ts?`);
    else if (isScript(name) && stem + extname(name) === name) {
      const near = closestName(stem, configs);
      // A short word is similar to too many words.
      if (near !== undefined && (near.length > 3 || stem.toLowerCase() === near)) {
        add(name, `this file is not read. Did you mean ${near}${extname(name)}?`);
      }
    }
  }
  return found;
}

/**
 * Finds scripts below `http/` that are not routes by their names, but probably should be: a suffix that is nearly
 * known, a config in the wrong folder, or a default export that nothing imports.
 * @param all - the sources of all scripts of the service
 */
export function findForgottenRoutes(
  scripts: readonly string[],
  { all, folder }: { readonly all: readonly string[]; readonly folder: string },
): Problem[] {
  const endings = [".html", ".api", ".json", ".min"];
  const texts = new Map<string, string>();
  const textOf = (path: string): string => {
    let text = texts.get(path);
    if (text === undefined) {
      try {
        text = readFileSync(path, "utf8");
      } catch {
        text = "";
      }
      texts.set(path, text);
    }
    return text;
  };
  const isImported = (stem: string, path: string) =>
    all.some(
      (other) =>
        other !== path && new RegExp(`["'/]${escapePattern(stem)}(?:\\.\\w+)?["']`).test(textOf(other)),
    );
  const found: Problem[] = [];
  for (const path of scripts) {
    const name = basename(path);
    const extension = extname(name);
    const base = name.slice(0, -extension.length);
    const stem = base.replace(/\.[^.]*$/, "");
    const ending = base.slice(stem.length);
    const near = ending === "" ? undefined : closestName(ending, endings);
    const method = /\bexport\s+(?:const|(?:async\s+)?function)\s+(GET|POST|PUT|PATCH|DELETE)\b/.exec(
      textOf(path),
    )?.[1];
    const hasDefault = /\bexport\s+(?:default\b|\{[^}]*\bdefault\b)/.test(textOf(path));
    if (isImported(base, path) || (!hasDefault && method === undefined)) continue;
    if (near !== undefined) {
      found.push({ file: path, message: `it answers nothing. Did you mean ${stem}${near}${extension}?` });
    } else if (conventions.some((convention) => convention.name === base)) {
      found.push({
        file: path,
        message: `it is not read here. To make it the config of the service, move it to ${join(folder, name)}.`,
      });
    } else if (ending === "" && !hasDefault) {
      found.push({
        file: path,
        message: `it answers nothing. A route is a file such as ${join(dirname(path), `NAME.api${extension}`)} with a default export, and its method is in apiOptions: { method: "${method}" }.`,
      });
    } else if (ending === "") {
      const kind = /x$/.test(extension) ? ".html" : ".api";
      found.push({
        file: path,
        message: `it answers nothing, and nothing imports it. To make it a route, rename it to ${join(dirname(path), base + kind + extension)}.`,
      });
    }
  }
  return found;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
