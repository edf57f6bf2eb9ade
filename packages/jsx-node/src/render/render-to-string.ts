import { type ComponentHost, createInstance, type JSXNode } from "@miqro/jsx";
import { HTMLWriter, type ModulePreload } from "./html-writer.js";

/** How `renderToString` writes. */
export interface RenderToStringOptions {
  /**
   * Called with the `src` of each `<script>`: the URLs that it returns are written as `<link rel="modulepreload">`
   * before the script, each once.
   */
  readonly modulePreload?: ModulePreload;
}

// Nothing is rendered a second time here, and no effect runs.
const host: ComponentHost = {
  live: false,
  idPrefix: "s",
  element: undefined,
  update() {},
  report() {},
};

/**
 * Renders a node to HTML, without a doctype.
 *
 * @param node elements, components, text, lists of them
 * @throws JSXNodeError for what HTML cannot hold, and whatever a component throws
 */
export function renderToString(node: JSXNode, options: RenderToStringOptions = {}): string {
  const writer = new HTMLWriter(options.modulePreload);
  writer.write(node, createInstance(host, undefined));
  return writer.html;
}
