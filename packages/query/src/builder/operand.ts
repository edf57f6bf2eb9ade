import {
  createColumnNode,
  createParamNode,
  createRawNode,
  createSubqueryNode,
  type ExpressionNode,
} from "../ast/expression-node.js";
import type { SelectNode } from "../ast/select-node.js";
import { QueryArgumentError } from "../errors.js";
import type { Value } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import { describeValue } from "../values/describe-value.js";
import { partsOf, ShapedBuilder } from "./shaped-builder.js";

/**
 * An argument of a builder method: the keys that identify it, its values, and a function that makes its node for a
 * given first slot.
 */
export interface Operand {
  readonly keys: readonly unknown[];
  readonly values: readonly Value[];
  toNode(slot: number): ExpressionNode;
}

/** A SELECT with rows of any type. */
export type AnySelect = ShapedBuilder<SelectNode>;

const nothing: readonly never[] = [];

/** Converts a column name or raw SQL to an operand. */
export function toColumnOperand(operand: string | RawSQL<unknown, string>): Operand {
  if (operand instanceof RawSQL) return toRawOperand(operand);
  checkColumn(operand);
  return { keys: [operand], values: nothing, toNode: () => createColumnNode(operand) };
}

/** Works like `toColumnOperand`, but the column may have an alias: `posts.id as postId`. */
export function toSelectedOperand(operand: string | RawSQL<unknown, string>): Operand {
  if (operand instanceof RawSQL) return toRawOperand(operand);
  return { keys: [operand], values: nothing, toNode: () => toSelectedNode(operand) };
}

export function toSelectedNode(text: string): ReturnType<typeof createColumnNode> {
  checkColumn(text);
  const [, name, alias] = /^(.+) as (.+)$/s.exec(text) ?? [];
  return name === undefined ? createColumnNode(text) : createColumnNode(name, alias);
}

export function toRawOperand(raw: RawSQL<unknown, string>): Operand {
  return {
    keys: [raw.template, raw.alias],
    values: raw.values,
    toNode: (slot) => createRawNode(raw.segments, slot, raw.alias),
  };
}

export function toValueOperand(value: Value): Operand {
  return { keys: ["?"], values: [value], toNode: createParamNode };
}

export function toSelectOperand(select: AnySelect): Operand {
  const { shape, values } = partsOf(select);
  return { keys: [shape], values, toNode: (slot) => createSubqueryNode(shape.node, slot) };
}

/** The nodes of operands whose values follow each other from a slot on. */
export function toNodes(operands: readonly Operand[], slot: number): readonly ExpressionNode[] {
  let next = slot;
  return operands.map((operand) => {
    const node = operand.toNode(next);
    next += operand.values.length;
    return node;
  });
}

/** Whether an argument is a SELECT builder. */
export function isSelect(value: unknown): value is AnySelect {
  return value instanceof ShapedBuilder && (partsOf(value).shape.node as { kind?: string }).kind === "select";
}

export function checkSelect(value: unknown, method: string): AnySelect {
  if (isSelect(value)) return value;
  throw new QueryArgumentError(
    `${method} takes a select such as db.select("id").from("users"), but ${describeValue(value)} was given.`,
  );
}

export function checkColumn(name: unknown): asserts name is string {
  if (typeof name === "string" && name !== "") return;
  throw new QueryArgumentError(
    `The name of a column must be a string that is not empty, but ${describeValue(name)} was given.`,
  );
}
