import { requestUpdate, useSlot } from "../component/component-instance.js";
import { useLayoutEffect } from "./effect.js";

/**
 * Reads a value that lives outside the components, and renders the component again when it changes.
 *
 * @param subscribe takes a function to call after each change, and returns a function that ends the subscription
 * @param getSnapshot reads the current value; it must return the same value (`Object.is`) while nothing changed
 * @param getServerSnapshot reads the value where there is no page, and while a page hydrates; by default
 *   `getSnapshot` does
 */
export function useSyncExternalStore<Snapshot>(
  subscribe: (onChange: () => void) => () => void,
  getSnapshot: () => Snapshot,
  getServerSnapshot: () => Snapshot = getSnapshot,
): Snapshot {
  const { instance, latest } = useSlot("useSyncExternalStore", (instance) => ({
    hook: "useSyncExternalStore",
    instance,
    latest: { value: undefined as Snapshot | undefined, read: getSnapshot },
  }));
  const { live, hydrates } = instance.host;
  const value = live && !hydrates ? getSnapshot() : getServerSnapshot();
  latest.value = value;
  latest.read = getSnapshot;
  useLayoutEffect(() => {
    const check = () => {
      try {
        if (Object.is(latest.value, latest.read())) return;
      } catch {
        // The render meets the error again and passes it to the boundary, instead of the code that changed the store.
      }
      requestUpdate(instance);
    };
    // The value may have changed since the render.
    check();
    return subscribe(check);
  }, [subscribe]);
  return value;
}
