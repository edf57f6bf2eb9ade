import type { InListNode } from "../../ast/condition-node.js";
import type { SelectNode } from "../../ast/select-node.js";
import type {
  AlterTableNode,
  ColumnDefinitionNode,
  CreateIndexNode,
  ReferenceNode,
} from "../../ast/table-nodes.js";
import { splitName } from "../../builder/split-name.js";
import type { Capabilities } from "../../compiler/capabilities.js";
import { QueryCompiler } from "../../compiler/query-compiler.js";
import { QueryArgumentError } from "../../errors.js";
import { elementOf, type ScalarType } from "../../values/column-type.js";
import type { Parameter } from "../../values/parameter.js";
import { toSqliteValue } from "./values/sqlite-value.js";

const capabilities: Capabilities = {
  offsetNeedsLimit: true,
  forUpdate: false,
  nullsAreGreatest: false,
  ilike: false,
  truncate: false,
};

// The declared type sets the affinity of a column. With `JSON` instead of `JSON TEXT`, SQLite would store the string
// `12` as a number.
const declaredTypes: Readonly<Record<ScalarType, string>> = {
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

/** Writes SQL for SQLite. It is the same for all drivers. */
export class SqliteCompiler extends QueryCompiler {
  protected override readonly capabilities: Capabilities = capabilities;
  protected override readonly dialect: string;

  constructor(dialect: string) {
    super();
    this.dialect = dialect;
  }

  // Uses backticks, because SQLite reads an unknown name in double quotes as a string.
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
    if (elementOf(column.type) !== undefined) {
      throw this.unsupported(`type "${column.type}"`, 'declare the column as "json"');
    }
    return column.autoIncrement ? "INTEGER" : declaredTypes[column.type as ScalarType];
  }

  protected override autoIncrement(column: ColumnDefinitionNode): string {
    return column.autoIncrement ? " AUTOINCREMENT" : "";
  }

  // In SQLite, the schema is written before the name of the index, and the name of the table has no schema.
  protected override createIndex(node: CreateIndexNode): void {
    const { schema, name } = splitName(node.table);
    if (schema === undefined) {
      super.createIndex(node);
      return;
    }
    this.sql += `CREATE ${node.unique ? "UNIQUE " : ""}INDEX ${node.ifNotExists ? "IF NOT EXISTS " : ""}`;
    this.sql += `${this.identifier(schema)}.${this.quote(node.name)} ON ${this.quote(name)}`;
    this.sql += ` (${node.columns.map((column) => this.quote(column)).join(", ")})`;
  }

  // A reference cannot refer to another schema, so the name of its table is written without a schema.
  protected override reference(node: ReferenceNode, table: string): string {
    const own = splitName(table).schema ?? "main";
    const { schema, name } = splitName(node.table);
    if (schema === undefined) return super.reference(node, table);
    if (schema === own) return super.reference({ ...node, table: name }, table);
    throw this.unsupported(
      `reference from "${table}" to the other schema of "${node.table}"`,
      "keep both tables in one schema",
    );
  }

  // `schema.table.*` is not valid in SQLite, so `table.*` is written.
  protected override column(name: string): string {
    if (!name.endsWith(".*")) return super.column(name);
    return `${this.quote(splitName(name.slice(0, -2)).name)}.*`;
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

  // Without a WHERE, SQLite would read ON of ON CONFLICT as the ON of a join.
  protected override insertedSelect(select: SelectNode, conflict: boolean): void {
    const plain = select.unions.length === 0 && select.orderBy.length === 0 && select.limit === undefined;
    if (!conflict || (plain && select.where.length > 0)) super.insertedSelect(select, conflict);
    else {
      this.sql += "SELECT * FROM (";
      super.insertedSelect(select, conflict);
      this.sql += ") WHERE true";
    }
  }

  // The whole array is one parameter, because a statement can have at most 32,766 parameters.
  protected override inList(node: InListNode): void {
    this.expression(node.left);
    this.sql += node.negated
      ? " NOT IN (SELECT +value FROM json_each("
      : " IN (SELECT +value FROM json_each(";
    this.param(node.list.slot, this.targetOf(node.left));
    this.sql += "))";
  }

  protected override literal(value: Parameter): string {
    const stored = toSqliteValue(value);
    if (stored === null) return "NULL";
    if (typeof stored === "string") {
      if (stored.includes("\0"))
        throw new QueryArgumentError("A default string cannot have a NUL character.");
      return `'${stored.replaceAll("'", "''")}'`;
    }
    if (stored instanceof Uint8Array) return `X'${Buffer.from(stored).toString("hex")}'`;
    if (typeof stored === "number" && !Number.isFinite(stored)) return stored > 0 ? "9e999" : "-9e999";
    return String(stored);
  }
}
