import type { StepPlan } from "../routing/route-steps.js";
import type { HookFunction, HookPlans } from "./hooks/hook-kind.js";
import { hookTable } from "./hooks/table.js";
import { transforming } from "./hooks/transform.js";
import type { HookName, HookRecord, Plugin } from "./plugin.js";

/** The compiled hooks of a scope. */
export interface ScopeHooks extends HookPlans {
  /** The plugins that have hooks in the scope or in the scopes around it. */
  readonly known: ReadonlySet<Plugin>;
  /** Wraps the handler of a route with the hooks that change returned data. */
  wrap(run: StepPlan["run"]): StepPlan["run"];
}

/**
 * Compiles the hooks of one scope.
 *
 * @param records The hooks of the scope itself, in the order of registration.
 * @param around The hooks of the scope around it.
 */
export function compileScope(records: readonly HookRecord[], around: ScopeHooks | undefined): ScopeHooks {
  const own = records.filter(({ plugin }) => around?.known.has(plugin) !== true);
  const plans: HookPlans = {
    entry: [],
    guards: [],
    catchers: [],
    timeouts: [...(around?.timeouts ?? [])],
    transforms: [...(around?.transforms ?? [])],
  };
  for (const [name, { compile }] of Object.entries(hookTable)) {
    const functions = own
      .filter((one) => one.name === (name as HookName))
      .map(({ run }) => run as HookFunction);
    if (functions.length > 0) compile?.(functions, plans);
  }
  const { transforms } = plans;
  return {
    ...plans,
    known: new Set([...(around?.known ?? []), ...own.map(({ plugin }) => plugin)]),
    wrap: (run) => (transforms.length === 0 ? run : transforming(run, transforms)),
  };
}
