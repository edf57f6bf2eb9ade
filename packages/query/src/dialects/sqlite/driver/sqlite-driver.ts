import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type {
  Driver,
  DriverTransaction,
  DriverTransactionOptions,
  Query,
  QueryResult,
} from "../../../driver/driver.js";
import { FifoLock } from "../../../driver/fifo-lock.js";
import { isWrite } from "../../../driver/is-write.js";
import { DatabaseConnectionError, LockTimeoutError } from "../../../errors.js";
import type { Row } from "../../../values/row.js";
import { retryAfterBusy, retryWhileBusy } from "./busy-retry.js";
import { executeWhole, wholeTransaction } from "./execute-whole.js";
import { batchSize, readCursor } from "./read-cursor.js";
import {
  type SqliteConnection,
  type SqliteConnector,
  type SqliteCursor,
  SqliteFailure,
  sqliteResult,
} from "./sqlite-connection.js";
import { SqliteTransaction } from "./sqlite-transaction.js";
import { toQueryError } from "./to-query-error.js";

const memory = ":memory:";

/** Makes LIKE case-sensitive, as in the SQL standard and in other databases. */
const caseCounts = "PRAGMA case_sensitive_like = ON";

/**
 * An SQLite database, through any driver. One connection writes. A lock protects it, and a transaction holds the lock
 * until it ends. For a file, a second connection reads and never waits for the lock. A database in memory has one
 * connection, so all statements wait for the lock.
 */
export class SqliteDriver implements Driver {
  readonly #storage: string;
  readonly #connector: SqliteConnector;
  readonly #lockTimeout: number;
  readonly #lock = new FifoLock();
  /** The connections of open loops over rows. Each loop has its own connection. */
  readonly #loops: Set<SqliteConnection> = new Set();
  #writer: SqliteConnection | undefined;
  #reader: SqliteConnection | undefined;
  #schemaTouched = false;

  /** `storage` is a path or `:memory:`; `lockTimeout` is in milliseconds. */
  constructor(storage: string, connector: SqliteConnector, lockTimeout: number) {
    this.#storage = storage;
    this.#connector = connector;
    this.#lockTimeout = lockTimeout;
  }

  async connect(): Promise<void> {
    try {
      this.#writer = await this.#openWriter();
      if (this.#storage !== memory) this.#reader = await this.#openReader();
    } catch (error) {
      await this.#close();
      if (error instanceof DatabaseConnectionError || error instanceof LockTimeoutError) throw error;
      throw new DatabaseConnectionError(
        "QUERY_CONNECT_FAILED",
        `The database "${this.#storage}" did not open: ${whyNotOpened(this.#storage, error as Error)}.`,
        error,
      );
    }
  }

  async disconnect(): Promise<void> {
    let turn = true;
    try {
      await this.#takeTurn(this.#lockTimeout);
    } catch {
      // If a transaction still holds the lock, closing the connection rolls it back.
      turn = false;
    }
    await this.#close();
    if (turn) this.#lock.release();
  }

  execute(query: Query): QueryResult | Promise<QueryResult> {
    const reader = this.#reader;
    if (reader === undefined || !isRead(query)) return this.#write(query);
    try {
      const result = reader.execute(query);
      return result instanceof Promise
        ? result.catch((error) => this.#readAgain(reader, query, error))
        : result;
    } catch (error) {
      return this.#readAgain(reader, query, error);
    }
  }

  async *iterate(query: Query): AsyncGenerator<readonly Row[], void, undefined> {
    // For a database in memory, batches would save no memory. A write must run completely.
    if (this.#reader === undefined || !isRead(query)) {
      yield (await this.execute(query)).rows;
      return;
    }
    // Opens a separate connection, because a connection with an open loop does not see later writes.
    const connection = await this.#openReader();
    this.#loops.add(connection);
    let start: { readonly cursor: SqliteCursor; readonly batch: Row[] } | undefined;
    try {
      start = await this.#startCursor(connection, query);
      if (start === undefined) yield (await this.execute({ ...query, access: "write" })).rows;
      else yield* readCursor(start.cursor, () => this.#loops.has(connection), start.batch);
    } catch (error) {
      throw toQueryError(error);
    } finally {
      if (this.#loops.delete(connection)) {
        await start?.cursor.close();
        await connection.close();
      }
    }
  }

  async begin(options: DriverTransactionOptions): Promise<DriverTransaction> {
    const timeout = options.lockTimeout ?? this.#lockTimeout;
    const { rebuild = false } = options;
    await this.#takeTurn(timeout);
    let isRebuilding = false;
    try {
      const writer = this.#connected();
      // SQLite ignores this pragma inside a transaction.
      if (rebuild) await writer.execute(writing("PRAGMA foreign_keys = OFF"));
      isRebuilding = rebuild;
      await retryWhileBusy(() => writer.execute(writing("BEGIN IMMEDIATE")), timeout);
      // Whether the transaction changes tables is not known before its end.
      this.#schemaTouched = true;
      const end = () => (rebuild ? this.#endRebuild() : this.#endTurn());
      return new SqliteTransaction(writer, { timeout, rebuild }, end);
    } catch (error) {
      if (isRebuilding) await this.#endRebuild();
      else this.#endTurn();
      throw toQueryError(error);
    }
  }

  async #endRebuild(): Promise<void> {
    try {
      await this.#writer?.execute(writing("PRAGMA foreign_keys = ON"));
    } finally {
      this.#endTurn();
    }
  }

  async #openWriter(): Promise<SqliteConnection> {
    const writer = await this.#connector(this.#storage, { readOnly: false });
    try {
      const timeout = this.#lockTimeout;
      // A database in memory does not change its journal mode. A file on a network drive may not change it either.
      await retryWhileBusy(() => writer.execute(writing("PRAGMA journal_mode = WAL")), timeout);
      await retryWhileBusy(() => writer.execute(writing("PRAGMA foreign_keys = ON")), timeout);
      await retryWhileBusy(() => writer.execute(writing(caseCounts)), timeout);
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  async #openReader(): Promise<SqliteConnection> {
    const reader = await this.#connector(this.#storage, { readOnly: true });
    try {
      await retryWhileBusy(() => reader.execute(writing(caseCounts)), this.#lockTimeout);
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async #readAgain(reader: SqliteConnection, query: Query, error: unknown): Promise<QueryResult> {
    if (needsWriter(error)) return this.#write(query);
    try {
      return await retryAfterBusy(() => reader.execute(query), this.#lockTimeout, error);
    } catch (failure) {
      throw toQueryError(failure);
    }
  }

  #write(query: Query): QueryResult | Promise<QueryResult> {
    if (!this.#lock.tryAcquire()) return this.#writeLater(query);
    let result: QueryResult | Promise<QueryResult>;
    try {
      result = this.#send(query);
    } catch (error) {
      return this.#writeAgain(query, error);
    }
    if (result instanceof Promise) {
      return result.then(
        (value) => {
          this.#endTurn();
          return value;
        },
        (error) => this.#writeAgain(query, error),
      );
    }
    this.#endTurn();
    return result;
  }

  async #writeLater(query: Query): Promise<QueryResult> {
    await this.#takeTurn(this.#lockTimeout);
    try {
      return await retryWhileBusy(() => this.#send(query), this.#lockTimeout);
    } catch (error) {
      throw toQueryError(error);
    } finally {
      this.#endTurn();
    }
  }

  /** Handles a failed write while the lock is still held. */
  async #writeAgain(query: Query, error: unknown): Promise<QueryResult> {
    try {
      return await retryAfterBusy(() => this.#send(query), this.#lockTimeout, error);
    } catch (failure) {
      throw toQueryError(failure);
    } finally {
      this.#endTurn();
    }
  }

  #send(query: Query): QueryResult | Promise<QueryResult> {
    const writer = this.#connected();
    if (query.access === "schema") this.#schemaTouched = true;
    return query.rows && isWrite(query)
      ? executeWhole(writer, query, wholeTransaction)
      : writer.execute(query);
  }

  /** Opens a cursor. Returns undefined if the statement must run on the writing connection. */
  async #startCursor(
    connection: SqliteConnection,
    query: Query,
  ): Promise<{ readonly cursor: SqliteCursor; readonly batch: Row[] } | undefined> {
    try {
      // Opening a cursor does not read the file. The first row shows whether the file is locked.
      return await retryWhileBusy(async () => {
        const cursor = await connection.open(query);
        return { cursor, batch: await cursor.read(batchSize) };
      }, this.#lockTimeout);
    } catch (error) {
      if (needsWriter(error)) return undefined;
      throw error;
    }
  }

  async #takeTurn(timeout: number): Promise<void> {
    await this.#lock.acquire(
      timeout,
      () =>
        new LockTimeoutError(
          `A write waited ${timeout} ms for earlier writes and did not run; end the long transaction, or raise ` +
            "lockTimeout.",
        ),
    );
  }

  #endTurn(): void {
    if (this.#schemaTouched) {
      this.#schemaTouched = false;
      this.#writer?.distrustSchema();
      this.#reader?.distrustSchema();
    }
    this.#lock.release();
  }

  #connected(): SqliteConnection {
    if (this.#writer !== undefined) return this.#writer;
    throw new DatabaseConnectionError(
      "QUERY_NOT_CONNECTED",
      "The database was disconnected before this statement ran.",
    );
  }

  async #close(): Promise<void> {
    const connections = [...this.#loops, this.#reader, this.#writer];
    this.#loops.clear();
    this.#reader = undefined;
    this.#writer = undefined;
    for (const connection of connections) await connection?.close();
  }
}

function isRead(query: Query): boolean {
  return query.access === "read" || query.access === "read-or-write";
}

/** Matches the message of SQLite for a table in a schema that does not exist on this connection. */
const unknownSchema = /^no such table: (?!main\.)[^.]+\..|^unknown database /;

/** Whether a statement that failed on the reading connection may succeed on the writing connection. */
function needsWriter(error: unknown): boolean {
  if (!(error instanceof SqliteFailure)) return false;
  // ATTACH and temporary tables exist only on the writer.
  return error.result === sqliteResult.readOnly || unknownSchema.test(error.message);
}

function writing(sql: string): Query {
  return { sql, params: [], access: "write", rows: sql.startsWith("PRAGMA") };
}

/** SQLite has one message for everything that is wrong with a path. */
function whyNotOpened(storage: string, { message }: Error): string {
  if (/not a database/.test(message)) return `${message}; name another file, or move this one away`;
  const folder = dirname(resolve(storage));
  if (!existsSync(folder)) return `there is no folder ${folder}; create it first`;
  if (statSync(storage, { throwIfNoEntry: false })?.isDirectory() === true) {
    return "it is a folder; name a file";
  }
  return `${message}; check that its folder can be written`;
}
