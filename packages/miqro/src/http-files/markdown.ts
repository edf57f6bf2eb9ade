import { readFile } from "node:fs/promises";
import { messageOf } from "../errors.js";
import { readPageHead } from "../markdown/page-head.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { mountRoute } from "./route-file.js";

/** `x.html.md`: a page in Markdown. Its value is its text, whose front matter is known to be sound. */
export const markdown: HttpFileKind<string> = {
  async read({ source }, { problems }) {
    try {
      const text = await readFile(source, "utf8");
      readPageHead(text);
      return text;
    } catch (error) {
      problems.add(messageOf(error), error);
      return undefined;
    }
  },

  // Rendered on the first request, then answered from memory: a change of the file is a reload.
  mount(file, text, router) {
    let page: Promise<string> | undefined;
    const render = async (): Promise<string> => {
      const { renderMarkdownPage } = await import("../markdown/render-page.js");
      return renderMarkdownPage({ source: text, file: file.source });
    };
    mountRoute(router, file, {}, async (_req, res) => {
      page ??= render();
      res.html(await page);
    });
  },
};
