import { type CommitPhase, type HookSlot, useSlot } from "../component/component-instance.js";
import { type Dependencies, dependenciesChanged } from "./dependencies.js";

/**
 * A function that runs after a render. It may return a cleanup, which is called before the next run and when the
 * component is removed.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: an effect without a return statement has this type.
export type Effect = () => void | (() => void);

interface EffectSlot extends HookSlot {
  /** The effect of the last render, until it has run. */
  pending: Effect | undefined;
  pendingDependencies: Dependencies;
  /** The dependencies of the effect that ran last. */
  dependencies: Dependencies;
  cleanup: ReturnType<Effect>;
}

function createEffectSlot(hook: string, when: CommitPhase): EffectSlot {
  const slot: EffectSlot = {
    hook,
    pending: undefined,
    pendingDependencies: undefined,
    dependencies: undefined,
    cleanup: undefined,
    clean(phase) {
      if (phase === when && slot.pending !== undefined) slot.dispose?.();
    },
    commit(phase) {
      const effect = slot.pending;
      if (phase !== when || effect === undefined) return;
      slot.pending = undefined;
      slot.dependencies = slot.pendingDependencies;
      slot.dispose?.();
      slot.cleanup = effect();
    },
    dispose() {
      const cleanup = slot.cleanup;
      slot.cleanup = undefined;
      if (typeof cleanup === "function") cleanup();
    },
  };
  return slot;
}

function usePhase(hook: string, when: CommitPhase, effect: Effect, dependencies: Dependencies): void {
  const slot = useSlot(hook, () => createEffectSlot(hook, when));
  // Compares the dependencies with those of the effect that ran last. Comparing with the last render would lose an
  // effect if a component renders again before its effects run.
  slot.pending = dependenciesChanged(slot.dependencies, dependencies) ? effect : undefined;
  slot.pendingDependencies = dependencies;
}

/**
 * Runs an effect after the page was painted, such as a subscription, a timer or a request. It never runs on a server.
 *
 * @param effect a function that may return a cleanup
 * @param dependencies the effect runs again if one of these values changed. Without dependencies, it runs after each
 *   render. With `[]`, it runs once.
 */
export function useEffect(effect: Effect, dependencies?: readonly unknown[]): void {
  usePhase("useEffect", "effect", effect, dependencies);
}

/**
 * Runs an effect when the elements are in the page, before the page is painted. Use it to measure elements or to set
 * the focus. It never runs on a server.
 *
 * @param effect a function that may return a cleanup
 * @param dependencies the effect runs again if one of these values changed. Without dependencies, it runs after each
 *   render. With `[]`, it runs once.
 */
export function useLayoutEffect(effect: Effect, dependencies?: readonly unknown[]): void {
  usePhase("useLayoutEffect", "layout", effect, dependencies);
}
