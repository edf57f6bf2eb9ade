import type { Response } from "@miqro/core";
import type { Page } from "../composition/page-renderer.js";

const doctype = "<!DOCTYPE html>";

/** Sends a page with its doctype, and with the status that was set on the response. */
export function sendPage(page: Page, res: Response): void | Promise<void> {
  if (typeof page === "string") {
    res.html(beginsWithDoctype(page) ? page : doctype + page, {}, res.statusCode);
    return undefined;
  }
  if (!res.hasHeader("content-type")) res.setHeader("Content-Type", "text/html; charset=utf-8");
  return res.send(withDoctype(page));
}

async function* withDoctype(page: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  // If the client goes away, the loop ends, and this cancels the rendering.
  for await (const chunk of page) {
    if (isFirst && !beginsWithDoctype(new TextDecoder().decode(chunk.subarray(0, doctype.length)))) {
      yield Buffer.concat([Buffer.from(doctype), chunk]);
    } else yield chunk;
    isFirst = false;
  }
}

function beginsWithDoctype(html: string): boolean {
  return /^<!doctype/i.test(html);
}
