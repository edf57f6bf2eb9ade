import { DatabaseConnectionError, StatementError } from "../../errors.js";
import { chooseReader } from "../../values/pg-conversions.js";
import { toPgValue } from "../../values/pg-value.js";
import type { Row } from "../../values/row.js";
import {
  type BigintMode,
  createRowMapper,
  type RowMapper,
  UnreadableValue,
} from "../../values/row-mapper.js";
import type { Query, QueryResult } from "../driver.js";
import type { PgClient, PgField, PgResult } from "./pg-client.js";

// Text is read by the mapper of the statement, which knows the columns.
const asText = { getTypeParser: () => (text: string) => text };

interface KnownStatement {
  readonly name: string;
  fields: readonly PgField[] | undefined;
  mapper: RowMapper | undefined;
}

/** One connection to PostgreSQL, used by one statement or transaction at a time. */
export class PgConnection {
  readonly #client: PgClient;
  readonly #bigint: BigintMode;
  readonly #cacheSize: number;
  readonly #statements: Map<string, KnownStatement> = new Map();
  #prepared = 0;
  #broken: Error | undefined;

  constructor(client: PgClient, options: { readonly bigint: BigintMode; readonly statementCache: number }) {
    this.#client = client;
    this.#bigint = options.bigint;
    this.#cacheSize = options.statementCache;
    client.on("error", (error) => {
      this.#broken ??= error;
    });
    client.on("end", () => {
      this.#broken ??= new Error("the connection was closed");
    });
  }

  /** Why the connection can no longer be used. */
  get broken(): Error | undefined {
    return this.#broken;
  }

  async execute(query: Query): Promise<QueryResult> {
    const known = this.#known(query.sql);
    let result: PgResult;
    try {
      result = await this.#send(known?.name, query);
    } catch (error) {
      // The tables have changed under a prepared statement: it gives other columns now.
      if (known === undefined || (error as { code?: string }).code !== "0A000")
        throw this.#toError(error, query.sql);
      this.#statements.delete(query.sql);
      throw new StalePlan(toStatementError(error, query.sql));
    }
    if (!Array.isArray(result.fields) || result.fields.length === 0) {
      return { rows: [], affected: result.rowCount ?? 0 };
    }
    try {
      const rows = this.#mapperOf(known, result.fields)(result.rows);
      return { rows, affected: result.rowCount ?? rows.length };
    } catch (error) {
      throw toStatementError(error, query.sql);
    }
  }

  /** Sends a statement of this package's own, such as BEGIN, and resolves to its command tag. */
  async command(text: string): Promise<string> {
    try {
      return (await this.#send(undefined, { sql: text, params: [] })).command;
    } catch (error) {
      throw this.#toError(error, text);
    }
  }

  /** Declares a cursor, whose statement has parameters. */
  async declare(sql: string, params: Query["params"]): Promise<void> {
    try {
      await this.#send(undefined, { sql, params });
    } catch (error) {
      throw this.#toError(error, sql);
    }
  }

  /** The rows of a statement that no name is kept for. */
  async fetch(text: string): Promise<Row[]> {
    return (await this.execute({ sql: text, params: [], access: "read", rows: true })).rows;
  }

  async close(): Promise<void> {
    this.#broken ??= new Error("the connection was closed");
    await this.#client.end().catch(() => {});
  }

  /** Ends the connection without a word to the server. */
  destroy(): void {
    this.#broken ??= new Error("the connection was closed");
    this.#client.connection.stream.destroy();
  }

  #toError(error: unknown, sql: string): unknown {
    // The last word of the server answers the statement that came too late, before the connection is seen to end.
    if (endsConnection(error)) this.#broken ??= error as Error;
    return this.#broken === undefined ? toStatementError(error, sql) : toLostError(error);
  }

  #send(name: string | undefined, { sql, params }: Pick<Query, "sql" | "params">): Promise<PgResult> {
    const values = new Array<unknown>(params.length);
    for (let index = 0; index < values.length; index++) values[index] = toPgValue(params[index] as never);
    return this.#client.query({ name, text: sql, values, rowMode: "array", types: asText });
  }

  /** The prepared statement of a text; undefined once there are as many as may be kept. */
  #known(sql: string): KnownStatement | undefined {
    const known = this.#statements.get(sql);
    if (known !== undefined || this.#prepared >= this.#cacheSize || sql.startsWith("FETCH")) return known;
    const added: KnownStatement = { name: `miqro_${++this.#prepared}`, fields: undefined, mapper: undefined };
    this.#statements.set(sql, added);
    return added;
  }

  #mapperOf(known: KnownStatement | undefined, fields: readonly PgField[]): RowMapper {
    if (known?.mapper !== undefined && known.fields !== undefined && isSame(known.fields, fields)) {
      return known.mapper;
    }
    const mapper = createRowMapper(
      fields.map((field) => field.name),
      fields.map((field) => chooseReader(field.dataTypeID, field.name, this.#bigint)),
    );
    if (known !== undefined) {
      known.fields = fields;
      known.mapper = mapper;
    }
    return mapper;
  }
}

/** A prepared statement no longer fits its tables; outside of a transaction it can be sent once more. */
export class StalePlan extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super("The prepared statement no longer fits its tables.");
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
  // SQLSTATE 08 is the class of broken connections, 57P01 to 57P03 are a server that goes away or is not there yet.
  const state = typeof code === "string" && /^(?:08...|57P0[123])$/.test(code);
  return state || severity === "FATAL" || severity === "PANIC" || /^E(?:CONN|PIPE)/.test(String(code));
}

export function toLostError(cause: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    "QUERY_CONNECTION_LOST",
    `The connection to PostgreSQL was lost: ${(cause as Error)?.message ?? cause}; whether the statement was done is not known.`,
    cause,
  );
}

export function toStatementError(error: unknown, sql: string): unknown {
  if (error instanceof UnreadableValue) {
    return new StatementError("QUERY_UNREADABLE_VALUE", error.message, sql, error);
  }
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (typeof code !== "string" || code.length !== 5) return error;
  // Class 23 of the SQLSTATE codes is the violation of a constraint.
  return code.startsWith("23")
    ? new StatementError("QUERY_CONSTRAINT_FAILED", `The database refused the row: ${message}.`, sql, error)
    : new StatementError(
        "QUERY_STATEMENT_FAILED",
        `The database refused the statement: ${message}.`,
        sql,
        error,
      );
}
