import type { ColumnType } from "../values/column-type.js";
import type { RawNode, ValueNode } from "./expression-node.js";

/** What happens to a row when the row it refers to goes away or changes its key. */
export type ReferenceAction = "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT" | "NO ACTION";

export interface ReferenceNode {
  readonly kind: "reference";
  readonly table: string;
  readonly column: string;
  readonly onDelete: ReferenceAction | undefined;
  readonly onUpdate: ReferenceAction | undefined;
}

/** A column of a CREATE TABLE; its default is a value that a parameter could be, or raw SQL. */
export interface ColumnDefinitionNode {
  readonly kind: "column-definition";
  readonly name: string;
  readonly type: ColumnType;
  readonly primaryKey: boolean;
  readonly autoIncrement: boolean;
  readonly notNull: boolean;
  readonly unique: boolean;
  readonly default: ValueNode | RawNode | undefined;
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

export function createColumnDefinitionNode(node: Omit<ColumnDefinitionNode, "kind">): ColumnDefinitionNode {
  return Object.freeze({ kind: "column-definition", ...node });
}

export function createReferenceNode(node: Omit<ReferenceNode, "kind">): ReferenceNode {
  return Object.freeze({ kind: "reference", ...node });
}

export function createCreateTableNode(
  table: string,
  columns: ColumnDefinitionNode[],
  ifNotExists: boolean,
): CreateTableNode {
  return Object.freeze({ kind: "create-table", table, columns: Object.freeze(columns), ifNotExists });
}

export function createDropTableNode(table: string, ifExists: boolean): DropTableNode {
  return Object.freeze({ kind: "drop-table", table, ifExists });
}
