import { type HookSlot, useSlot } from "../component/component-instance.js";
import { type Dependencies, dependenciesChanged } from "./dependencies.js";

/** An object that stays the same between renders. */
export interface RefObject<Value> {
  current: Value;
}

interface MemoSlot<Value> extends HookSlot {
  value: Value;
  dependencies: Dependencies;
}

/**
 * Keeps a computed value until its dependencies change.
 *
 * @param compute makes the value
 * @param dependencies the values that `compute` uses
 */
export function useMemo<Value>(compute: () => Value, dependencies: readonly unknown[]): Value {
  const slot = useSlot<MemoSlot<Value>>("useMemo", () => ({
    hook: "useMemo",
    value: compute(),
    dependencies,
  }));
  if (dependenciesChanged(slot.dependencies, dependencies)) {
    slot.value = compute();
    slot.dependencies = dependencies;
  }
  return slot.value;
}

/**
 * Returns the same function until its dependencies change.
 *
 * @param callback the function
 * @param dependencies the values that the function uses from outside
 */
export function useCallback<Callback>(callback: Callback, dependencies: readonly unknown[]): Callback {
  return useMemo(() => callback, dependencies);
}

/**
 * Returns an object that keeps a value in `current`. Changing the value renders nothing. If the object is the `ref` of
 * an element, `current` is this element.
 *
 * @param initial the first value of `current`
 */
export function useRef<Value>(initial: Value): RefObject<Value>;
export function useRef<Value>(initial: Value | null): RefObject<Value | null>;
export function useRef<Value = undefined>(): RefObject<Value | undefined>;
export function useRef(initial?: unknown): RefObject<unknown> {
  return useMemo(() => ({ current: initial }), []);
}
