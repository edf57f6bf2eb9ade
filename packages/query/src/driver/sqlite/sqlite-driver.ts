import { DatabaseConnectionError, LockTimeoutError } from "../../errors.js";
import type { Row } from "../../values/row.js";
import type { Driver, DriverTransaction, Query, QueryResult, TransactionOptions } from "../driver.js";
import { FifoLock } from "../fifo-lock.js";
import { retryWhileBusy } from "./busy-retry.js";
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

/**
 * One database of SQLite, through any of its drivers.
 * There is one connection that writes, behind a lock that a transaction holds from beginning to end. A file has a
 * second one that only reads and never waits; in memory there is no second, and everything queues.
 */
export class SqliteDriver implements Driver {
  readonly #storage: string;
  readonly #connector: SqliteConnector;
  readonly #lockTimeout: number;
  readonly #lock = new FifoLock();
  /** The connections that loops over rows have for themselves. */
  readonly #loops: Set<SqliteConnection> = new Set();
  #writer: SqliteConnection | undefined;
  #reader: SqliteConnection | undefined;
  #schemaTouched = false;

  /** `storage` is a path or `:memory:`, `lockTimeout` in milliseconds. */
  constructor(storage: string, connector: SqliteConnector, lockTimeout: number) {
    this.#storage = storage;
    this.#connector = connector;
    this.#lockTimeout = lockTimeout;
  }

  async connect(): Promise<void> {
    try {
      this.#writer = await this.#openWriter();
      if (this.#storage !== memory) this.#reader = await this.#connector(this.#storage, { readOnly: true });
    } catch (error) {
      await this.#close();
      if (error instanceof DatabaseConnectionError || error instanceof LockTimeoutError) throw error;
      const { message } = error as Error;
      throw new DatabaseConnectionError(
        "QUERY_CONNECT_FAILED",
        `The database "${this.#storage}" did not open: ${message}; check that its folder exists and can be written.`,
        error,
      );
    }
  }

  async disconnect(): Promise<void> {
    let turn = true;
    try {
      await this.#takeTurn(this.#lockTimeout);
    } catch {
      // What still holds the lock will not end; closing undoes its transaction.
      turn = false;
    }
    await this.#close();
    if (turn) this.#lock.release();
  }

  async execute(query: Query): Promise<QueryResult> {
    try {
      if (this.#reader !== undefined && isRead(query)) return await this.#read(this.#reader, query);
      return await this.#write(query);
    } catch (error) {
      throw toQueryError(error);
    }
  }

  async *iterate(query: Query): AsyncGenerator<Row, void, undefined> {
    // What is in memory is not saved by reading it in parts; and a write has to run to its end.
    if (this.#reader === undefined || !isRead(query)) {
      yield* (await this.execute(query)).rows;
      return;
    }
    // Its own connection: an open loop keeps its connection at one moment of the database, blind to later writes.
    const connection = await this.#connector(this.#storage, { readOnly: true });
    this.#loops.add(connection);
    try {
      const start = await this.#startCursor(connection, query);
      if (start === undefined) yield* (await this.execute({ ...query, access: "write" })).rows;
      else yield* readCursor(start.cursor, () => this.#loops.has(connection), start.batch);
    } catch (error) {
      throw toQueryError(error);
    } finally {
      if (this.#loops.delete(connection)) await connection.close();
    }
  }

  async begin(options: TransactionOptions): Promise<DriverTransaction> {
    const timeout = options.lockTimeout ?? this.#lockTimeout;
    await this.#takeTurn(timeout);
    try {
      const writer = this.#connected();
      await retryWhileBusy(() => writer.execute(writing("BEGIN IMMEDIATE")), timeout);
      // Whether the transaction changes tables is not known before it ends.
      this.#schemaTouched = true;
      return new SqliteTransaction(writer, timeout, () => this.#endTurn());
    } catch (error) {
      this.#endTurn();
      throw toQueryError(error);
    }
  }

  async #openWriter(): Promise<SqliteConnection> {
    const writer = await this.#connector(this.#storage, { readOnly: false });
    try {
      const timeout = this.#lockTimeout;
      // A database in memory, or on a disk that cannot share memory, keeps its own journal mode.
      await retryWhileBusy(() => writer.execute(writing("PRAGMA journal_mode = WAL")), timeout);
      await retryWhileBusy(() => writer.execute(writing("PRAGMA foreign_keys = ON")), timeout);
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  async #read(reader: SqliteConnection, query: Query): Promise<QueryResult> {
    try {
      return await retryWhileBusy(() => reader.execute(query), this.#lockTimeout);
    } catch (error) {
      if (isReadOnlyRefusal(error)) return this.#write(query);
      throw error;
    }
  }

  async #write(query: Query): Promise<QueryResult> {
    if (!this.#lock.tryAcquire()) await this.#takeTurn(this.#lockTimeout);
    try {
      const writer = this.#connected();
      if (query.access === "schema") this.#schemaTouched = true;
      return await retryWhileBusy(() => writer.execute(query), this.#lockTimeout);
    } finally {
      this.#endTurn();
    }
  }

  /** Undefined if the statement turns out to write. */
  async #startCursor(
    connection: SqliteConnection,
    query: Query,
  ): Promise<{ readonly cursor: SqliteCursor; readonly batch: Row[] } | undefined> {
    try {
      // Opening reads nothing yet: whether the file is locked shows at the first row.
      return await retryWhileBusy(async () => {
        const cursor = await connection.open(query);
        return { cursor, batch: await cursor.read(batchSize) };
      }, this.#lockTimeout);
    } catch (error) {
      if (isReadOnlyRefusal(error)) return undefined;
      throw error;
    }
  }

  async #takeTurn(timeout: number): Promise<void> {
    await this.#lock.acquire(
      timeout,
      () =>
        new LockTimeoutError(
          `A write waited ${timeout} ms for its turn and was not done; end the transaction that runs so long, or raise ` +
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

function isReadOnlyRefusal(error: unknown): boolean {
  return error instanceof SqliteFailure && error.result === sqliteResult.readOnly;
}

function writing(sql: string): Query {
  return { sql, params: [], access: "write" };
}
