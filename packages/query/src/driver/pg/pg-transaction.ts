import { TransactionError } from "../../errors.js";
import type { Row } from "../../values/row.js";
import type { DriverTransaction, Query, QueryResult } from "../driver.js";
import { type PgConnection, StalePlan } from "./pg-connection.js";
import { readPgCursor } from "./pg-cursor.js";

/** The transaction of one connection; `release` gives the connection back. */
export class PgTransaction implements DriverTransaction {
  readonly #connection: PgConnection;
  readonly #release: () => void;
  #open = true;

  constructor(connection: PgConnection, release: () => void) {
    this.#connection = connection;
    this.#release = release;
  }

  async execute(query: Query): Promise<QueryResult> {
    try {
      return await this.#connection.execute(query);
    } catch (error) {
      throw this.#judge(error);
    }
  }

  async *iterate(query: Query): AsyncGenerator<readonly Row[], void, undefined> {
    try {
      yield* readPgCursor(this.#connection, query, () => this.#open);
    } catch (error) {
      throw this.#judge(error);
    }
  }

  async commit(): Promise<void> {
    this.#open = false;
    try {
      // A transaction in which a statement failed is rolled back by COMMIT, which says so only by its answer.
      if ((await this.#connection.command("COMMIT")) === "ROLLBACK") {
        throw new TransactionError(
          "QUERY_TRANSACTION_LOST",
          "The transaction was rolled back, since a statement in it had failed; let the error leave the callback, or " +
            "put the statement into a transaction of its own inside.",
        );
      }
    } catch (error) {
      throw this.#judge(error);
    } finally {
      this.#release();
    }
  }

  async rollback(): Promise<void> {
    this.#open = false;
    try {
      if (this.#connection.broken === undefined) await this.#connection.command("ROLLBACK");
    } catch (error) {
      // Nobody may get a connection whose transaction is still open.
      this.#connection.destroy();
      throw error;
    } finally {
      this.#release();
    }
  }

  #judge(error: unknown): unknown {
    if (error instanceof StalePlan) return error.reason;
    if (this.#connection.broken !== undefined && !(error instanceof TransactionError)) {
      return new TransactionError(
        "QUERY_TRANSACTION_LOST",
        `The connection of the transaction was lost, and with it what was not committed: ${(error as Error).message}`,
        error,
      );
    }
    const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
    // in_failed_sql_transaction
    return cause?.code === "25P02"
      ? new TransactionError(
          "QUERY_TRANSACTION_LOST",
          "A statement of this transaction has failed, after which PostgreSQL takes no other; put statements that may " +
            "fail into a transaction of their own inside.",
          error,
        )
      : error;
  }
}
