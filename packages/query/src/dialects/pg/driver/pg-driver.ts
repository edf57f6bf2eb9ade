import type {
  Driver,
  DriverTransaction,
  Query,
  QueryResult,
  TransactionOptions,
} from "../../../driver/driver.js";
import { isWrite } from "../../../driver/is-write.js";
import type { Row } from "../../../values/row.js";
import type { DriverSettings } from "../../dialect.js";
import { mayChangeTypes, type PgConnection, StalePlan } from "./pg-connection.js";
import { readPgCursor } from "./pg-cursor.js";
import { PgPool } from "./pg-pool.js";
import { PgTransaction } from "./pg-transaction.js";

/**
 * The driver for PostgreSQL, with a pool of connections. Each statement and each transaction uses its own connection.
 */
export class PgDriver implements Driver {
  readonly #settings: DriverSettings;
  #pool: PgPool;

  constructor(settings: DriverSettings) {
    this.#settings = settings;
    this.#pool = new PgPool(settings);
  }

  async connect(): Promise<void> {
    // Opens the first connection now, so that `connect()` fails if the server cannot be reached.
    this.#pool.release(await this.#pool.acquire());
  }

  async disconnect(): Promise<void> {
    await this.#pool.close(this.#settings.lockTimeout);
  }

  async execute(query: Query): Promise<QueryResult> {
    const connection = this.#pool.tryAcquire() ?? (await this.#pool.acquire());
    try {
      const result = await (connection.canSurprise(query)
        ? executeUndoable(connection, query)
        : executeFresh(connection, query));
      if (mayChangeTypes(query)) connection.tellOfChange();
      return result;
    } finally {
      this.#pool.release(connection);
    }
  }

  async *iterate(query: Query): AsyncGenerator<readonly Row[], void, undefined> {
    // Runs a write completely, so that leaving the loop early does not undo it.
    if (isWrite(query)) {
      yield (await this.execute(query)).rows;
      return;
    }
    const connection = await this.#pool.acquire();
    let end = "COMMIT";
    try {
      await connection.command("BEGIN");
      yield* readPgCursor(connection, query, () => connection.broken === undefined);
    } catch (error) {
      end = "ROLLBACK";
      throw error;
    } finally {
      if (connection.broken === undefined) await connection.command(end).catch(() => {});
      this.#pool.release(connection);
    }
  }

  async begin({ isolation, lockTimeout }: TransactionOptions): Promise<DriverTransaction> {
    const connection = await this.#pool.acquire(lockTimeout);
    const begin = isolation === undefined ? "BEGIN" : `BEGIN ISOLATION LEVEL ${isolation.toUpperCase()}`;
    try {
      await connection.command(begin);
    } catch (error) {
      this.#pool.release(connection);
      throw error;
    }
    return new PgTransaction(connection, begin, () => this.#pool.release(connection));
  }
}

/** Sends a statement in a transaction. If its rows cannot be converted, the transaction is rolled back. */
async function executeUndoable(connection: PgConnection, query: Query): Promise<QueryResult> {
  await connection.command("BEGIN");
  const transaction = new PgTransaction(connection, "BEGIN", () => {});
  let result: QueryResult;
  try {
    result = await transaction.execute(query);
  } catch (error) {
    await transaction.rollback().catch(() => {});
    throw error;
  }
  await transaction.commit();
  return result;
}

/** Sends a statement, and sends it once more if its prepared form is out of date. */
async function executeFresh(connection: PgConnection, query: Query): Promise<QueryResult> {
  try {
    return await connection.execute(query);
  } catch (error) {
    if (!(error instanceof StalePlan)) throw error;
  }
  try {
    return await connection.execute(query);
  } catch (error) {
    throw error instanceof StalePlan ? error.reason : error;
  }
}
