import { dirname } from "node:path";
import type { Handler } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import { messageOf } from "../errors.js";
import { findLayout } from "../markdown/find-layout.js";
import { FrontMatterError, splitFrontMatter } from "../markdown/front-matter.js";
import type { Layout } from "../markdown/layout.js";
import { type MarkdownPage, type PageHead, readPage } from "../markdown/read-page.js";
import type { PageContent } from "../markdown/render-page.js";
import { readText } from "../service/read-text.js";
import type { HttpFile } from "../service/scan-service.js";
import type { HttpFileKind, HttpFileReader } from "./http-file-kind.js";
import { mountIndex, mountRoute } from "./route-file.js";
import { sendPage } from "./send-page.js";

/** A Markdown page, and the layout around it. */
interface MarkdownFile {
  readonly page: PageHead;
  readonly layout: Layout | undefined;
}

/** `x.html.md`: a page in Markdown. */
export const markdown: HttpFileKind<MarkdownFile> = {
  template: {
    name: "http/about.html.md",
    about: "a page in Markdown",
    text: `---
title: About
---

# About

Text in *Markdown*.
`,
  },

  async read(file, { problems, memory, fileOf, keepsTexts }) {
    const before = problems.count;
    try {
      const page = await readPage(await readText(file.source));
      const layout = await readLayout(file, page, { problems, memory, fileOf });
      if (problems.count > before) return undefined;
      return { page: keepsTexts ? page : { values: page.values }, layout };
    } catch (error) {
      if (error instanceof FrontMatterError) {
        for (const { line, message } of error.faults) problems.add(`line ${line}: ${message}`, error);
      } else problems.add(messageOf(error), error);
      return undefined;
    }
  },

  async compose(files, { pageContents }) {
    await pageContents?.prepare(
      files.map(({ file, value: { page } }) => ({ values: page.values, file: file.source })),
    );
  },

  toHandler,

  toDocument,

  published: ({ page }) => page.values.date,

  mount(file, value, router, parts) {
    mountRoute(router, file, {}, toHandler(file, value, parts));
  },

  mountIndex(file, value, router, parts) {
    mountIndex(router, file, {}, toHandler(file, value, parts));
  },
};

async function readLayout(
  { source, folder }: HttpFile,
  { values }: MarkdownPage,
  { problems, memory, fileOf }: Pick<HttpFileReader, "problems" | "memory" | "fileOf">,
): Promise<Layout | undefined> {
  const name = values.layout ?? "layout";
  if (name === "false") return undefined;
  const isName = /^[\w-]+$/.test(name);
  // A folder can have thousands of pages that share one layout.
  const key = `layout ${dirname(source)} ${name}`;
  if (isName && !memory.has(key)) memory.set(key, findLayout(source, folder.split("/").length - 2, name));
  const found = memory.get(key) as string | undefined;
  if (found !== undefined) {
    const known = memory.get(found) as Layout | undefined;
    const layout =
      known ?? (await (await import("../markdown/layout.js")).loadLayout(fileOf(found), problems));
    memory.set(found, layout);
    return layout;
  }
  if (values.layout !== undefined) {
    const why = isName
      ? `there is no _${name}.html.tsx in its folder or above, up to http/`
      : "the name of a layout has letters, digits and hyphens, without path and extension";
    problems.add(`its front matter asks for the layout "${name}", but ${why}.`);
  }
  return undefined;
}

/**
 * The Markdown is rendered at the first request and kept in memory. A change of the file makes a new version. A static
 * site needs each page once, so it does not keep them.
 */
function toContent(
  { source }: HttpFile,
  { page }: MarkdownFile,
  { pageContents }: CompositionParts,
): () => Promise<PageContent> {
  const { values } = page;
  if (pageContents !== undefined) return async () => pageContents.get({ values, file: source });
  return once(async () => {
    const { renderPageContent } = await import("../markdown/render-page.js");
    const { body = splitFrontMatter(await readText(source)).body } = page;
    return renderPageContent({ values, body }, source);
  });
}

function toDocument(
  file: HttpFile,
  value: MarkdownFile,
  parts: CompositionParts,
): (() => Promise<string>) | undefined {
  if (value.layout !== undefined) return undefined;
  const getContent = toContent(file, value, parts);
  const make = async () => (await import("../markdown/render-page.js")).toDocument(await getContent());
  return parts.pageContents === undefined ? once(make) : make;
}

function toHandler(file: HttpFile, value: MarkdownFile, parts: CompositionParts): Handler {
  const { layout } = value;
  const getDocument = toDocument(file, value, parts);
  if (getDocument !== undefined) {
    return async (_req, res) => res.html(await getDocument(), {}, res.statusCode);
  }
  const getContent = toContent(file, value, parts);
  return async (req, res) => {
    const [content, { createElement }] = await Promise.all([getContent(), import("@miqro/jsx")]);
    const article = createElement("article", { innerHTML: content.html });
    const element = createElement(layout as Layout, { ...content, req }, article);
    return sendPage(await parts.renderer.toPage(element, req, res), res);
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
