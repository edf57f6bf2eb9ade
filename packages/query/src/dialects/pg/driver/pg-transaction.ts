import type { DriverTransaction, Query, QueryResult } from "../../../driver/driver.js";
import { isWrite } from "../../../driver/is-write.js";
import { StatementError, TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import { mayChangeTypes, type PgConnection, StalePlan } from "./pg-connection.js";
import { readPgCursor } from "./pg-cursor.js";

/** A statement that always fails. After an error, PostgreSQL accepts only statements that end the transaction. */
const fail = "ROLLBACK TO SAVEPOINT miqro_unreadable_row";

/**
 * A transaction on one connection. `begin` is the statement that began it, and `release` returns the connection to the
 * pool.
 */
export class PgTransaction implements DriverTransaction {
  readonly #connection: PgConnection;
  readonly #begin: string;
  readonly #release: () => void;
  #open = true;
  #changesTypes = false;
  /**
   * The savepoints, if no other statement was sent yet. In this case the transaction can be begun again. Otherwise
   * undefined.
   */
  #savepoints: Query[] | undefined = [];

  constructor(connection: PgConnection, begin: string, release: () => void) {
    this.#connection = connection;
    this.#begin = begin;
    this.#release = release;
  }

  async execute(query: Query): Promise<QueryResult> {
    const before = this.#savepoints;
    this.#savepoints = undefined;
    try {
      const result = await this.#connection.execute(query);
      this.#changesTypes ||= mayChangeTypes(query);
      if (before !== undefined && query.sql.startsWith("SAVEPOINT ")) this.#savepoints = [...before, query];
      return result;
    } catch (error) {
      if (error instanceof StalePlan && before !== undefined) return this.#executeAnew(before, query);
      throw await this.#fail(query, error);
    }
  }

  async *iterate(query: Query): AsyncGenerator<readonly Row[], void, undefined> {
    if (isWrite(query)) {
      yield (await this.execute(query)).rows;
      return;
    }
    this.#savepoints = undefined;
    try {
      yield* readPgCursor(this.#connection, query, () => this.#open);
    } catch (error) {
      throw this.#judge(error);
    }
  }

  async commit(): Promise<void> {
    this.#open = false;
    try {
      // If a statement of the transaction has failed, COMMIT rolls back without an error. Only the command tag shows
      // this.
      if ((await this.#connection.command("COMMIT")) === "ROLLBACK") {
        throw new TransactionError(
          "QUERY_TRANSACTION_LOST",
          "The transaction was rolled back, because one of its statements had failed; do not catch the error in the callback, or " +
            "put the statement into a nested transaction.",
        );
      }
      // Only now can other connections prepare their statements for the new types.
      if (this.#changesTypes) this.#connection.tellOfChange();
    } catch (error) {
      if (error instanceof TransactionError || this.#connection.broken === undefined)
        throw this.#judge(error);
      throw new TransactionError(
        "QUERY_TRANSACTION_LOST",
        `The connection was lost during COMMIT; it is not known whether the transaction was committed, so check that before you run it again: ${(error as Error).message}`,
        error,
      );
    } finally {
      this.#release();
    }
  }

  async rollback(): Promise<void> {
    this.#open = false;
    try {
      if (this.#connection.broken === undefined) await this.#connection.command("ROLLBACK");
    } catch (error) {
      // A connection with an open transaction must not return to the pool.
      this.#connection.destroy();
      throw error;
    } finally {
      this.#release();
    }
  }

  /**
   * Begins the transaction again with its savepoints, and sends its first statement again, because the prepared
   * statement was out of date.
   */
  async #executeAnew(savepoints: readonly Query[], query: Query): Promise<QueryResult> {
    try {
      await this.#connection.command("ROLLBACK");
      await this.#connection.command(this.#begin);
      for (const savepoint of savepoints) await this.#connection.command(savepoint.sql);
      return await this.#connection.execute(query);
    } catch (error) {
      throw await this.#fail(query, error);
    }
  }

  /**
   * If a write succeeded but its rows cannot be converted, makes the transaction fail, as after an error of the server.
   */
  async #fail(query: Query, error: unknown): Promise<unknown> {
    if (error instanceof StatementError && error.code === "QUERY_UNREADABLE_VALUE" && isWrite(query)) {
      await this.#connection.command(fail).catch(() => {});
    }
    return this.#judge(error);
  }

  #judge(error: unknown): unknown {
    if (error instanceof StalePlan) return error.reason;
    if (this.#connection.broken !== undefined && !(error instanceof TransactionError)) {
      return new TransactionError(
        "QUERY_TRANSACTION_LOST",
        `The connection was lost, so the transaction was rolled back: ${(error as Error).message}`,
        error,
      );
    }
    const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
    // in_failed_sql_transaction
    return cause?.code === "25P02"
      ? new TransactionError(
          "QUERY_TRANSACTION_LOST",
          "A statement of this transaction has failed, so PostgreSQL refuses all further statements; put statements that may " +
            "fail into a nested transaction.",
          error,
        )
      : error;
  }
}
