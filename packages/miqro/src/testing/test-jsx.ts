import type { RuntimeOptions } from "@miqro/jsx";
import type { NodeContainer, NodeElement, NodeRuntime } from "@miqro/jsx-node";
import { loadJSXNode } from "../load-on-use.js";

/** Tests one component: `container.render(node)` renders it, and `root.innerHTML` is the result. */
export type JSXTest = (
  container: NodeContainer,
  root: NodeElement,
  runtime: NodeRuntime,
) => void | Promise<void>;

/** Pages without a browser, for tests of components. */
export interface TestJSX {
  /** Makes a function for `it`. It gives its test a new page, and removes the page afterwards. */
  test(run: JSXTest, options?: RuntimeOptions): () => Promise<void>;
  /** Makes a page without a browser: `createNodeRuntime` of `@miqro/jsx-node`. */
  createRuntime(options?: RuntimeOptions): NodeRuntime;
}

/** Pages for tests. The renderer is loaded with the first page. */
export const testJSX: TestJSX = {
  test: (run, options) => async () => {
    const runtime = testJSX.createRuntime(options);
    const root = runtime.createElement("div");
    const container = runtime.createContainer(root);
    try {
      await run(container, root, runtime);
    } finally {
      container.disconnect();
    }
  },
  createRuntime: (options) => loadJSXNode().createNodeRuntime(options),
};
