import { createStaticRuntime, type Runtime, type RuntimeOptions } from "@miqro/jsx";
import { createNodeContainer, type NodeContainer, type NodeContainerOptions } from "./node-container.js";
import { NodeElement } from "./node-element.js";

/** A page for components without a browser, as in tests. */
export interface NodeRuntime extends Runtime {
  /** Makes an element in the page. */
  createElement(tag: string): NodeElement;
  /** Makes a container that shows nodes in an element. */
  createContainer(element: NodeElement, options?: NodeContainerOptions): NodeContainer;
  /** The first element of the page with an id. */
  getElementById(id: string): NodeElement | undefined;
}

/**
 * Makes a page without a browser: components render, keep their state, run their effects and get events. The result can
 * be read as HTML.
 *
 * @param options the location of the page, the prefix of its paths, and the logger of `useRuntime()`
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
