import type { ExpressionNode } from "./expression-node.js";

export type ComparisonOperator = "=" | "<>" | ">" | ">=" | "<" | "<=" | "LIKE";

export interface ComparisonNode {
  readonly kind: "comparison";
  readonly left: ExpressionNode;
  readonly operator: ComparisonOperator;
  readonly right: ExpressionNode;
}

export interface InNode {
  readonly kind: "in";
  readonly left: ExpressionNode;
  readonly values: readonly ExpressionNode[];
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

/** Conditions in parentheses, joined by one word. */
export interface GroupNode {
  readonly kind: "group";
  readonly joiner: "AND" | "OR";
  readonly members: readonly ConditionNode[];
}

/** One condition; a list of them holds when all hold. */
export type ConditionNode = ComparisonNode | InNode | BetweenNode | NullCheckNode | GroupNode;

export function createComparisonNode(
  left: ExpressionNode,
  operator: ComparisonOperator,
  right: ExpressionNode,
): ComparisonNode {
  return Object.freeze({ kind: "comparison", left, operator, right });
}

export function createInNode(left: ExpressionNode, values: ExpressionNode[], negated: boolean): InNode {
  return Object.freeze({ kind: "in", left, values: Object.freeze(values), negated });
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

export function createGroupNode(joiner: "AND" | "OR", members: readonly ConditionNode[]): GroupNode {
  return Object.freeze({ kind: "group", joiner, members });
}
