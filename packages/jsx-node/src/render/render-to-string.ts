import { createInstance, type JSXNode } from "@miqro/jsx";
import { createPageState, HTMLWriter } from "./html-writer.js";
import { createPageHost, type RenderOptions } from "./page-host.js";
import { toPrettyHTML } from "./pretty.js";

/** How `renderToString` writes. */
export interface RenderToStringOptions extends RenderOptions {
  /** True for lines and indentation that people can read; such a page is not for hydration. */
  readonly pretty?: boolean | undefined;
}

/**
 * Renders a node to HTML, without a doctype.
 *
 * @param node elements, components, text, lists of them
 * @throws JSXNodeError for what HTML cannot hold, and whatever a component throws
 */
export function renderToString(node: JSXNode, options: RenderToStringOptions = {}): string {
  const { modulePreload, onWarning = console.warn } = options;
  const host = createPageHost(options);
  const writer = new HTMLWriter({ modulePreload, onWarning }, createPageState(options.idPrefix));
  writer.write(node, createInstance(host, undefined));
  return options.pretty === true ? toPrettyHTML(writer.html) : writer.html;
}
