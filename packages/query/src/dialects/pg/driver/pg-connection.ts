import { randomBytes } from "node:crypto";
import type { Query, QueryResult } from "../../../driver/driver.js";
import { isWrite } from "../../../driver/is-write.js";
import { DatabaseConnectionError, StatementError } from "../../../errors.js";
import type { Parameter } from "../../../values/parameter.js";
import type { Row } from "../../../values/row.js";
import {
  type BigintMode,
  createRowMapper,
  type RowMapper,
  UnreadableValue,
} from "../../../values/row-mapper.js";
import { chooseReader, firstCustomType } from "../values/pg-conversions.js";
import { toPgValue } from "../values/pg-value.js";
import type { PgClient, PgField, PgResult } from "./pg-client.js";

// The driver returns strings. The row mapper of the statement converts them by the types of the columns.
const asText = { getTypeParser: () => (text: string) => text };

/**
 * The prefix of the statement names of this process. A pooler gives one connection of the server to many clients, and
 * no client may use a statement of another client.
 */
const namePrefix = `miqro_${randomBytes(6).toString("hex")}_`;

/** The number of statements that this process has named. */
let named = 0;

/** The number of unused statements on the server after which the connection is replaced. */
const mostLeft = 1000;

const oids = { int8: 20, int8Array: 1016 } as const;

/**
 * Counts changes of tables that made prepared statements of a database invalid. All connections of the database share
 * the counter.
 */
export interface StaleCount {
  value: number;
}

/** What the connections of a database share. */
export interface SharedState {
  readonly stale: StaleCount;
  /** The array types that the user created, as far as results contained them. */
  readonly arrays: Map<number, number | undefined>;
}

/**
 * Finds the element types of array types. An array of a domain contains values of the type under the domain. Arrays
 * with another delimiter are left out, because their strings have another form.
 */
const elementsSQL = `SELECT a.oid, CASE e.typtype WHEN 'd' THEN e.typbasetype ELSE e.oid END
FROM pg_catalog.pg_type a JOIN pg_catalog.pg_type e ON e.oid = a.typelem
WHERE a.typcategory = 'A' AND a.typdelim = ',' AND a.oid = ANY($1::oid[])`;

export interface PgConnectionOptions {
  readonly bigint: BigintMode;
  readonly statementCache: number;
  /**
   * Whether the connection goes through a pooler in transaction mode. No state may then be stored in the connection.
   */
  readonly pooler: boolean;
}

/** The properties of a server error that this file uses. */
interface PgError {
  readonly code?: string;
  readonly message: string;
  /** The function of the server that reported the error. */
  readonly routine?: string;
  /** The part of the statement that the error concerns. */
  readonly where?: string;
}

/**
 * A prepared statement keeps the types of its parameters if the type of a column changes. Then its parameters no longer
 * fit the column (these codes), or their values do not fit the old type.
 */
const otherTypes: ReadonlySet<string> = new Set(["42804", "42846", "42883", "42725"]);

interface KnownStatement {
  /** Undefined for a statement that is parsed again for each call. */
  readonly name: string | undefined;
  /** Whether the server has prepared the statement. */
  isPrepared: boolean;
  fields: readonly PgField[] | undefined;
  mapper: RowMapper | undefined;
}

/** A connection to PostgreSQL. One statement or transaction uses it at a time. */
export class PgConnection {
  readonly #client: PgClient;
  readonly #bigint: BigintMode;
  readonly #cacheSize: number;
  readonly #pooler: boolean;
  readonly #stale: StaleCount;
  readonly #arrays: SharedState["arrays"];
  readonly #statements: Map<string, KnownStatement> = new Map();
  #staleSeen: number;
  #left = 0;
  #broken: Error | undefined;

  constructor(client: PgClient, options: PgConnectionOptions, { stale, arrays }: SharedState) {
    this.#client = client;
    this.#bigint = options.bigint;
    this.#cacheSize = options.statementCache;
    this.#pooler = options.pooler;
    this.#stale = stale;
    this.#arrays = arrays;
    this.#staleSeen = stale.value;
    client.on("error", (error) => {
      this.#broken ??= error;
    });
    client.on("end", () => {
      this.#broken ??= new Error("the connection was closed");
    });
  }

  /** The error that made the connection unusable, if any. */
  get broken(): Error | undefined {
    return this.#broken;
  }

  /** Whether the connection has many unused statements and should be replaced. */
  get worn(): boolean {
    return this.#left > mostLeft;
  }

  /** Whether a statement may write rows and then return a row with a value that cannot be converted. */
  canSurprise(query: Query): boolean {
    if (!query.rows || this.#bigint !== "number" || !isWrite(query)) return false;
    const fields = this.#statements.get(query.sql)?.fields;
    const { int8, int8Array } = oids;
    const isWide = fields?.some(({ dataTypeID }) => dataTypeID === int8 || dataTypeID === int8Array);
    if (isWide === false) return false;
    return query.echoes !== true || query.params.some(isUnsafe);
  }

  async execute(query: Query): Promise<QueryResult> {
    if (this.#staleSeen !== this.#stale.value) this.#forgetAll();
    const known = this.#known(query.sql);
    let result: PgResult;
    try {
      result = await this.#send(known?.name, query);
    } catch (error) {
      throw this.#toExecuteError(error, known, query.sql);
    }
    if (known !== undefined) known.isPrepared = true;
    if (!Array.isArray(result.fields) || result.fields.length === 0) {
      return { rows: [], affected: result.rowCount ?? 0 };
    }
    if (result.fields.some(this.#isUnknown)) await this.#learnTypes(result.fields);
    try {
      const rows = this.#mapperOf(known, result.fields)(result.rows);
      return { rows, affected: result.rowCount ?? rows.length };
    } catch (error) {
      throw toStatementError(error, query.sql);
    }
  }

  /** Sends an internal statement, such as BEGIN, and resolves to its command tag. */
  async command(text: string): Promise<string> {
    try {
      return (await this.#send(undefined, { sql: text, params: [] })).command;
    } catch (error) {
      throw this.#toError(error, text);
    }
  }

  /** Declares a cursor for a statement with parameters. */
  async declare(sql: string, params: Query["params"]): Promise<void> {
    try {
      await this.#send(undefined, { sql, params });
    } catch (error) {
      throw this.#toError(error, sql);
    }
  }

  /** Sends a statement without a name and resolves to its rows. */
  async fetch(text: string): Promise<Row[]> {
    return (await this.execute({ sql: text, params: [], access: "read", rows: true })).rows;
  }

  /**
   * Informs all connections of the database that tables have changed. A prepared statement may otherwise keep the types
   * of its parameters, which can lose digits without an error.
   */
  tellOfChange(): void {
    this.#stale.value++;
  }

  async close(): Promise<void> {
    this.#broken ??= new Error("the connection was closed");
    await this.#client.end().catch(() => {});
  }

  /** Closes the socket without a message to the server. */
  destroy(): void {
    this.#broken ??= new Error("the connection was closed");
    this.#client.connection.stream.destroy();
  }

  /**
   * Converts an error of the server. If a prepared statement is out of date, removes it from the cache and returns a
   * `StalePlan`; the caller then sends the statement again if it can.
   */
  #toExecuteError(error: unknown, known: KnownStatement | undefined, sql: string): unknown {
    if (known?.name === undefined) return this.#toError(error, sql);
    const { code, message, routine } = error as PgError;
    const wasPrepared = known.isPrepared;
    // If parsing failed, the server has no statement with this name. If only running it failed, the server still has
    // the statement.
    known.isPrepared = this.#client.connection.parsedStatements?.[known.name] !== undefined;
    if (!known.isPrepared) this.#statements.delete(sql);
    // The message must contain this name: statements that the user prepared with SQL have other names. On its first use
    // a statement cannot be out of date, so the error then concerns the statement itself.
    const isGone = (code === "26000" || code === "42P05") && message.includes(known.name);
    const hasOtherTypes = wasPrepared && otherTypes.has(code ?? "");
    if (wasPrepared && isParameterError(error as PgError)) {
      // Perhaps the value is wrong. Sending the statement again with new types shows this.
      this.#statements.delete(sql);
      this.#left++;
      return new StalePlan(this.#toError(error, sql));
    }
    const isStale = isGone || hasOtherTypes || (code === "0A000" && wasPrepared);
    if (!isStale) return this.#toError(error, sql);
    this.#statements.delete(sql);
    let reason = "the tables have changed since the prepared statement was made; run the transaction again";
    if (code === "0A000" || hasOtherTypes) {
      this.#left++;
      // The tables have changed. The counter informs the other connections, so that their statements do not have to
      // fail first.
      if (hasOtherTypes || routine === "RevalidateCachedQuery") this.#stale.value++;
    } else {
      this.#forgetAll();
      reason =
        "DEALLOCATE or DISCARD dropped it, or a pooler lent another connection (then give the Database { pooler: true })";
    }
    return new StalePlan(
      new StatementError(
        "QUERY_STATEMENT_FAILED",
        `The database refused the statement: ${message}; ${reason}.`,
        sql,
        error,
      ),
    );
  }

  #forgetAll(): void {
    this.#left += this.#statements.size;
    this.#statements.clear();
    this.#staleSeen = this.#stale.value;
  }

  #toError(error: unknown, sql: string): unknown {
    // When the server closes the connection, its last message can arrive as the error of a statement, before the event
    // `end`.
    if (endsConnection(error)) this.#broken ??= error as Error;
    return this.#broken === undefined ? toStatementError(error, sql) : toLostError(error);
  }

  #send(name: string | undefined, { sql, params }: Pick<Query, "sql" | "params">): Promise<PgResult> {
    const values = new Array<unknown>(params.length);
    for (let index = 0; index < values.length; index++) values[index] = toPgValue(params[index] as never);
    return this.#client.query({ name, text: sql, values, rowMode: "array", types: asText });
  }

  /** Returns the prepared statement for an SQL text. Returns undefined if the cache is full. */
  #known(sql: string): KnownStatement | undefined {
    const known = this.#statements.get(sql);
    if (known !== undefined || this.#statements.size >= this.#cacheSize || sql.startsWith("FETCH"))
      return known;
    const name = this.#pooler ? undefined : namePrefix + ++named;
    const added: KnownStatement = { name, isPrepared: false, fields: undefined, mapper: undefined };
    this.#statements.set(sql, added);
    return added;
  }

  readonly #isUnknown = ({ dataTypeID }: PgField): boolean =>
    dataTypeID >= firstCustomType && !this.#arrays.has(dataTypeID);

  /** Asks the server which types of these columns are arrays. Each type is asked for once per database. */
  async #learnTypes(fields: readonly PgField[]): Promise<void> {
    const unknown = new Set(fields.filter(this.#isUnknown).map(({ dataTypeID }) => dataTypeID));
    try {
      const params = [`{${[...unknown].join(",")}}`];
      const { rows } = await this.#send(undefined, { sql: elementsSQL, params });
      const elements = new Map(rows.map(([array, element]) => [Number(array), Number(element)]));
      for (const type of unknown) this.#arrays.set(type, elements.get(type));
    } catch (error) {
      throw this.#toError(error, elementsSQL);
    }
  }

  #mapperOf(known: KnownStatement | undefined, fields: readonly PgField[]): RowMapper {
    if (known?.mapper !== undefined && known.fields !== undefined && isSame(known.fields, fields)) {
      return known.mapper;
    }
    const mapper = createRowMapper(
      fields.map((field) => field.name),
      fields.map((field) => chooseReader(field.dataTypeID, field.name, this.#bigint, this.#arrays)),
    );
    if (known !== undefined) {
      known.fields = fields;
      known.mapper = mapper;
    }
    return mapper;
  }
}

/** Whether the server could not read the value of a parameter as its type. It then has not run the statement. */
function isParameterError({ code = "", where = "" }: PgError): boolean {
  return code.startsWith("22") && /\bparameter \$\d/.test(where);
}

/** Whether a statement may change the type of a column. */
export function mayChangeTypes({ access, sql }: Query): boolean {
  return access === "schema" && /^\s*ALTER\b/i.test(sql);
}

function isUnsafe(value: Parameter): boolean {
  return typeof value === "bigint" && !Number.isSafeInteger(Number(value));
}

/**
 * A prepared statement is out of date, and the server did not run it. Outside of a transaction it can be sent again.
 */
export class StalePlan extends Error {
  /** The error for the user if the statement cannot be sent again. */
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("The prepared statement is out of date.");
    this.reason = reason;
  }
}

function isSame(left: readonly PgField[], right: readonly PgField[]): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  return left.every((field, index) => {
    const other = right[index];
    return field.name === other?.name && field.dataTypeID === other.dataTypeID;
  });
}

function endsConnection(error: unknown): boolean {
  const { code, severity } = (error ?? {}) as { readonly code?: unknown; readonly severity?: unknown };
  // SQLSTATE class 08 means a broken connection. 57P01 to 57P03 mean that the server is shutting down or not ready.
  const state = typeof code === "string" && /^(?:08...|57P0[123])$/.test(code);
  return state || severity === "FATAL" || severity === "PANIC" || /^E(?:CONN|PIPE)/.test(String(code));
}

function toLostError(cause: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    "QUERY_CONNECTION_LOST",
    `The connection to PostgreSQL was lost: ${(cause as Error)?.message ?? cause}; it is not known whether the statement was done, so check that before you send it again.`,
    cause,
  );
}

function toStatementError(error: unknown, sql: string): unknown {
  if (error instanceof UnreadableValue) {
    return new StatementError("QUERY_UNREADABLE_VALUE", error.message, sql, error);
  }
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (typeof code !== "string" || code.length !== 5) return error;
  // SQLSTATE class 23 means a violated constraint.
  return code.startsWith("23")
    ? new StatementError("QUERY_CONSTRAINT_FAILED", `The database refused the row: ${message}.`, sql, error)
    : new StatementError(
        "QUERY_STATEMENT_FAILED",
        `The database refused the statement: ${message}.`,
        sql,
        error,
      );
}
