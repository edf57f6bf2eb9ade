import type { Query, QueryResult } from "../../../driver/driver.js";
import { loadDriver } from "../../../driver/load-driver.js";
import { StatementCache } from "../../../driver/statement-cache.js";
import { StatementError } from "../../../errors.js";
import { scanSQL } from "../../../sql/scan-sql.js";
import type { Parameter } from "../../../values/parameter.js";
import type { Row } from "../../../values/row.js";
import { type BigintMode, UnreadableValue, type ValueConverter } from "../../../values/row-mapper.js";
import { chooseConverter } from "../values/sqlite-conversions.js";
import { toSqliteValue } from "../values/sqlite-value.js";
import {
  type DescribedColumn,
  describeStatement,
  findReturning,
  toResultColumns,
} from "./described-columns.js";
import { hideLimits } from "./hide-limits.js";
import {
  type SqliteConnection,
  type SqliteConnectionOptions,
  type SqliteConnector,
  type SqliteCursor,
  SqliteFailure,
  schemaProbe,
} from "./sqlite-connection.js";
import { type TableColumn, TableTypes, tableColumnsSQL, toTableArguments } from "./table-types.js";

type Callback<Result = void> = (error: Error | null, result: Result) => void;

/** The members of the package sqlite3 that this package uses. */
interface Sqlite3Statement {
  all(params: readonly unknown[], callback: Callback<Row[]>): void;
  get(
    ...args: [params: readonly unknown[], callback: Callback<Row | undefined>] | [Callback<Row | undefined>]
  ): void;
  run(
    params: readonly unknown[],
    callback: (this: { readonly changes: number }, error: Error | null) => void,
  ): void;
  finalize(callback: () => void): void;
}

interface Sqlite3Database {
  prepare(sql: string, callback: Callback): Sqlite3Statement;
  all(sql: string, params: readonly unknown[], callback: Callback<Row[]>): void;
  exec(sql: string, callback: Callback): void;
  close(callback: Callback): void;
  configure(option: "busyTimeout", value: number): void;
}

interface Sqlite3 {
  readonly Database: new (storage: string, mode: number, callback: Callback) => Sqlite3Database;
  readonly OPEN_READONLY: number;
  readonly OPEN_READWRITE: number;
  readonly OPEN_CREATE: number;
}

/** A statement whose columns are known. */
interface Prepared {
  readonly statement: Sqlite3Statement;
  readonly map: (rows: Row[]) => Row[];
}

/** An entry of the cache. Its statement is finalized when no call uses it any more. */
interface Entry {
  readonly prepared: Promise<Prepared>;
  users: number;
  dropped: boolean;
}

// The interval, in milliseconds, at which changes of tables by other processes are detected.
const schemaCheckInterval = 100;

/** The package sqlite3 sends integers of up to 32 bits as integers, and larger integers as floating-point numbers. */
const largest = 2n ** 31n - 1n;

/** Makes connections of the package sqlite3, which works in threads. */
export function createSqlite3Connector(options: SqliteConnectionOptions): SqliteConnector {
  return async (storage, { readOnly }) => {
    const sqlite3 = await loadDriver<Sqlite3>("sqlite3", () => import("sqlite3"));
    const mode = readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
    const database = await new Promise<Sqlite3Database>((resolve, reject) => {
      const opened = new sqlite3.Database(storage, mode, (error) =>
        error ? reject(error) : resolve(opened),
      );
    });
    database.configure("busyTimeout", 0);
    return new Sqlite3Connection(database, options);
  };
}

class Sqlite3Connection implements SqliteConnection {
  readonly #database: Sqlite3Database;
  readonly #bigint: BigintMode;
  readonly #cache: StatementCache<Entry>;
  readonly #finalizing: Set<Promise<void>> = new Set();
  readonly #cursors: Set<Sqlite3Cursor> = new Set();
  readonly #types = new TableTypes();
  #schemaVersion: unknown;
  #schemaCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(database: Sqlite3Database, { statementCache, bigint }: SqliteConnectionOptions) {
    this.#database = database;
    this.#bigint = bigint;
    this.#cache = new StatementCache(statementCache, (entry) => {
      entry.dropped = true;
      if (entry.users === 0) this.#finalize(entry);
    });
  }

  async execute(query: Query): Promise<QueryResult> {
    try {
      await this.#checkSchema();
      const { sql, params } = await this.#bindAll(query);
      // The same SQL without known columns behind its result is another statement.
      const key = query.results === undefined ? sql : `${sql}\0`;
      const entry = this.#cache.get(key, () => ({
        prepared: this.#prepare(sql, query),
        users: 0,
        dropped: false,
      }));
      entry.users++;
      try {
        return await send(await entry.prepared, params, query.rows);
      } catch (error) {
        this.#cache.delete(key);
        throw error;
      } finally {
        if (--entry.users === 0 && entry.dropped) this.#finalize(entry);
      }
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  async open(query: Query): Promise<SqliteCursor> {
    try {
      const { sql, params } = await this.#bindAll(query);
      const { statement, map } = await this.#prepare(sql, { ...query, rows: true });
      const cursor = new Sqlite3Cursor(statement, params, map, query.sql, () => this.#cursors.delete(cursor));
      this.#cursors.add(cursor);
      return cursor;
    } catch (error) {
      throw toFailure(error, query.sql);
    }
  }

  // The package sqlite3 has no property for this. So this tries to begin a transaction: it fails if a transaction is
  // open.
  async isInTransaction(): Promise<boolean> {
    try {
      await this.#exec("BEGIN");
    } catch (error) {
      return /within a transaction/.test((error as Error).message);
    }
    await this.#exec("ROLLBACK");
    return false;
  }

  distrustSchema(): void {
    this.#schemaCheckedAt = Number.NEGATIVE_INFINITY;
  }

  async close(): Promise<void> {
    // SQLite does not close while statements are open. Also closes the cursors of loops that never ended.
    this.#cache.clear();
    await Promise.all([...this.#finalizing, ...Array.from(this.#cursors, (cursor) => cursor.close())]);
    await call<void>((done) => this.#database.close(done));
  }

  /**
   * Converts the parameters for the package sqlite3. A large integer is sent as a string, and the SQL converts it to an
   * integer.
   */
  async #bindAll(query: Query): Promise<{ readonly sql: string; readonly params: readonly unknown[] }> {
    const { sql, params } = query;
    for (const table of this.#types.missing(query)) {
      const names = toTableArguments(table);
      const text = names.length === 1 ? tableColumnsSQL.anywhere : tableColumnsSQL.inSchema;
      this.#types.learn(table, (await this.#all(text, names)) as TableColumn[]);
    }
    const bound = params.map((value, index) =>
      this.#types.isOpen(query, index) ? this.#types.toStored(query, index) : bind(value),
    );
    if (!params.some(isLarge)) return { sql, params: bound };
    const { segments } = scanSQL(sql);
    const text = segments.reduce(
      (before, after, index) =>
        `${before}${isLarge(params[index - 1] ?? null) ? "CAST(? AS INTEGER)" : "?"}${after}`,
    );
    return { sql: text, params: bound };
  }

  async #checkSchema(): Promise<void> {
    const now = performance.now();
    if (now - this.#schemaCheckedAt < schemaCheckInterval) return;
    this.#schemaCheckedAt = now;
    const [row] = await this.#all("PRAGMA schema_version");
    if (row?.schema_version !== this.#schemaVersion) {
      await this.#all(schemaProbe);
      this.#cache.clear();
      this.#types.clear();
    }
    this.#schemaVersion = row?.schema_version;
  }

  async #prepare(sql: string, query: Query): Promise<Prepared> {
    const described = query.rows ? await this.#describe(sql, query) : undefined;
    const text = hideLimits(described?.sql ?? sql);
    const statement = await new Promise<Sqlite3Statement>((resolve, reject) => {
      const made: Sqlite3Statement = this.#database.prepare(text, (error) =>
        error ? reject(error) : resolve(made),
      );
    });
    return { statement, map: described?.map ?? ((given) => given) };
  }

  /** Finds the column types of a statement, and the SQL that returns 64-bit integers exactly. */
  async #describe(
    sql: string,
    query: Query,
  ): Promise<{ readonly sql: string; readonly map: Prepared["map"] } | undefined> {
    const description = describeStatement(sql);
    if (description === undefined) return undefined;
    let described: DescribedColumn[];
    try {
      await this.#exec(description.begin);
      described = (await this.#all(description.read)) as unknown as DescribedColumn[];
      await this.#exec(description.end);
    } catch {
      // Ignores an error of the statement here. Preparing the statement itself reports it.
      return undefined;
    }
    const columns = this.#types.complete(toResultColumns(described), query);
    const wide = columns.some((column) => column.type === "bigint");
    const converters = new Map<string, ValueConverter>();
    for (const [index, column] of columns.entries()) {
      const convert = chooseConverter(column, this.#bigint, false);
      const name = column.name;
      if (column.type === "bigint") converters.set(name, (value) => toBigint(value, name, this.#bigint));
      else if (convert !== undefined) converters.set(name, convert);
      else if (/INT/i.test(described[index]?.type ?? ""))
        converters.set(name, (value) => checkWhole(value, name));
    }
    const map = (rows: Row[]): Row[] => {
      for (const row of rows) {
        for (const name of Object.keys(row)) {
          const convert = converters.get(name);
          if (convert !== undefined) row[name] = convert(row[name]);
        }
      }
      return rows;
    };
    return { sql: wide ? readWhole(sql, described, columns) : sql, map };
  }

  #finalize({ prepared }: Entry): void {
    const finalizing = prepared
      .then(
        ({ statement }) => finalize(statement),
        () => {},
      )
      .finally(() => this.#finalizing.delete(finalizing));
    this.#finalizing.add(finalizing);
  }

  #exec(sql: string): Promise<void> {
    return call<void>((done) => this.#database.exec(sql, done));
  }

  #all(sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return call<Row[]>((done) => this.#database.all(sql, params, done));
  }
}

class Sqlite3Cursor implements SqliteCursor {
  readonly #statement: Sqlite3Statement;
  readonly #map: (rows: Row[]) => Row[];
  readonly #sql: string;
  readonly #onClose: () => void;
  #params: readonly unknown[] | undefined;
  #ended = false;

  constructor(
    statement: Sqlite3Statement,
    params: readonly unknown[],
    map: (rows: Row[]) => Row[],
    sql: string,
    onClose: () => void,
  ) {
    this.#onClose = onClose;
    this.#statement = statement;
    this.#params = params;
    this.#map = map;
    this.#sql = sql;
  }

  async read(count: number): Promise<Row[]> {
    if (this.#ended) return [];
    try {
      const steps: Promise<Row | undefined>[] = [];
      // The package sqlite3 runs the steps of one statement one after the other, so starting them together costs
      // nothing.
      for (let step = 0; step < count; step++) steps.push(this.#step());
      const rows = (await Promise.all(steps)).filter((row) => row !== undefined);
      this.#ended = rows.length < count;
      return this.#map(rows);
    } catch (error) {
      throw toFailure(error, this.#sql);
    }
  }

  async close(): Promise<void> {
    this.#onClose();
    await finalize(this.#statement);
  }

  #step(): Promise<Row | undefined> {
    const params = this.#params;
    this.#params = undefined;
    return call<Row | undefined>((done) =>
      params === undefined || params.length === 0
        ? this.#statement.get(done)
        : this.#statement.get(params, done),
    );
  }
}

async function send(
  { statement, map }: Prepared,
  params: readonly unknown[],
  rows: boolean,
): Promise<QueryResult> {
  if (rows) {
    const read = map(await call<Row[]>((done) => statement.all(params, done)));
    return { rows: read, affected: read.length };
  }
  const affected = await new Promise<number>((resolve, reject) => {
    statement.run(params, function (error) {
      if (error) reject(error);
      else resolve(this.changes);
    });
  });
  return { rows: [], affected };
}

function call<Result>(send: (done: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    send((error, result) => (error ? reject(error) : resolve(result)));
  });
}

function finalize(statement: Sqlite3Statement): Promise<void> {
  return new Promise((resolve) => statement.finalize(() => resolve()));
}

function isLarge(value: Parameter): boolean {
  if (typeof value === "bigint") return value > largest || value < -largest;
  return typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) > Number(largest);
}

function bind(value: Parameter): unknown {
  if (isLarge(value)) return String(value);
  const stored = toSqliteValue(value);
  if (typeof stored === "bigint") return Number(stored);
  return stored instanceof Uint8Array
    ? Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
    : stored;
}

/** The package sqlite3 returns integers as floating-point numbers. As strings they stay exact. */
function readWhole(
  sql: string,
  described: readonly DescribedColumn[],
  columns: readonly { readonly name: string; readonly type: unknown }[],
): string {
  const list = described.map(({ name }, index) => {
    const quoted = quote(name);
    const result = quote(columns[index]?.name ?? name);
    return columns[index]?.type === "bigint"
      ? `CAST(${quoted} AS TEXT) AS ${result}`
      : `${quoted} AS ${result}`;
  });
  const returning = findReturning(sql);
  if (returning === undefined) {
    const names = described.map(({ name }) => quote(name)).join(", ");
    const text = sql.trim().replace(/;$/, "");
    return `WITH miqro_rows (${names}) AS (${text}) SELECT ${list.join(", ")} FROM miqro_rows`;
  }
  // RETURNING can be rewritten only for columns of the table. Other expressions are not changed.
  const plain = returning
    .trim()
    .split(",")
    .map((part) => part.trim());
  const whole = plain.length === 1 && plain[0] === "*" ? list : plain.map((part) => wholePart(part, columns));
  return `${sql.slice(0, sql.length - returning.length)} ${whole.join(", ")}`;
}

function wholePart(
  part: string,
  columns: readonly { readonly name: string; readonly type: unknown }[],
): string {
  const named = /^(`(?:[^`]|``)+`|"(?:[^"]|"")+"|\w+)(?:\s+AS\s+(`(?:[^`]|``)+`|"(?:[^"]|"")+"|\w+))?$/i.exec(
    part,
  );
  if (named === null) return part;
  const result = named[2] ?? (named[1] as string);
  const name = /^[`"]/.test(result)
    ? result.slice(1, -1).replace(/``|""/g, (twice) => twice[0] as string)
    : result;
  const column = columns.find((each) => each.name === name);
  return column?.type === "bigint" ? `CAST(${named[1]} AS TEXT) AS ${quote(name)}` : part;
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

function toBigint(value: unknown, column: string, mode: BigintMode): unknown {
  if (typeof value !== "string" || !/^-?\d+$/.test(value)) return value;
  if (mode === "string") return value;
  if (mode === "bigint") return BigInt(value);
  return checkWhole(Number(value), column);
}

function checkWhole(value: unknown, column: string): unknown {
  if (typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value)) return value;
  throw new UnreadableValue(
    `The column "${column}" holds a whole number near ${value}, which a number of JavaScript cannot hold exactly; declare the ` +
      'column as bigint and give the Database { bigint: "bigint" } or { bigint: "string" }.',
  );
}

function toFailure(error: unknown, sql: string): unknown {
  if (error instanceof UnreadableValue) {
    return new StatementError("QUERY_UNREADABLE_VALUE", error.message, sql, error);
  }
  const { errno, message } = error as { readonly errno?: number; readonly message: string };
  if (typeof errno !== "number") return error;
  return new SqliteFailure(errno & 0xff, message.replace(/^SQLITE_\w+: /, ""), sql, error);
}
