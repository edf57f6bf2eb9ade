import { type HookSlot, requestUpdate, useSlot } from "../component/component-instance.js";

interface BoundarySlot extends HookSlot {
  failure: { readonly error: unknown } | undefined;
  /** True after a render has returned the error. */
  shown: boolean;
  onError: ((error: unknown) => void) | undefined;
  readonly reset: () => void;
}

/**
 * Handles errors of the components below, in renders, effects and cleanups. After an error, the component renders again
 * and can show other nodes. If these nodes also throw, the error goes to the next boundary above.
 *
 * @param onError called with each error, to report it
 * @returns the error (`undefined` if there is none), and a function that clears the error and renders again
 */
export function useErrorBoundary(onError?: (error: unknown) => void): [error: unknown, reset: () => void] {
  const slot = useSlot<BoundarySlot>("useErrorBoundary", (instance) => {
    const created: BoundarySlot = {
      hook: "useErrorBoundary",
      failure: undefined,
      shown: false,
      onError: undefined,
      reset() {
        created.failure = undefined;
        created.shown = false;
        requestUpdate(instance);
      },
    };
    instance.catches = (error) => {
      if (created.shown) return false;
      created.failure ??= { error };
      try {
        created.onError?.(error);
      } catch (failure) {
        instance.host.report(failure);
      }
      requestUpdate(instance);
      return true;
    };
    return created;
  });
  slot.onError = onError;
  slot.shown = slot.failure !== undefined;
  return [slot.failure?.error, slot.reset];
}
