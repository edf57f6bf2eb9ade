import type { Response } from "@miqro/core";
import type { Page } from "../composition/page-renderer.js";

/** Sends a page with the status that was set on the response. */
export function sendPage(page: Page, res: Response): void | Promise<void> {
  if (page instanceof Uint8Array) {
    res.html(page);
    return undefined;
  }
  if (!res.hasHeader("content-type")) res.setHeader("Content-Type", "text/html; charset=utf-8");
  return res.send(page);
}
