import type { DriverTransaction, Query, QueryResult } from "../../../driver/driver.js";
import { isWrite } from "../../../driver/is-write.js";
import { TransactionError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import { retryAfterBusy, retryWhileBusy } from "./busy-retry.js";
import { checkReferences } from "./check-references.js";
import { executeWhole, wholeSavepoint } from "./execute-whole.js";
import { readCursor } from "./read-cursor.js";
import type { SqliteConnection, SqliteCursor } from "./sqlite-connection.js";
import { toQueryError } from "./to-query-error.js";

/** A transaction on the writing connection. `release` unlocks the connection. */
export class SqliteTransaction implements DriverTransaction {
  readonly #writer: SqliteConnection;
  readonly #timeout: number;
  readonly #rebuild: boolean;
  readonly #release: () => void | Promise<void>;
  readonly #cursors: Set<SqliteCursor> = new Set();
  #lost: unknown;

  /** With `rebuild`, references are not enforced during the transaction, but checked before the commit. */
  constructor(
    writer: SqliteConnection,
    { timeout, rebuild }: { readonly timeout: number; readonly rebuild: boolean },
    release: () => void | Promise<void>,
  ) {
    this.#writer = writer;
    this.#timeout = timeout;
    this.#rebuild = rebuild;
    this.#release = release;
  }

  execute(query: Query): QueryResult | Promise<QueryResult> {
    this.#checkAlive();
    try {
      const result = this.#send(query);
      if (query.access === "schema") this.#writer.distrustSchema();
      return result instanceof Promise ? result.catch((error) => this.#executeAgain(query, error)) : result;
    } catch (error) {
      return this.#executeAgain(query, error);
    }
  }

  async *iterate(query: Query): AsyncGenerator<readonly Row[], void, undefined> {
    this.#checkAlive();
    if (isWrite(query)) {
      yield (await this.execute(query)).rows;
      return;
    }
    let cursor: SqliteCursor;
    try {
      cursor = await this.#writer.open(query);
    } catch (error) {
      throw await this.#judge(error);
    }
    this.#cursors.add(cursor);
    try {
      yield* readCursor(cursor, () => this.#cursors.has(cursor));
    } catch (error) {
      throw await this.#judge(error);
    } finally {
      if (this.#cursors.delete(cursor)) await cursor.close();
    }
  }

  async commit(): Promise<void> {
    try {
      this.#checkAlive();
      await this.#closeCursors();
      if (this.#rebuild) await checkReferences(this.#writer);
      await retryWhileBusy(() => this.#writer.execute(statement("COMMIT")), this.#timeout);
    } catch (error) {
      await this.#undo();
      throw toQueryError(error);
    } finally {
      await this.#release();
    }
  }

  async rollback(): Promise<void> {
    try {
      await this.#closeCursors();
      await this.#undo();
    } finally {
      await this.#release();
    }
  }

  async #executeAgain(query: Query, error: unknown): Promise<QueryResult> {
    try {
      return await retryAfterBusy(() => this.#send(query), this.#timeout, error);
    } catch (failure) {
      throw await this.#judge(failure);
    }
  }

  #send(query: Query): QueryResult | Promise<QueryResult> {
    return query.rows && isWrite(query)
      ? executeWhole(this.#writer, query, wholeSavepoint)
      : this.#writer.execute(query);
  }

  async #undo(): Promise<void> {
    if (await this.#writer.isInTransaction()) await this.#writer.execute(statement("ROLLBACK"));
  }

  async #closeCursors(): Promise<void> {
    for (const cursor of this.#cursors) {
      this.#cursors.delete(cursor);
      await cursor.close();
    }
  }

  #checkAlive(): void {
    if (this.#lost === undefined) return;
    throw new TransactionError(
      "QUERY_TRANSACTION_LOST",
      "The database has rolled this transaction back by itself after an error; begin a new one.",
      this.#lost,
    );
  }

  /**
   * After some errors, SQLite has already rolled back by itself. Later statements would then be committed one by one.
   */
  async #judge(error: unknown): Promise<unknown> {
    if (!(await this.#writer.isInTransaction())) this.#lost ??= error;
    return toQueryError(error);
  }
}

function statement(sql: string): Query {
  return { sql, params: [], access: "write", rows: false };
}
