import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";

/** Where a parameter of a pattern is in the path. The name `*` stands for the rest from there on. */
export interface ParamSlot {
  readonly name: string;
  readonly index: number;
}

/** One thing that runs for a request. */
export interface Step {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  /** Whether what it returns is kept in `results` (middleware) or sent (the handler of a route). */
  readonly answers: boolean;
  /** The parameters that it sees; the same list for all steps of a route. */
  readonly slots: readonly ParamSlot[] | undefined;
  /** The index of the first segment that its pattern leaves open: where `Static` begins. */
  readonly tail: number;
  /** The error handlers around it, innermost first. */
  readonly catchers: readonly ErrorHandler[];
  /** How long it may take when it is asynchronous, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The route's name or pattern, for messages. */
  readonly label: string | undefined;
}
