import {
  type ComparisonOperator,
  type ConditionNode,
  createBetweenNode,
  createComparisonNode,
  createGroupNode,
  createInNode,
  createNullCheckNode,
} from "../ast/condition-node.js";
import {
  createValueNode,
  type ExpressionNode,
  isRawNode,
  type RawNode,
  toOperandNode,
} from "../ast/expression-node.js";
import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { checkParameter, type Parameter } from "../values/parameter.js";
import { checkOneOf } from "./check-arguments.js";

/** A value that a condition compares with: never null, which no comparison matches. */
export type ConditionValue = Exclude<Parameter, null> | RawNode;

/** How two columns can be compared. */
export type ColumnOperator = "=" | "<>" | ">" | ">=" | "<" | "<=";

const columnOperators: readonly ColumnOperator[] = ["=", "<>", ">", ">=", "<", "<="];

/**
 * A chain of conditions. Every call narrows: all conditions of a chain must hold.
 * `and(fn)` and `or(fn)` add one condition in parentheses, whose members `fn` gives.
 * A column is a name or `raw(...)`.
 */
export abstract class ConditionList {
  /** `column = value` */
  eq(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, "=", value);
  }

  /** `column <> value` */
  neq(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, "<>", value);
  }

  /** `column > value` */
  gt(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, ">", value);
  }

  /** `column >= value` */
  gte(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, ">=", value);
  }

  /** `column < value` */
  lt(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, "<", value);
  }

  /** `column <= value` */
  lte(column: string | RawNode, value: ConditionValue): this {
    return this.#compare(column, "<=", value);
  }

  /** `column LIKE pattern`; `%` and `_` are wildcards, and `escapeLike` makes plain text of an input. */
  like(column: string | RawNode, pattern: string | RawNode): this {
    if (typeof pattern === "string" || isRawNode(pattern)) return this.#compare(column, "LIKE", pattern);
    throw new QueryArgumentError(`like() takes a pattern in text, but ${describeValue(pattern)} was given.`);
  }

  /** The column is one of the values. No values match nothing. */
  in(column: string | RawNode, values: readonly ConditionValue[]): this {
    return this.withCondition(createInNode(toOperandNode(column), toValueList(values, column, "in"), false));
  }

  /** The column is none of the values. No values match everything. */
  notIn(column: string | RawNode, values: readonly ConditionValue[]): this {
    return this.withCondition(
      createInNode(toOperandNode(column), toValueList(values, column, "notIn"), true),
    );
  }

  /** The column is `low`, `high` or between them. */
  between(column: string | RawNode, low: ConditionValue, high: ConditionValue): this {
    return this.withCondition(
      createBetweenNode(toOperandNode(column), toValue(low, column), toValue(high, column)),
    );
  }

  /** `column IS NULL` */
  isNull(column: string | RawNode): this {
    return this.withCondition(createNullCheckNode(toOperandNode(column), false));
  }

  /** `column IS NOT NULL` */
  isNotNull(column: string | RawNode): this {
    return this.withCondition(createNullCheckNode(toOperandNode(column), true));
  }

  /** Adds a group of which every member must hold: `and((q) => q.eq("a", 1).eq("b", 2))`, `(a = 1 AND b = 2)`. */
  and(group: (conditions: ConditionGroup) => ConditionGroup): this {
    return this.withCondition(createGroupNode("AND", buildConditions(group, "and")));
  }

  /** Adds a group of which one member must hold: `or((q) => q.eq("a", 1).eq("b", 2))`, `(a = 1 OR b = 2)`. */
  or(group: (conditions: ConditionGroup) => ConditionGroup): this {
    return this.withCondition(createGroupNode("OR", buildConditions(group, "or")));
  }

  /** A new object with one condition more. */
  protected abstract withCondition(condition: ConditionNode): this;

  #compare(column: string | RawNode, operator: ComparisonOperator, value: unknown): this {
    return this.withCondition(createComparisonNode(toOperandNode(column), operator, toValue(value, column)));
  }
}

/** What the functions of `and`, `or` and `join` receive and give back. */
export class ConditionGroup extends ConditionList {
  readonly #members: readonly ConditionNode[];

  constructor(members: readonly ConditionNode[]) {
    super();
    this.#members = members;
  }

  /** Compares two columns, such as `on("posts.authorId", "=", "users.id")`. */
  on(left: string | RawNode, operator: ColumnOperator, right: string | RawNode): ConditionGroup {
    return this.withCondition(createColumnComparison(left, operator, right));
  }

  /** The conditions so far. */
  get members(): readonly ConditionNode[] {
    return this.#members;
  }

  protected override withCondition(condition: ConditionNode): this {
    return new ConditionGroup(Object.freeze([...this.#members, condition])) as this;
  }
}

const emptyGroup = new ConditionGroup(Object.freeze([]));

/** Two columns compared, as joins do. */
export function createColumnComparison(
  left: string | RawNode,
  operator: ColumnOperator,
  right: string | RawNode,
): ConditionNode {
  const checked = checkOneOf(operator, columnOperators, "The operator between two columns");
  return createComparisonNode(toOperandNode(left), checked, toOperandNode(right));
}

/** The conditions that the caller's function adds to an empty group: at least one. */
export function buildConditions(
  group: (conditions: ConditionGroup) => ConditionGroup,
  method: string,
): readonly ConditionNode[] {
  if (typeof group !== "function") {
    throw new QueryArgumentError(
      `${method}() takes a function such as (q) => q.eq("a", 1), but ${describeValue(group)} was given.`,
    );
  }
  const built: unknown = group(emptyGroup);
  if (!(built instanceof ConditionGroup)) {
    throw new QueryArgumentError(
      `The function of ${method}() gave back ${describeValue(built)}; return the conditions: (q) => q.eq("a", 1).`,
    );
  }
  if (built.members.length > 0) return built.members;
  throw new QueryArgumentError(
    `The function of ${method}() added no condition; add at least one, or leave ${method}() out.`,
    "QUERY_MISSING_CONDITION",
  );
}

function toValueList(values: unknown, column: string | RawNode, method: string): ExpressionNode[] {
  if (Array.isArray(values)) {
    // Not map, which passes over the holes of an array.
    return Array.from(values, (value) => toValue(value, column));
  }
  throw new QueryArgumentError(
    `${method}(${nameOf(column)}) takes an array of values, but ${describeValue(values)} was given.`,
  );
}

function toValue(value: unknown, column: string | RawNode): ExpressionNode {
  if (isRawNode(value)) return value;
  if (value === undefined) {
    throw new QueryArgumentError(
      `The condition on ${nameOf(column)} compares with undefined; leave the condition out if that is meant.`,
    );
  }
  if (value === null) {
    throw new QueryArgumentError(
      `The condition on ${nameOf(column)} compares with null, which matches nothing; use isNull() or isNotNull().`,
    );
  }
  if (typeof value === "object" && !(value instanceof Date) && !(value instanceof Uint8Array)) {
    throw new QueryArgumentError(
      `The condition on ${nameOf(column)} compares with ${describeValue(value)}; pass one value, or use in() for a list.`,
    );
  }
  return createValueNode(checkParameter(value, `The value that ${nameOf(column)} is compared with`));
}

function nameOf(column: string | RawNode): string {
  return typeof column === "string" ? `"${column}"` : "the raw expression";
}
