import type { Handler } from "@miqro/core";
import { messageOf } from "../errors.js";
import { FrontMatterError } from "../markdown/front-matter.js";
import { type MarkdownPage, readPage } from "../markdown/read-page.js";
import { readText } from "../service/read-text.js";
import type { HttpFile } from "../service/scan-service.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { mountRoute } from "./route-file.js";

/** `x.html.md`: a page in Markdown. */
export const markdown: HttpFileKind<MarkdownPage> = {
  async read({ source }, { problems }) {
    try {
      return await readPage(await readText(source));
    } catch (error) {
      if (error instanceof FrontMatterError) {
        for (const { line, message } of error.faults) problems.add(`line ${line}: ${message}`, error);
      } else problems.add(messageOf(error), error);
      return undefined;
    }
  },

  toHandler,

  mount(file, page, router) {
    mountRoute(router, file, {}, toHandler(file, page));
  },
};

/** Rendered on the first request, then answered from memory: a change of the file is a reload. */
function toHandler({ source }: HttpFile, page: MarkdownPage): Handler {
  let html: Promise<string> | undefined;
  const render = async (): Promise<string> => {
    const { renderMarkdownPage } = await import("../markdown/render-page.js");
    return renderMarkdownPage(page, source);
  };
  return async (_req, res) => {
    html ??= render();
    res.html(await html, {}, res.statusCode);
  };
}
