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

/**
 * Returns an id that is unique in the document and stays the same in all renders. Use it for `id`, `for` and `aria-*`.
 */
export function useId(): string {
  // A server and the hydrating page create the same ids in the same order.
  return useConstant("useId", ({ host }) => {
    if (host.idPrefix === undefined) {
      shared.prefixes = (shared.prefixes ?? 0) + 1;
      host.idPrefix = `c${shared.prefixes}`;
    }
    host.idCount = (host.idCount ?? 0) + 1;
    return `${host.idPrefix}-${host.idCount}`;
  });
}

/** Returns a function that renders the component again, even if no state changed. */
export function useRefresh(): () => void {
  return useConstant("useRefresh", (instance) => () => requestUpdate(instance));
}

/** Returns the custom element or the container that the tree is rendered into. Returns `undefined` on a server. */
export function useElement<HostElement = HTMLElement>(): HostElement | undefined {
  return useConstant("useElement", (instance) => instance.host.element as HostElement | undefined);
}
