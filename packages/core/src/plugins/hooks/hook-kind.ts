import type { ErrorHandler, Middleware } from "../../exchange/types.js";
import type { StepPlan } from "../../routing/route-steps.js";
import type { SendHook, TransformHook } from "../hook-functions.js";

/** What the hooks of a scope come to. Each kind of hook adds to its part. */
export interface HookPlans {
  /** Runs when a request enters the scope, before anything else of it. */
  readonly entry: StepPlan[];
  /** Runs before the middleware of the scope. */
  readonly guards: StepPlan[];
  /** The error handlers of the scope itself. */
  readonly catchers: ErrorHandler[];
  /** The error handlers for what takes too long, of the scope and then of those around it. */
  readonly timeouts: ErrorHandler[];
  /** What changes returned data: of the scope and then of those around it. */
  readonly transforms: TransformHook[];
}

/** A row of the table of hooks. */
export interface HookKind {
  /** What its functions get, for messages. */
  readonly parameters: string;
  /** Adds the functions of one scope to its plans, in the order of registration. Absent where the app runs them itself. */
  readonly compile?: (functions: readonly HookFunction[], plans: HookPlans) => void;
}

/** A function that was given to `hook`. */
export type HookFunction = Middleware & SendHook & TransformHook & ErrorHandler;
