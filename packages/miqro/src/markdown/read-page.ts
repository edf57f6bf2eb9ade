import { splitFrontMatter } from "./front-matter.js";
import type { PageValues } from "./page-values.js";

/** A Markdown file, split into its parts. */
export interface MarkdownPage {
  /** The values of the front matter. */
  readonly values: PageValues;
  /** The Markdown below it. */
  readonly body: string;
}

/** A Markdown file of which only the front matter is in memory. */
export type PageHead = Pick<MarkdownPage, "values"> & Partial<MarkdownPage>;

/**
 * Splits a Markdown file into its parts. It does not load the renderer, so a start can check all pages.
 * @throws {FrontMatterError} if the front matter is not closed, is not YAML, or has unknown keys
 */
export async function readPage(text: string): Promise<MarkdownPage> {
  const { yaml, body } = splitFrontMatter(text);
  if (yaml === undefined) return { values: {}, body };
  const { parsePageValues } = await import("./page-values.js");
  return { values: parsePageValues(yaml), body };
}
