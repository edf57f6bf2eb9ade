import type { AnySchema } from "../builder/schema-types.js";
import type { DialectName, PoolOptions } from "../dialects/dialect.js";
import type { Driver, DriverTransactionOptions, TransactionOptions } from "../driver/driver.js";
import { DatabaseConnectionError } from "../errors.js";
import type { Logger } from "../logger.js";
import { RawStatements } from "../sql/raw-statement.js";
import type { BigintMode } from "../values/row-mapper.js";
import { settleOptions } from "./database-options.js";
import { QueryScope } from "./query-scope.js";
import { checkNotInsideTransaction } from "./scope-frames.js";
import { runTransaction, type Transaction } from "./transaction.js";
import { checkTransactionOptions } from "./transaction-options.js";

/** Options of a database. */
export interface DatabaseOptions {
  /** The database system and its driver; `node:sqlite` by default. */
  readonly dialect?: DialectName;
  /** SQLite: the path of the file, which is created if it does not exist, or `:memory:`. Default: `./db.sqlite3`. */
  readonly storage?: string;
  /**
   * PostgreSQL: the address of the server, as `postgres://user:password@host:5432/database`. Default: the variables
   * `PGHOST`, `PGPORT` and so on.
   */
  readonly connectionString?: string;
  /** The same as `connectionString`. */
  readonly url?: string;
  /** PostgreSQL: the size and the times of the pool of connections. */
  readonly pool?: PoolOptions;
  /**
   * PostgreSQL: true if the connection goes through a pooler in transaction mode, such as PgBouncer with
   * `pool_mode = transaction`. No statement is then kept prepared.
   */
  readonly pooler?: boolean;
  /** The name of the database in messages; the storage by default. */
  readonly name?: string;
  /** The logger. Each statement is logged at the level debug, without its parameters. Default: no logger. */
  readonly logger?: Logger;
  /** The maximum time that a write waits for earlier writes, in milliseconds; 10,000 by default. */
  readonly lockTimeout?: number;
  /** The maximum number of prepared statements per connection; 100 by default. */
  readonly statementCache?: number;
  /** The JavaScript type of bigint columns. Default: numbers, which must then be safe integers. */
  readonly bigint?: BigintMode;
}

/** The state of the connection to a database. */
export type DatabaseStatus = "disconnected" | "connecting" | "connected" | "disconnecting";

let runRebuild: <Result>(
  db: Database,
  callback: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
) => Promise<Result>;

/**
 * Runs a transaction that replaces tables by new tables with the same names. SQLite enforces no references in it, so
 * that dropping the old table deletes no rows of other tables. If a row refers to a missing row at the end, the
 * transaction throws and is rolled back.
 */
export function rebuildTransaction<Result>(
  db: Database,
  callback: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  return runRebuild(db, callback, options);
}

/**
 * A database. Call `connect()`, send statements, then call `disconnect()`. For `Database<Schema>`, `Schema` is a type
 * that maps table names to rows. TypeScript then checks tables, columns and values.
 */
export class Database<Schema extends object = AnySchema> extends QueryScope<Schema> {
  /** The name of the database in messages. */
  readonly name: string;
  readonly #createDriver: () => Driver;
  #status: DatabaseStatus = "disconnected";
  #driver: Driver | undefined;
  /** The promise of the pending connect or disconnect. */
  #change: Promise<void> = Promise.resolve();

  constructor(options: DatabaseOptions = {}) {
    const settled = settleOptions(options);
    const { dialect } = settled;
    super({
      name: settled.name,
      dialect,
      rawStatements: new RawStatements(dialect),
      logger: settled.logger,
      lockTimeout: settled.lockTimeout,
    });
    this.name = settled.name;
    this.#createDriver = () => dialect.createDriver(settled);
  }

  /** The current state of the connection. */
  get status(): DatabaseStatus {
    return this.#status;
  }

  /** Opens the connections. If the database is connected or connecting, a call waits until it is connected. */
  connect(): Promise<void> {
    return this.#afterChange(async () => {
      if (this.#status === "connected") return;
      this.#status = "connecting";
      const driver = this.#createDriver();
      try {
        await driver.connect();
      } catch (error) {
        this.#status = "disconnected";
        throw error;
      }
      this.#driver = driver;
      this.#status = "connected";
      this.settings.logger.debug("connected to the database %s", this.name);
    });
  }

  /**
   * Refuses new statements, waits for running statements, and closes the connections. A transaction that is still open
   * after `lockTimeout` is rolled back. A second call does nothing.
   */
  async disconnect(): Promise<void> {
    checkNotInsideTransaction(this);
    // Changes the status synchronously, so that no statement can be sent after this call.
    if (this.#status === "connected") await this.#track(this.#close());
    else await this.#afterChange(() => this.#close());
  }

  static {
    runRebuild = (db, callback, options) => db.#transaction(callback, { ...options, rebuild: true });
  }

  override async transaction<Result>(
    callback: (tx: Transaction<Schema>) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    return this.#transaction(callback, checkTransactionOptions(options));
  }

  protected override session(): Driver {
    if (this.#driver !== undefined) return this.#driver;
    throw new DatabaseConnectionError(
      "QUERY_NOT_CONNECTED",
      `The database ${this.name} is ${this.#status}; call and await connect() before statements are sent.`,
    );
  }

  async #transaction<Result>(
    callback: (tx: Transaction<Schema>) => Promise<Result>,
    options: DriverTransactionOptions,
  ): Promise<Result> {
    checkNotInsideTransaction(this);
    const session = await this.session().begin(options);
    return runTransaction<Schema, Result>(this, session, this.settings, 0, callback);
  }

  async #close(): Promise<void> {
    const driver = this.#driver;
    if (driver === undefined) return;
    this.#status = "disconnecting";
    this.#driver = undefined;
    try {
      await driver.disconnect();
    } finally {
      this.#status = "disconnected";
    }
    this.settings.logger.debug("disconnected from the database %s", this.name);
  }

  #afterChange(change: () => Promise<void>): Promise<void> {
    return this.#track(this.#change.then(change));
  }

  #track(change: Promise<void>): Promise<void> {
    this.#change = change.catch(() => {});
    return change;
  }
}
