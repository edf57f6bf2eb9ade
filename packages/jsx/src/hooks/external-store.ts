import { requestUpdate, useSlot } from "../component/component-instance.js";
import { useLayoutEffect } from "./effect.js";

/**
 * Reads a value that lives outside the components, and renders the component again when it changes.
 *
 * @param subscribe takes a function to call after each change, and returns how to stop that
 * @param getSnapshot reads the value now; the same one (`Object.is`) as long as nothing changed
 * @param getServerSnapshot reads the value where there is no page, and while a page takes over what a server rendered;
 * `getSnapshot` without it
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
        // The render meets the error again: there it goes to the boundary, and not to whoever changed the store.
      }
      requestUpdate(instance);
    };
    // It may have changed since the render.
    check();
    return subscribe(check);
  }, [subscribe]);
  return value;
}
