import type { ErrorHandler, Middleware } from "../../exchange/types.js";
import type { StepPlan } from "../../routing/route-steps.js";
import type { SendHook, TransformHook } from "../hook-functions.js";

/** The compiled hooks of a scope. Each kind of hook adds to its part. */
export interface HookPlans {
  /** Steps that run when a request enters the scope, before anything else of the scope. */
  readonly entry: StepPlan[];
  /** Steps that run before the middleware of the scope. */
  readonly guards: StepPlan[];
  /** The error handlers of the scope itself. */
  readonly catchers: ErrorHandler[];
  /** The error handlers for handlers that take too long: of the scope, and then of the scopes around it. */
  readonly timeouts: ErrorHandler[];
  /** The functions that change returned data: of the scope, and then of the scopes around it. */
  readonly transforms: TransformHook[];
}

/** A row of the table of hooks. */
export interface HookKind {
  /** The parameters of the hook's functions, for messages. */
  readonly parameters: string;
  /**
   * Adds the functions of one scope to its plans, in the order of registration. Absent if the app itself runs the hook.
   */
  readonly compile?: (functions: readonly HookFunction[], plans: HookPlans) => void;
}

/** A function that was given to `hook`. */
export type HookFunction = Middleware & SendHook & TransformHook & ErrorHandler;
