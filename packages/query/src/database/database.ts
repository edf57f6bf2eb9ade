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

/** How a database is reached. */
export interface DatabaseOptions {
  /** Which database it is, and through which driver; `node:sqlite` by default. */
  readonly dialect?: DialectName;
  /** SQLite: the path of the file, which is created if need be, or `:memory:`; `./db.sqlite3` by default. */
  readonly storage?: string;
  /** PostgreSQL: where the server is, as `postgres://user:password@host:5432/database`; else the variables `PGHOST`, ... say so. */
  readonly connectionString?: string;
  /** As `connectionString`. */
  readonly url?: string;
  /** PostgreSQL: how many connections there are. */
  readonly pool?: PoolOptions;
  /**
   * PostgreSQL: whether a pooler stands before the server that lends connections for one transaction at a time, such as
   * PgBouncer in transaction mode. Statements are then prepared anew each time.
   */
  readonly pooler?: boolean;
  /** What messages call the database; its storage by default. */
  readonly name?: string;
  /** Hears of each statement at the level debug, without its parameters; by default nobody does. */
  readonly logger?: Logger;
  /** How long a write waits for its turn, in milliseconds; 10,000 by default. */
  readonly lockTimeout?: number;
  /** How many prepared statements are kept for each connection; 100 by default. */
  readonly statementCache?: number;
  /** How columns of the type bigint come back; as numbers by default, which then must be safe integers. */
  readonly bigint?: BigintMode;
}

/** Whether a database can be used. */
export type DatabaseStatus = "disconnected" | "connecting" | "connected" | "disconnecting";

let runRebuild: <Result>(
  db: Database,
  callback: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
) => Promise<Result>;

/**
 * A transaction in which tables are made anew under their names. SQLite enforces no references in it, so that dropping
 * the old table deletes no rows of others, and refuses to commit if rows refer to nothing.
 */
export function rebuildTransaction<Result>(
  db: Database,
  callback: (tx: Transaction) => Promise<Result>,
  options: TransactionOptions,
): Promise<Result> {
  return runRebuild(db, callback, options);
}

/**
 * A database: `connect()`, then send statements through it, then `disconnect()`.
 * `Database<Schema>`, with a type that has the rows of each table by its name, checks tables, columns and values.
 */
export class Database<Schema extends object = AnySchema> extends QueryScope<Schema> {
  /** What messages call the database. */
  readonly name: string;
  readonly #createDriver: () => Driver;
  #status: DatabaseStatus = "disconnected";
  #driver: Driver | undefined;
  /** The change of status that is under way. */
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

  /** Whether the database can be used now. */
  get status(): DatabaseStatus {
    return this.#status;
  }

  /** Opens the connections. A second call waits for the first and does nothing. */
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
   * Takes no more statements, waits for those that run, and closes the connections.
   * A transaction that is still open after `lockTimeout` is rolled back. A second call does nothing.
   */
  async disconnect(): Promise<void> {
    checkNotInsideTransaction(this);
    // At once, so that nothing can be sent between this call and the next turn.
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
