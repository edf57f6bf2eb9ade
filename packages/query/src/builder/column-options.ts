import type {
  ColumnDefinitionNode,
  DefaultValue,
  ReferenceAction,
  ReferenceNode,
} from "../ast/table-nodes.js";
import { QueryArgumentError } from "../errors.js";
import { OptionIssues } from "../options/option-issues.js";
import { RawSQL } from "../sql/raw-sql.js";
import { type ColumnType, columnTypes } from "../values/column-type.js";
import { toStoredValue } from "../values/to-stored-value.js";
import { checkNewColumn, checkOneOf, checkRow, checkTable } from "./check-arguments.js";

/** The column of another table that this column refers to. */
export interface ReferenceOptions {
  /** The name of the other table. */
  readonly table: string;
  /** The name of the column of the other table. */
  readonly column: string;
  /** The action of the database on a row after the referenced row was deleted. */
  readonly onDelete?: ReferenceAction;
  /** The action of the database on a row after the referenced key was changed. */
  readonly onUpdate?: ReferenceAction;
}

/** The options of a column. */
export interface ColumnOptions {
  /** The type of the values. */
  readonly type: ColumnType;
  /** Identifies the row. Several such columns make one key together. Implies `notNull`. */
  readonly primaryKey?: boolean;
  /**
   * The database generates increasing numbers. The column must be the only primary key of its table, of type integer or
   * bigint.
   */
  readonly autoIncrement?: boolean;
  /** The value is never null. Default: false. */
  readonly notNull?: boolean;
  /** Each row must have a different value. */
  readonly unique?: boolean;
  /**
   * The value for rows that are inserted without a value: a value of the column's type, or `raw("CURRENT_TIMESTAMP")`.
   */
  readonly default?: unknown;
  /** The column of another table that contains this value in one of its rows (a foreign key). */
  readonly references?: ReferenceOptions;
  /** `createTable` and `sync` also make an index of this column, named `TABLE_COLUMN`. */
  readonly index?: boolean;
  /** An SQL condition that must be true for every row: `raw("price > 0")`. */
  readonly check?: RawSQL;
}

/** The columns of a table by name, in order. */
export type Columns = Readonly<Record<string, ColumnOptions>>;

const actions: readonly ReferenceAction[] = ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"];
const flags = ["primaryKey", "autoIncrement", "notNull", "unique", "index"] as const;
const known: readonly string[] = ["type", ...flags, "default", "references", "check"];
const knownOfReferences: readonly string[] = ["table", "column", "onDelete", "onUpdate"];

/** Checks the columns of a table and converts them to nodes. One error contains all mistakes. */
export function toColumnDefinitions(table: string, columns: Columns): ColumnDefinitionNode[] {
  const entries = Object.entries(checkRow(columns, "createTable()"));
  if (entries.length === 0) throw new QueryArgumentError(`The table "${table}" needs at least one column.`);
  const issues = new OptionIssues(`The table "${table}"`);
  const nodes = entries.map(([name, options]) => readColumn(name, options, issues));
  const keys = nodes.filter((node) => node.primaryKey);
  for (const node of nodes) {
    const counts =
      node.primaryKey && keys.length === 1 && (node.type === "integer" || node.type === "bigint");
    if (node.autoIncrement && !counts) {
      issues.add(
        `${node.name}.autoIncrement`,
        `The column "${node.name}" cannot have autoIncrement: it must be the only primary key of "${table}", of type ` +
          "integer or bigint.",
      );
    }
  }
  issues.throwIfAny();
  return nodes;
}

/** Checks one column and converts it to a node. */
export function toColumnDefinition(name: string, given: ColumnOptions): ColumnDefinitionNode {
  const issues = new OptionIssues(`The column "${name}"`);
  const node = readColumn(name, given, issues);
  issues.throwIfAny();
  return node;
}

function readColumn(name: string, given: unknown, issues: OptionIssues): ColumnDefinitionNode {
  const place = `column "${name}"`;
  const options = issues.read(given, name, `The ${place}`, known) as unknown as ColumnOptions;
  issues.try(name, () => checkNewColumn(name, "A column"));
  const type = issues.try(`${name}.type`, () =>
    checkOneOf(options.type, columnTypes, `The type of the ${place}`),
  );
  for (const flag of flags) {
    const value = options[flag];
    const what = `"${flag}" of the ${place}`;
    issues.expect(value, typeof value === "boolean", `${name}.${flag}`, "true or false", what);
  }
  const read = <Value, Result>(key: string, value: Value | undefined, make: (value: Value) => Result) =>
    value === undefined ? undefined : issues.try(`${name}.${key}`, () => make(value));
  return Object.freeze({
    kind: "column-definition",
    name,
    type: type ?? "text",
    primaryKey: options.primaryKey ?? false,
    autoIncrement: options.autoIncrement ?? false,
    notNull: options.notNull ?? false,
    unique: options.unique ?? false,
    index: options.index ?? false,
    default: type && read("default", options.default, (value) => toDefault(value, type, name)),
    check: read("check", options.check, (value) => toText(value, "check", name)),
    references: options.references === undefined ? undefined : toReference(options.references, name, issues),
  });
}

function toDefault(value: unknown, type: ColumnType, name: string): DefaultValue {
  if (value instanceof RawSQL) return { sql: toText(value, "default", name) };
  return { value: toStoredValue(value, type, `The default of the column "${name}"`) };
}

function toText(raw: unknown, option: string, name: string): string {
  if (raw instanceof RawSQL && raw.values.length === 0) return raw.segments.join("");
  throw new QueryArgumentError(
    `"${option}" of the column "${name}" must be raw SQL without parameters, such as db.raw("price > 0").`,
  );
}

function toReference(given: ReferenceOptions, name: string, issues: OptionIssues): ReferenceNode | undefined {
  const place = `references of the column "${name}"`;
  const path = `${name}.references`;
  const options = issues.read(given, path, `The ${place}`, knownOfReferences);
  const table = issues.try(`${path}.table`, () => checkTable(options.table, "references.table"));
  const column = issues.try(`${path}.column`, () => checkTable(options.column, "references.column"));
  for (const key of ["onDelete", "onUpdate"]) {
    const isAction = actions.includes(options[key] as ReferenceAction);
    issues.expect(
      options[key],
      isAction,
      `${path}.${key}`,
      `one of ${actions.join(", ")}`,
      `${key} in the ${place}`,
    );
  }
  if (table === undefined || column === undefined) return undefined;
  return Object.freeze({
    kind: "reference",
    table,
    column,
    onDelete: options.onDelete as ReferenceAction | undefined,
    onUpdate: options.onUpdate as ReferenceAction | undefined,
  });
}
