import type { Handler, Request, Response } from "@miqro/core";
import type { PageRenderer } from "../composition/page-renderer.js";
import type { FileKind } from "./file-kind.js";

const doctype = "<!DOCTYPE html>";

/** The handler of a page, an API route or a JSON file, from what its module exports. */
export function toHandler(kind: FileKind, value: unknown, renderer: PageRenderer): Handler {
  if (kind === "page") {
    return answering(value, (result, req, res) => {
      if (!renderer.isElement(result)) return result;
      const html = renderer.toHTML(result, req);
      return typeof html === "string" ? sendPage(html, res) : html.then((late) => sendPage(late, res));
    });
  }
  if (kind === "json") {
    return answering(value, (result, _req, res) => {
      return result === undefined || res.headersSent ? result : res.json(result, {}, res.statusCode);
    });
  }
  return value as Handler;
}

function sendPage(html: string, res: Response): void {
  res.html(/^<!doctype/i.test(html) ? html : doctype + html, {}, res.statusCode);
}

/** Calls the exported function, or takes the exported value, and hands the result on without a promise where there is none. */
function answering(
  value: unknown,
  finish: (result: unknown, req: Request, res: Response) => unknown,
): Handler {
  if (typeof value !== "function") return (req, res) => finish(value, req, res);
  return (req: Request, res: Response) => {
    const result: unknown = value(req, res);
    return result instanceof Promise
      ? result.then((settled) => finish(settled, req, res))
      : finish(result, req, res);
  };
}
