import type { ColumnType } from "../values/column-type.js";
import type { Parameter } from "../values/parameter.js";

/** The action of the database on a row after the referenced row was deleted or its key was changed. */
export type ReferenceAction = "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT" | "NO ACTION";

export interface ReferenceNode {
  readonly kind: "reference";
  readonly table: string;
  readonly column: string;
  readonly onDelete: ReferenceAction | undefined;
  readonly onUpdate: ReferenceAction | undefined;
}

/** The default of a column: a value, or SQL. */
export type DefaultValue = { readonly value: Parameter } | { readonly sql: string };

/** A column of a CREATE TABLE or an ALTER TABLE. */
export interface ColumnDefinitionNode {
  readonly kind: "column-definition";
  readonly name: string;
  readonly type: ColumnType;
  readonly primaryKey: boolean;
  readonly autoIncrement: boolean;
  readonly notNull: boolean;
  readonly unique: boolean;
  readonly index: boolean;
  readonly default: DefaultValue | undefined;
  /** The SQL condition of CHECK, which must be true for every row. */
  readonly check: string | undefined;
  readonly references: ReferenceNode | undefined;
}

export interface CreateTableNode {
  readonly kind: "create-table";
  readonly table: string;
  readonly columns: readonly ColumnDefinitionNode[];
  readonly ifNotExists: boolean;
}

export interface DropTableNode {
  readonly kind: "drop-table";
  readonly table: string;
  readonly ifExists: boolean;
}

/** One change of an ALTER TABLE. */
export type AlterTableNode = {
  readonly kind: "alter-table";
  readonly table: string;
} & (
  | { readonly change: "add-column"; readonly column: ColumnDefinitionNode }
  | { readonly change: "drop-column"; readonly name: string }
  | { readonly change: "rename-column"; readonly name: string; readonly to: string }
  | { readonly change: "rename-table"; readonly to: string }
);

export interface CreateIndexNode {
  readonly kind: "create-index";
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly ifNotExists: boolean;
}

export interface DropIndexNode {
  readonly kind: "drop-index";
  readonly name: string;
  readonly ifExists: boolean;
}

export interface TruncateNode {
  readonly kind: "truncate";
  readonly table: string;
}

export type SchemaNode =
  | CreateTableNode
  | DropTableNode
  | AlterTableNode
  | CreateIndexNode
  | DropIndexNode
  | TruncateNode;
