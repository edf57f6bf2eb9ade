import type { Database } from "@miqro/query";

/** A database of the running app, with its tables. */
export interface DatabaseInfo {
  readonly name: string;
  readonly dialect: string;
  readonly tables: readonly { readonly name: string; readonly isView: boolean }[];
}

/** A page of a table. */
export interface TablePage {
  readonly columns: readonly string[];
  /** The values in the form in which the editor shows them. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  /** The number of rows of the table. */
  readonly count: number;
  readonly offset: number;
}

const sqliteTables =
  "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
const postgresTables =
  "SELECT table_name AS name, table_type AS type FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name";
const postgresKey = `SELECT k.column_name AS name FROM information_schema.table_constraints c
  JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
  WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = current_schema() AND c.table_name = ? ORDER BY k.ordinal_position`;

/** Lists the tables of a database. */
export async function readTables(name: string, database: Database): Promise<DatabaseInfo> {
  const isPostgres = database.dialect === "pg";
  const found = await database.query(isPostgres ? postgresTables : sqliteTables);
  return {
    name,
    dialect: database.dialect,
    tables: found.map((row) => ({ name: String(row.name), isView: /view/i.test(String(row.type)) })),
  };
}

/**
 * Reads rows of a table. Changes nothing.
 * @throws {RangeError} when the database has no such table
 */
export async function readRows(
  database: Database,
  table: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<TablePage> {
  const { tables } = await readTables("", database);
  if (!tables.some(({ name }) => name === table)) throw new RangeError(`There is no table ${table}.`);
  const from = quote(table);
  const keys = database.dialect === "pg" ? await database.query(postgresKey, [table]) : [];
  // Without a primary key, there is no order: SQLite uses the order of its rows, and PostgreSQL any order.
  const order =
    keys.length === 0 ? "" : ` ORDER BY ${keys.map(({ name }) => quote(String(name))).join(", ")}`;
  const [counted] = await database.query(`SELECT count(*) AS n FROM ${from}`);
  const rows = await database.query(`SELECT * FROM ${from}${order} LIMIT ? OFFSET ?`, [limit, offset]);
  const columns = Object.keys(rows[0] ?? {});
  return {
    columns,
    rows: rows.map((row) => columns.map((column) => toShown(row[column]))),
    count: Number(counted?.n ?? 0),
    offset,
  };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const longestText = 500;

function toShown(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  return text.length > longestText ? `${text.slice(0, longestText)} ...` : text;
}
