import { createStaticRuntime, type Runtime, type RuntimeOptions } from "@miqro/jsx";
import { createNodeContainer, type NodeContainer, type NodeContainerOptions } from "./node-container.js";
import { NodeElement } from "./node-element.js";

/** A page without a browser, for tests of components. */
export interface NodeRuntime extends Runtime {
  /** Makes an element in the page. */
  createElement(tag: string): NodeElement;
  /** Makes a container, which renders nodes into an element. */
  createContainer(element: NodeElement, options?: NodeContainerOptions): NodeContainer;
  /** Returns the first element of the page with this id. */
  getElementById(id: string): NodeElement | undefined;
}

/**
 * Makes a page without a browser. Components render, keep their state, run their effects and get events. Tests can read
 * the result as HTML.
 *
 * @param options `url` and `basePath` of the page, and the `logger` of `useRuntime()`
 */
export function createNodeRuntime(options: RuntimeOptions = {}): NodeRuntime {
  const body = new NodeElement("body");
  let containers = 0;
  const runtime: NodeRuntime = Object.assign(Object.create(createStaticRuntime(options)) as Runtime, {
    createElement(tag: string) {
      const element = new NodeElement(tag);
      body.childNodes = [...body.childNodes, element];
      return element;
    },
    createContainer(element: NodeElement, containerOptions: NodeContainerOptions = {}) {
      return createNodeContainer(element, runtime, `n${containers++}`, containerOptions);
    },
    getElementById(id: string) {
      return body.querySelector(`#${id}`);
    },
  });
  return runtime;
}
