import type { Handler } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import { messageOf } from "../errors.js";
import { findLayout } from "../markdown/find-layout.js";
import { FrontMatterError } from "../markdown/front-matter.js";
import type { Layout } from "../markdown/layout.js";
import { type MarkdownPage, readPage } from "../markdown/read-page.js";
import type { FileProblems } from "../options/file-problems.js";
import { readText } from "../service/read-text.js";
import type { HttpFile } from "../service/scan-service.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { mountIndex, mountRoute } from "./route-file.js";
import { sendPage } from "./send-page.js";

/** A page in Markdown, and the component around it. */
interface MarkdownFile {
  readonly page: MarkdownPage;
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

  async read(file, { problems }) {
    const before = problems.count;
    try {
      const page = await readPage(await readText(file.source));
      const layout = await readLayout(file, page, problems);
      return problems.count > before ? undefined : { page, layout };
    } catch (error) {
      if (error instanceof FrontMatterError) {
        for (const { line, message } of error.faults) problems.add(`line ${line}: ${message}`, error);
      } else problems.add(messageOf(error), error);
      return undefined;
    }
  },

  toHandler,

  mount(file, value, router, parts) {
    mountRoute(router, file, {}, toHandler(file, value, parts));
  },

  mountIndex(file, value, router, parts) {
    mountIndex(router, file, {}, toHandler(file, value, parts));
  },
};

async function readLayout(
  { source, folder, version }: HttpFile,
  { values }: MarkdownPage,
  problems: FileProblems,
): Promise<Layout | undefined> {
  const name = values.layout ?? "layout";
  if (name === "false") return undefined;
  const isName = /^[\w-]+$/.test(name);
  const found = isName ? findLayout(source, folder.split("/").length - 2, name) : undefined;
  if (found !== undefined)
    return (await import("../markdown/layout.js")).loadLayout(found, problems, version);
  if (values.layout !== undefined) {
    const why = isName
      ? `there is no _${name}.html.tsx in its folder or above, up to http/`
      : "a layout is named by letters, digits and hyphens, without its path and its ending";
    problems.add(`its front matter asks for the layout "${name}", but ${why}.`);
  }
  return undefined;
}

/** The Markdown is rendered on the first request, and kept: a change of the file is a reload. */
function toHandler(
  { source }: HttpFile,
  { page, layout }: MarkdownFile,
  { renderer }: CompositionParts,
): Handler {
  const load = () => import("../markdown/render-page.js");
  const getContent = once(async () => (await load()).renderPageContent(page, source));
  const getDocument = once(async () => (await load()).toDocument(await getContent()));
  if (layout === undefined) {
    return async (_req, res) => res.html(await getDocument(), {}, res.statusCode);
  }
  return async (req, res) => {
    const [content, { createElement }] = await Promise.all([getContent(), import("@miqro/jsx")]);
    const article = createElement("article", { innerHTML: content.html });
    const element = createElement(layout, { ...content, req }, article);
    return sendPage(await renderer.toPage(element, req, res), res);
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}
