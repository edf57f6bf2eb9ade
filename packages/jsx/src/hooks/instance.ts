import {
  type ComponentInstance,
  type HookSlot,
  requestUpdate,
  useSlot,
} from "../component/component-instance.js";
import { shared } from "../component/shared.js";

interface ValueSlot<Value> extends HookSlot {
  readonly value: Value;
}

function useConstant<Value>(hook: string, create: (instance: ComponentInstance) => Value): Value {
  return useSlot<ValueSlot<Value>>(hook, (instance) => ({ hook, value: create(instance) })).value;
}

/** An id that is unique in the document and stays the same between renders: for `id`, `for`, `aria-*`. */
export function useId(): string {
  // A server and the page that hydrates ask for ids in the same order.
  return useConstant("useId", ({ host }) => {
    if (host.idPrefix === undefined) {
      shared.prefixes = (shared.prefixes ?? 0) + 1;
      host.idPrefix = `c${shared.prefixes}`;
    }
    host.idCount = (host.idCount ?? 0) + 1;
    return `${host.idPrefix}-${host.idCount}`;
  });
}

/** A function that renders the component again even if no state changed. */
export function useRefresh(): () => void {
  return useConstant("useRefresh", (instance) => () => requestUpdate(instance));
}

/** The element that hosts the tree: the custom element, or the container; `undefined` on a server. */
export function useElement<HostElement = HTMLElement>(): HostElement | undefined {
  return useConstant("useElement", (instance) => instance.host.element as HostElement | undefined);
}
