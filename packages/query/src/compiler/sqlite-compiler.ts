import type { ColumnDefinitionNode } from "../ast/table-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { ColumnType } from "../values/column-type.js";
import type { Parameter } from "../values/parameter.js";
import { toSqliteValue } from "../values/sqlite-value.js";
import type { Capabilities } from "./capabilities.js";
import { QueryCompiler } from "./query-compiler.js";

const capabilities: Capabilities = {
  returning: true,
  offsetNeedsLimit: true,
};

// The affinity of the declared type decides what SQLite stores: JSON alone would turn the text 12 into a number.
const declaredTypes: Readonly<Record<ColumnType, string>> = {
  integer: "INTEGER",
  bigint: "BIGINT",
  real: "REAL",
  text: "TEXT",
  string: "TEXT",
  boolean: "BOOLEAN",
  datetime: "DATETIME",
  json: "JSON TEXT",
  blob: "BLOB",
  uuid: "UUID TEXT",
};

/** SQL for SQLite, whichever driver sends it. */
export class SqliteCompiler extends QueryCompiler {
  protected override readonly capabilities: Capabilities = capabilities;

  // Not double quotes: SQLite takes an unknown name in those for a string.
  protected override quote(name: string): string {
    if (name === "" || name.includes("\0")) {
      throw new QueryArgumentError(
        `${JSON.stringify(name)} cannot name a table or a column; a name is not empty and has no NUL character.`,
      );
    }
    return `\`${name.includes("`") ? name.replaceAll("`", "``") : name}\``;
  }

  protected override placeholder(): string {
    return "?";
  }

  protected override columnType(column: ColumnDefinitionNode): string {
    return column.autoIncrement ? "INTEGER" : declaredTypes[column.type];
  }

  protected override autoIncrement(column: ColumnDefinitionNode): string {
    return column.autoIncrement ? " AUTOINCREMENT" : "";
  }

  protected override literal(value: Parameter): string {
    const stored = toSqliteValue(value);
    if (stored === null) return "NULL";
    if (typeof stored === "string") {
      if (stored.includes("\0")) throw new QueryArgumentError("A default text cannot have a NUL character.");
      return `'${stored.replaceAll("'", "''")}'`;
    }
    if (stored instanceof Uint8Array) return `X'${Buffer.from(stored).toString("hex")}'`;
    if (typeof stored === "number" && !Number.isFinite(stored)) return stored > 0 ? "9e999" : "-9e999";
    return String(stored);
  }
}
