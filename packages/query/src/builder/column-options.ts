import type {
  ColumnDefinitionNode,
  DefaultValue,
  ReferenceAction,
  ReferenceNode,
} from "../ast/table-nodes.js";
import { QueryArgumentError } from "../errors.js";
import { RawSql } from "../sql/raw-sql.js";
import { type ColumnType, columnTypes } from "../values/column-type.js";
import { toStoredValue } from "../values/to-stored-value.js";
import { checkKeys, checkOneOf, checkRow, checkTable } from "./check-arguments.js";

/** The column of another table that a column points at. */
export interface ReferenceOptions {
  readonly table: string;
  readonly column: string;
  /** What happens to the row when the one it points at is deleted. */
  readonly onDelete?: ReferenceAction;
  /** What happens to the row when the key that it points at changes. */
  readonly onUpdate?: ReferenceAction;
}

/** How a column is declared. */
export interface ColumnOptions {
  readonly type: ColumnType;
  /** Identifies the row; several such columns do so together. Implies `notNull`. */
  readonly primaryKey?: boolean;
  /** The database counts: only for the one primary key of a table, of type integer or bigint. */
  readonly autoIncrement?: boolean;
  readonly notNull?: boolean;
  /** No two rows have the same value. */
  readonly unique?: boolean;
  /** The value of rows that give none: one of the column's type, or `raw("CURRENT_TIMESTAMP")`. */
  readonly default?: unknown;
  readonly references?: ReferenceOptions;
  /** `createTable` and `sync` also make an index of this column, named `TABLE_COLUMN`. */
  readonly index?: boolean;
  /** What must hold for every row, in SQL: `raw("price > 0")`. */
  readonly check?: RawSql;
}

/** The columns of a table by name, in order. */
export type Columns = Readonly<Record<string, ColumnOptions>>;

const actions: readonly ReferenceAction[] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];
const flags = ["primaryKey", "autoIncrement", "notNull", "unique", "index"] as const;
const known: readonly string[] = ["type", ...flags, "default", "references", "check"];
const knownOfReferences: readonly string[] = ["table", "column", "onDelete", "onUpdate"];

/** Checks the columns of a table and makes nodes of them. */
export function toColumnDefinitions(table: string, columns: Columns): ColumnDefinitionNode[] {
  const entries = Object.entries(checkRow(columns, "createTable()"));
  if (entries.length === 0) throw new QueryArgumentError(`The table "${table}" needs at least one column.`);
  const nodes = entries.map(([name, options]) => toColumnDefinition(name, options as ColumnOptions));
  const keys = nodes.filter((node) => node.primaryKey);
  for (const node of nodes) {
    const counts =
      node.primaryKey && keys.length === 1 && (node.type === "integer" || node.type === "bigint");
    if (node.autoIncrement && !counts) {
      throw new QueryArgumentError(
        `The column "${node.name}" cannot have autoIncrement: it needs to be the only primary key of "${table}", of type ` +
          "integer or bigint.",
      );
    }
  }
  return nodes;
}

/** Checks one column and makes a node of it. */
export function toColumnDefinition(name: string, given: ColumnOptions): ColumnDefinitionNode {
  const options = checkKeys(given, known, `column "${name}"`) as unknown as ColumnOptions;
  const type = checkOneOf(options.type, columnTypes, `The type of the column "${name}"`);
  for (const flag of flags) {
    if (options[flag] !== undefined && typeof options[flag] !== "boolean") {
      throw new QueryArgumentError(`"${flag}" of the column "${name}" is true or false.`);
    }
  }
  return Object.freeze({
    kind: "column-definition",
    name,
    type,
    primaryKey: options.primaryKey ?? false,
    autoIncrement: options.autoIncrement ?? false,
    notNull: options.notNull ?? false,
    unique: options.unique ?? false,
    index: options.index ?? false,
    default: options.default === undefined ? undefined : toDefault(options.default, type, name),
    check: options.check === undefined ? undefined : toText(options.check, "check", name),
    references: options.references === undefined ? undefined : toReference(options.references, name),
  });
}

function toDefault(value: unknown, type: ColumnType, name: string): DefaultValue {
  if (value instanceof RawSql) return { sql: toText(value, "default", name) };
  return { value: toStoredValue(value, type, `The default of the column "${name}"`) };
}

function toText(raw: unknown, option: string, name: string): string {
  if (raw instanceof RawSql && raw.values.length === 0) return raw.segments.join("");
  throw new QueryArgumentError(
    `"${option}" of the column "${name}" is raw SQL without parameters, such as db.raw("price > 0").`,
  );
}

function toReference(given: ReferenceOptions, name: string): ReferenceNode {
  const place = `references of the column "${name}"`;
  const options = checkKeys(given, knownOfReferences, place) as unknown as ReferenceOptions;
  return Object.freeze({
    kind: "reference",
    table: checkTable(options.table, "references.table"),
    column: checkTable(options.column, "references.column"),
    onDelete: options.onDelete && checkOneOf(options.onDelete, actions, `onDelete in the ${place}`),
    onUpdate: options.onUpdate && checkOneOf(options.onUpdate, actions, `onUpdate in the ${place}`),
  });
}
