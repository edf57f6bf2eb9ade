import type { SelectNode } from "../ast/select-node.js";
import type { AlterTableNode, ColumnDefinitionNode } from "../ast/table-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { ColumnType } from "../values/column-type.js";
import type { Parameter } from "../values/parameter.js";
import { toSqliteValue } from "../values/sqlite-value.js";
import type { Capabilities } from "./capabilities.js";
import { QueryCompiler } from "./query-compiler.js";

const capabilities: Capabilities = {
  offsetNeedsLimit: true,
  forUpdate: false,
  nullsAreGreatest: false,
  ilike: false,
  truncate: false,
};

// The affinity of the declared type decides what SQLite stores: JSON alone would turn the text 12 into a number.
const declaredTypes: Readonly<Record<ColumnType, string>> = {
  integer: "INTEGER",
  bigint: "BIGINT",
  real: "REAL",
  decimal: "DECIMAL TEXT",
  text: "TEXT",
  string: "TEXT",
  boolean: "BOOLEAN",
  datetime: "DATETIME",
  date: "DATE TEXT",
  json: "JSON TEXT",
  blob: "BLOB",
  uuid: "UUID TEXT",
};

/** SQL for SQLite, whichever driver sends it. */
export class SqliteCompiler extends QueryCompiler {
  protected override readonly capabilities: Capabilities = capabilities;
  protected override readonly dialect: string;

  constructor(dialect: string) {
    super();
    this.dialect = dialect;
  }

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

  protected override alterTable(node: AlterTableNode): void {
    if (node.change === "add-column" && (node.column.primaryKey || node.column.unique)) {
      throw this.unsupported(
        "ADD COLUMN with primaryKey or unique",
        "add the column, then a unique index with createIndex()",
      );
    }
    super.alterTable(node);
  }

  // Without a WHERE, SQLite would take ON CONFLICT for the ON of a join.
  protected override insertedSelect(select: SelectNode, conflict: boolean): void {
    const plain = select.unions.length === 0 && select.orderBy.length === 0 && select.limit === undefined;
    if (!conflict || (plain && select.where.length > 0)) super.insertedSelect(select, conflict);
    else {
      this.sql += "SELECT * FROM (";
      super.insertedSelect(select, conflict);
      this.sql += ") WHERE true";
    }
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
