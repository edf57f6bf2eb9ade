import { AsyncLocalStorage } from "node:async_hooks";
import { TransactionError } from "../errors.js";

/** Marks the running code as part of the callback of a transaction of `parent`. */
interface ScopeFrame {
  readonly parent: object;
  readonly outer: ScopeFrame | undefined;
  open: boolean;
}

const frames = new AsyncLocalStorage<ScopeFrame>();

/** Runs the callback of a transaction of `parent`. */
export async function runInsideTransaction<Result>(
  parent: object,
  callback: () => Result | Promise<Result>,
): Promise<Result> {
  const frame: ScopeFrame = { parent, outer: frames.getStore(), open: true };
  try {
    return await frames.run(frame, callback);
  } finally {
    frame.open = false;
  }
}

/**
 * Throws if the running code is inside a transaction of `scope`: a statement through `scope` would wait for the
 * transaction, and the transaction for the statement.
 */
export function checkNotInsideTransaction(scope: object): void {
  for (let frame = frames.getStore(); frame !== undefined; frame = frame.outer) {
    if (frame.open && frame.parent === scope) {
      throw new TransactionError(
        "QUERY_TRANSACTION_MISUSE",
        "Inside transaction(async (tx) => ...), send every statement with tx; this statement was sent with the object " +
          "on which transaction() was called.",
      );
    }
  }
}
