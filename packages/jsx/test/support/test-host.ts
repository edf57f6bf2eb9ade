import {
  type ComponentHost,
  type ComponentInstance,
  commitInstance,
  createElement,
  createInstance,
  disposeInstance,
  type JSXNode,
  renderComponent,
} from "@miqro/jsx";

/** The smallest host: it renders single components, when it is told to. */
export interface TestHost {
  readonly host: ComponentHost;
  readonly root: ComponentInstance;
  readonly updates: ComponentInstance[];
  readonly errors: unknown[];
}

export function createTestHost(live = true): TestHost {
  const updates: ComponentInstance[] = [];
  const errors: unknown[] = [];
  const host: ComponentHost = {
    live,
    idPrefix: "t",
    element: "the element",
    update: (instance) => updates.push(instance),
    report: (error) => errors.push(error),
  };
  return { host, root: createInstance(host, undefined), updates, errors };
}

export interface Mounted {
  readonly instance: ComponentInstance;
  render(): JSXNode;
  commit(): void;
  dispose(): void;
}

export function mountComponent(parent: ComponentInstance, component: () => JSXNode): Mounted {
  const instance = createInstance(parent.host, parent);
  return {
    instance,
    render: () => renderComponent(instance, createElement(component)),
    commit: () => {
      commitInstance(instance, "layout");
      commitInstance(instance, "effect");
    },
    dispose: () => disposeInstance(instance),
  };
}
