import { MiqroError } from "../errors.js";
import { type FrontMatter, parseFrontMatter } from "./front-matter.js";

/**
 * Reads the front matter of a Markdown page; it does not need the renderer, so a start can check all pages.
 * @throws {MiqroError} when it is malformed, or asks for a layout
 */
export function readPageHead(source: string): FrontMatter {
  const head = readFrontMatter(source);
  const layout = head.values.get("layout");
  if (layout === undefined) return head;
  throw new MiqroError(
    "ERR_NOT_AVAILABLE",
    `it asks for the layout "${layout}", but layouts are not available yet; remove that line of the front matter.`,
  );
}

function readFrontMatter(source: string): FrontMatter {
  try {
    return parseFrontMatter(source);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new MiqroError("ERR_SERVICE", cause.message, { cause });
  }
}
