import { requestUpdate, useSlot } from "../component/component-instance.js";
import { useLayoutEffect } from "./effect.js";

/**
 * Reads a value from outside of the components. If the value changes, the component renders again.
 *
 * @param subscribe takes a function to call after each change, and returns a function that ends the subscription
 * @param getSnapshot reads the current value; it must return the same value (`Object.is`) while nothing changed
 * @param getServerSnapshot reads the value on a server and while a page hydrates; by default, `getSnapshot` is used
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
        // Ignores the error here, so that the code that changed the store does not get it. The next render throws it
        // again, and the error boundary handles it.
      }
      requestUpdate(instance);
    };
    // The value may have changed since the render.
    check();
    return subscribe(check);
  }, [subscribe]);
  return value;
}
