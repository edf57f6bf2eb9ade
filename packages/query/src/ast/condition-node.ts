import type { ExpressionNode, ParamNode, RawNode } from "./expression-node.js";
import type { SelectNode } from "./select-node.js";

export type ComparisonOperator = "=" | "<>" | ">" | ">=" | "<" | "<=" | "LIKE" | "ILIKE";

export interface ComparisonNode {
  readonly kind: "comparison";
  readonly left: ExpressionNode;
  readonly operator: ComparisonOperator;
  readonly right: ExpressionNode;
}

/** Whether the operand equals one of several values, or one of the rows of a SELECT. */
export interface InNode {
  readonly kind: "in";
  readonly left: ExpressionNode;
  readonly right: readonly ExpressionNode[] | ExpressionNode;
  readonly negated: boolean;
}

/** Whether the operand equals one of many values. All values are sent as one parameter. */
export interface InListNode {
  readonly kind: "in-list";
  readonly left: ExpressionNode;
  readonly list: ParamNode;
  readonly negated: boolean;
}

export interface BetweenNode {
  readonly kind: "between";
  readonly left: ExpressionNode;
  readonly low: ExpressionNode;
  readonly high: ExpressionNode;
}

export interface NullCheckNode {
  readonly kind: "null-check";
  readonly left: ExpressionNode;
  readonly negated: boolean;
}

export interface ExistsNode {
  readonly kind: "exists";
  readonly select: SelectNode;
  readonly slot: number;
}

/** A condition in SQL that the caller wrote. */
export interface RawConditionNode {
  readonly kind: "raw-condition";
  readonly raw: RawNode;
}

/** Conditions in parentheses, joined by one word. `NOT` negates the whole group, whose conditions are joined by AND. */
export interface GroupNode {
  readonly kind: "group";
  readonly joiner: "AND" | "OR" | "NOT";
  readonly members: readonly ConditionNode[];
  readonly slot: number;
}

/** One condition. An array of conditions is true if all of them are true. */
export type ConditionNode =
  | ComparisonNode
  | InNode
  | InListNode
  | BetweenNode
  | NullCheckNode
  | ExistsNode
  | RawConditionNode
  | GroupNode;

export function createComparisonNode(
  left: ExpressionNode,
  operator: ComparisonOperator,
  right: ExpressionNode,
): ComparisonNode {
  return Object.freeze({ kind: "comparison", left, operator, right });
}

export function createInNode(left: ExpressionNode, right: InNode["right"], negated: boolean): InNode {
  return Object.freeze({ kind: "in", left, right: Object.freeze(right), negated });
}

export function createInListNode(left: ExpressionNode, list: ParamNode, negated: boolean): InListNode {
  return Object.freeze({ kind: "in-list", left, list, negated });
}

export function createBetweenNode(
  left: ExpressionNode,
  low: ExpressionNode,
  high: ExpressionNode,
): BetweenNode {
  return Object.freeze({ kind: "between", left, low, high });
}

export function createNullCheckNode(left: ExpressionNode, negated: boolean): NullCheckNode {
  return Object.freeze({ kind: "null-check", left, negated });
}

export function createExistsNode(select: SelectNode, slot: number): ExistsNode {
  return Object.freeze({ kind: "exists", select, slot });
}

export function createRawConditionNode(raw: RawNode): RawConditionNode {
  return Object.freeze({ kind: "raw-condition", raw });
}

export function createGroupNode(
  joiner: GroupNode["joiner"],
  members: readonly ConditionNode[],
  slot: number,
): GroupNode {
  return Object.freeze({ kind: "group", joiner, members, slot });
}
