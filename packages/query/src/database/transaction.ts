import type { AnySchema } from "../builder/schema-types.js";
import type {
  DriverSession,
  DriverTransaction,
  Query,
  QueryResult,
  TransactionOptions,
} from "../driver/driver.js";
import { FifoLock } from "../driver/fifo-lock.js";
import { LockTimeoutError, TransactionError } from "../errors.js";
import { QueryScope, type ScopeSettings } from "./query-scope.js";
import { beginSavepoint } from "./savepoint.js";
import { checkNotInsideTransaction, runInsideTransaction } from "./scope-frames.js";
import { checkTransactionOptions } from "./transaction-options.js";

/** The `tx` of a transaction: all of its statements are committed together or not at all. */
export class Transaction<Schema extends object = AnySchema> extends QueryScope<Schema> {
  readonly #session: DriverTransaction;
  readonly #depth: number;
  /**
   * A savepoint holds this lock until it ends. Otherwise a rollback of the savepoint would also undo other statements
   * that were sent meanwhile.
   */
  readonly #lock = new FifoLock();
  #open = true;

  constructor(session: DriverTransaction, settings: ScopeSettings, depth: number) {
    super(settings);
    this.#session = session;
    this.#depth = depth;
  }

  override async transaction<Result>(
    callback: (tx: Transaction<Schema>) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    checkNotInsideTransaction(this);
    const { lockTimeout } = checkTransactionOptions(options, this.#depth + 1);
    return this.#withTurn(lockTimeout ?? this.settings.lockTimeout, async () => {
      const savepoint = await beginSavepoint(this.session(), this.#depth + 1);
      return runTransaction<Schema, Result>(this, savepoint, this.settings, this.#depth + 1, callback);
    });
  }

  /** Waits for the statements that were sent, then refuses new statements. */
  async end(): Promise<void> {
    await this.#withTurn(this.settings.lockTimeout, async () => {
      this.#open = false;
    });
  }

  protected override session(): DriverSession {
    if (this.#open) return this.#session;
    throw new TransactionError(
      "QUERY_TRANSACTION_MISUSE",
      "The transaction has ended, but its tx was used again; await every statement before the callback returns.",
    );
  }

  protected override send(query: Query): Promise<QueryResult> {
    return this.#withTurn(this.settings.lockTimeout, () => this.session().execute(query));
  }

  async #withTurn<Result>(timeout: number, work: () => Result | Promise<Result>): Promise<Result> {
    if (!this.#lock.tryAcquire()) await this.#lock.acquire(timeout, () => savepointTimeout(timeout));
    try {
      return await work();
    } finally {
      this.#lock.release();
    }
  }
}

/** Runs the callback in a transaction of `parent`. Then commits the transaction or rolls it back. */
export async function runTransaction<Schema extends object, Result>(
  parent: QueryScope<Schema>,
  session: DriverTransaction,
  settings: ScopeSettings,
  depth: number,
  callback: (tx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  const tx = new Transaction<Schema>(session, settings, depth);
  let result: Result;
  try {
    try {
      result = await runInsideTransaction(parent, () => callback(tx));
    } finally {
      await tx.end();
    }
  } catch (error) {
    try {
      await session.rollback();
    } catch (failure) {
      settings.logger.error("a transaction could not be rolled back: %s", (failure as Error).message);
    }
    throw error;
  }
  await session.commit();
  return result;
}

function savepointTimeout(timeout: number): LockTimeoutError {
  return new LockTimeoutError(
    `A statement of a transaction waited ${timeout} ms for a nested transaction to end; end it sooner, or raise lockTimeout.`,
  );
}
