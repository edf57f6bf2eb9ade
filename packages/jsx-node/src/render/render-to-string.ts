import { createInstance, type JSXNode } from "@miqro/jsx";
import { createPageState, HTMLWriter } from "./html-writer.js";
import { take } from "./page-bytes.js";
import { createPageHost, type RenderOptions } from "./page-host.js";
import { toPrettyHTML } from "./pretty.js";

/** Options of `renderToString`. */
export interface RenderToStringOptions extends RenderOptions {
  /** True for HTML with lines and indentation. Such a page cannot be hydrated. */
  readonly pretty?: boolean | undefined;
}

/**
 * Renders a node to HTML, without a doctype.
 *
 * @param node elements, components, text, and arrays of these
 * @throws JSXNodeError for nodes that HTML cannot contain; also throws every error of a component
 */
export function renderToString(node: JSXNode, options: RenderToStringOptions = {}): string {
  const { modulePreload, onWarning = console.warn } = options;
  const host = createPageHost(options);
  const writer = new HTMLWriter({ modulePreload, onWarning }, createPageState(options.idPrefix));
  const html = writer.render(node, createInstance(host, undefined), take);
  return options.pretty === true ? toPrettyHTML(html) : html;
}
