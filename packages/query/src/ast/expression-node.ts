import { QueryArgumentError } from "../errors.js";
import { scanSql } from "../sql/scan-sql.js";
import { checkParameter, type Parameter } from "../values/parameter.js";

/** A column by its name, with or without its table: `title`, `posts.title`, `posts.*`. */
export interface ColumnNode {
  readonly kind: "column";
  readonly name: string;
}

/** A value that is sent beside the SQL text. */
export interface ValueNode {
  readonly kind: "value";
  readonly value: Parameter;
}

/** SQL text as its author wrote it: `segments` lie around the places of `params`. */
export interface RawNode {
  readonly kind: "raw";
  readonly segments: readonly string[];
  readonly params: readonly Parameter[];
}

/** What can stand for a value in a statement. */
export type ExpressionNode = ColumnNode | ValueNode | RawNode;

const rawNodes = new WeakSet<object>();

export function createColumnNode(name: string): ColumnNode {
  if (typeof name !== "string" || name === "") {
    throw new QueryArgumentError(
      `A column is a name that is not empty, but ${JSON.stringify(name)} was given.`,
    );
  }
  return Object.freeze({ kind: "column", name });
}

export function createValueNode(value: Parameter): ValueNode {
  return Object.freeze({ kind: "value", value });
}

export function createRawNode(sql: string, params: readonly unknown[]): RawNode {
  if (typeof sql !== "string" || sql.trim() === "") {
    throw new QueryArgumentError("raw() takes SQL text that is not empty; pass values as further arguments.");
  }
  const scanned = scanSql(sql);
  if (scanned.statements > 1)
    throw new QueryArgumentError("raw() takes one expression, but its SQL has a `;`.");
  const node: RawNode = Object.freeze({
    kind: "raw",
    segments: Object.freeze(scanned.segments),
    params: Object.freeze(
      scanned.arrange(params).map((value, index) => checkParameter(value, `Parameter ${index + 1} of raw()`)),
    ),
  });
  rawNodes.add(node);
  return node;
}

/** Only what raw() made counts: an object from a request that looks like a node is no node. */
export function isRawNode(value: unknown): value is RawNode {
  return typeof value === "object" && value !== null && rawNodes.has(value);
}

/** A column name or raw SQL, as the left side of a condition. */
export function toOperandNode(operand: string | RawNode): ColumnNode | RawNode {
  return isRawNode(operand) ? operand : createColumnNode(operand);
}
