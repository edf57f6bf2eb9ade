import {
  type ComparisonOperator,
  type ConditionNode,
  createBetweenNode,
  createComparisonNode,
  createExistsNode,
  createGroupNode,
  createInListNode,
  createInNode,
  createNullCheckNode,
  createRawConditionNode,
  type GroupNode,
} from "../ast/condition-node.js";
import { createColumnNode, createParamNode, type RawNode } from "../ast/expression-node.js";
import { Shape } from "../ast/shape.js";
import { QueryArgumentError } from "../errors.js";
import type { NamedParam, Value } from "../sql/named-param.js";
import { createRawSQL, RawSQL } from "../sql/raw-sql.js";
import { ArrayValue } from "../values/array-value.js";
import { describeValue } from "../values/describe-value.js";
import type { Parameter } from "../values/parameter.js";
import { checkOneOf } from "./check-arguments.js";
import { checkPattern, nameOf, toComparedOperand, toComparedValue, toListed } from "./compared-value.js";
import {
  type AnySelect,
  checkColumn,
  checkSelect,
  isSelect,
  type Operand,
  toColumnOperand,
  toNodes,
  toRawOperand,
  toSelectOperand,
} from "./operand.js";
import type { ColumnOf, Comparable } from "./schema-types.js";
import { partsOf, ShapedBuilder } from "./shaped-builder.js";

/** How two columns can be compared. */
export type ColumnOperator = "=" | "<>" | ">" | ">=" | "<" | "<=";

/**
 * A longer array is sent as one parameter. Otherwise each length would be a different statement, and the databases
 * limit the number of parameters.
 */
const mostListed = 1000;

/** The keys of the branches for comparisons of a column with a value. No other condition uses these keys. */
const comparisonKeys: Readonly<Record<ComparisonOperator, string>> = {
  "=": "where = ?",
  "<>": "where <> ?",
  ">": "where > ?",
  ">=": "where >= ?",
  "<": "where < ?",
  "<=": "where <= ?",
  LIKE: "where LIKE ?",
  ILIKE: "where ILIKE ?",
};

const columnOperators: readonly ColumnOperator[] = ["=", "<>", ">", ">=", "<", "<="];

/** A column of the statement's tables, or an expression. */
export type ColumnArgument<Tables> = ColumnOf<Tables> | RawSQL;

/**
 * The conditions of a statement. All of them must be true, so every call reduces the rows. `and(fn)`, `or(fn)` and
 * `not(fn)` add a group of conditions in parentheses. `fn` adds the conditions to the group. A column is a name or
 * `raw(...)`.
 */
export abstract class ConditionList<Node extends object, Tables> extends ShapedBuilder<Node> {
  /** `column = value` */
  eq<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, "=", value);
  }

  /** `column <> value` */
  neq<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, "<>", value);
  }

  /** `column > value` */
  gt<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, ">", value);
  }

  /** `column >= value` */
  gte<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, ">=", value);
  }

  /** `column < value` */
  lt<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, "<", value);
  }

  /** `column <= value` */
  lte<Column extends ColumnArgument<Tables>>(
    column: Column,
    value: Comparable<Tables, Column> | AnySelect,
  ): this {
    return this.#compare(column, "<=", value);
  }

  /** `column LIKE pattern`, case-sensitive. `%` and `_` are wildcards. Use `escapeLike` for input of users. */
  like(column: ColumnArgument<Tables>, pattern: string | RawSQL | NamedParam): this {
    return this.#compare(column, "LIKE", checkPattern(pattern, "like"));
  }

  /** Works like `like`, but case-insensitive. SQLite ignores the case of the letters A to Z only. */
  ilike(column: ColumnArgument<Tables>, pattern: string | RawSQL | NamedParam): this {
    return this.#compare(column, "ILIKE", checkPattern(pattern, "ilike"));
  }

  /** The column equals one of the values, or a value in the one column of a SELECT. An empty array matches no row. */
  in<Column extends ColumnArgument<Tables>>(
    column: Column,
    values: readonly Comparable<Tables, Column>[] | AnySelect,
  ): this {
    return this.#in(column, values, false);
  }

  /** The column equals none of the values. An empty array matches every row. */
  notIn<Column extends ColumnArgument<Tables>>(
    column: Column,
    values: readonly Comparable<Tables, Column>[] | AnySelect,
  ): this {
    return this.#in(column, values, true);
  }

  /** The column is `low`, `high` or between them. */
  between<Column extends ColumnArgument<Tables>>(
    column: Column,
    low: Comparable<Tables, Column>,
    high: Comparable<Tables, Column>,
  ): this {
    const operands = [
      toColumnOperand(column),
      toComparedOperand(low, column),
      toComparedOperand(high, column),
    ];
    return this.withOperands("between", operands, ([left, from, to]) =>
      createBetweenNode(left as never, from as never, to as never),
    );
  }

  /** `column IS NULL` */
  isNull(column: ColumnArgument<Tables>): this {
    return this.withOperands("null", [toColumnOperand(column)], ([left]) =>
      createNullCheckNode(left as never, false),
    );
  }

  /** `column IS NOT NULL` */
  isNotNull(column: ColumnArgument<Tables>): this {
    return this.withOperands("not null", [toColumnOperand(column)], ([left]) =>
      createNullCheckNode(left as never, true),
    );
  }

  /** Adds a group of conditions that must all be true: `and((q) => q.eq("a", 1).eq("b", 2))`, `(a = 1 AND b = 2)`. */
  and(group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>): this {
    return this.#group("AND", group, "and");
  }

  /**
   * Adds a group of conditions of which at least one must be true: `or((q) => q.eq("a", 1).eq("b", 2))`,
   * `(a = 1 OR b = 2)`.
   */
  or(group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>): this {
    return this.#group("OR", group, "or");
  }

  /** Adds the negation of a group: `not((q) => q.eq("a", 1).eq("b", 2))`, `NOT (a = 1 AND b = 2)`. */
  not(group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>): this {
    return this.#group("NOT", group, "not");
  }

  /** The SELECT returns at least one row. In the SELECT, `raw` and `on` can use the columns of this statement. */
  exists(select: AnySelect): this {
    const { shape, values } = partsOf(checkSelect(select, "exists()"));
    return this.withCondition(["exists", shape], values, (slot) => createExistsNode(shape.node, slot));
  }

  /** Compares two columns, such as `on("posts.authorId", "=", "users.id")`. */
  on(
    left: ColumnArgument<Tables> | RawSQL | `${string}.${string}`,
    operator: ColumnOperator,
    right: ColumnArgument<Tables> | RawSQL | `${string}.${string}`,
  ): this {
    const checked = checkOneOf(operator, columnOperators, "The operator between two columns");
    return this.withOperands(checked, [toColumnOperand(left), toColumnOperand(right)], ([from, to]) =>
      createComparisonNode(from as never, checked, to as never),
    );
  }

  /**
   * A condition in SQL, with `?` for each of `params`. The text is sent to the database unchanged, so it must not
   * contain input of users.
   */
  whereRaw(sql: string | RawSQL, ...params: Value[]): this {
    const raw = sql instanceof RawSQL ? sql : createRawSQL(sql, params);
    return this.withOperands("raw", [toRawOperand(raw)], ([node]) => createRawConditionNode(node as RawNode));
  }

  /** Returns the parts of the node that change if a condition is added. */
  protected abstract extend(node: Node, condition: ConditionNode): Partial<Node>;

  /** Returns a new builder with one more condition. `keys` identify the condition. */
  protected withCondition(
    keys: readonly unknown[],
    values: readonly Value[],
    toNode: (slot: number) => ConditionNode,
  ): this {
    return this.grow(["where", ...keys], values, (node, slot) => this.extend(node, toNode(slot)));
  }

  protected withOperands(
    key: string,
    operands: readonly Operand[],
    toNode: (nodes: readonly unknown[]) => ConditionNode,
  ): this {
    const keys: unknown[] = [key];
    const values: Value[] = [];
    for (const operand of operands) {
      keys.push(...operand.keys);
      values.push(...operand.values);
    }
    return this.withCondition(keys, values, (slot) => toNode(toNodes(operands, slot)));
  }

  #compare(column: string | RawSQL, operator: ComparisonOperator, value: unknown): this {
    if (
      typeof column !== "string" ||
      (typeof value === "object" && (value instanceof RawSQL || isSelect(value)))
    ) {
      const operands = [toColumnOperand(column), toComparedOperand(value, column)];
      return this.withOperands(operator, operands, ([left, right]) =>
        createComparisonNode(left as never, operator, right as never),
      );
    }
    // This is the usual case, so it is optimized.
    const checked = toComparedValue(value, column);
    checkColumn(column);
    const branch = this.shape.at(comparisonKeys[operator]).at(column);
    return (
      this.growToKnown(branch, checked) ??
      this.growTo(branch, [checked], (node, slot) =>
        this.extend(node, createComparisonNode(createColumnNode(column), operator, createParamNode(slot))),
      )
    );
  }

  #in(column: string | RawSQL, values: unknown, negated: boolean): this {
    const key = negated ? "not in" : "in";
    if (isSelect(values)) {
      return this.withOperands(key, [toColumnOperand(column), toSelectOperand(values)], ([left, right]) =>
        createInNode(left as never, right as never, negated),
      );
    }
    if (!Array.isArray(values)) {
      throw new QueryArgumentError(
        `${negated ? "notIn" : "in"}(${nameOf(column)}) takes an array of values or a select, but ${describeValue(values)} was given.`,
      );
    }
    const left = toColumnOperand(column);
    if (values.length > mostListed) {
      const items = Array.from(values, (value) => toListed(value, column));
      if (!items.includes(undefined)) {
        const list = new ArrayValue(items as Parameter[]);
        return this.withCondition([key, ...left.keys, "list"], [...left.values, list], (slot) =>
          createInListNode(left.toNode(slot), createParamNode(slot + left.values.length), negated),
        );
      }
    }
    // Uses `Array.from`, because `map` would skip the holes of an array.
    const operands = Array.from(values, (value) => toComparedOperand(value, column));
    const plain = operands.every((operand) => operand.keys[0] === "?");
    const keys = plain ? [values.length] : operands.flatMap((operand) => operand.keys);
    return this.withCondition(
      [key, ...left.keys, ...keys],
      [left, ...operands].flatMap((operand) => operand.values),
      (slot) => {
        const list = toNodes(operands, slot + left.values.length);
        return createInNode(left.toNode(slot), list, negated);
      },
    );
  }

  #group(
    joiner: GroupNode["joiner"],
    group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>,
    method: string,
  ): this {
    const { shape, values } = partsOf(buildConditions(group, method));
    return this.withCondition([joiner, shape], values, (slot) =>
      createGroupNode(joiner, shape.node.members, slot),
    );
  }
}

/** Conditions that are not yet part of a statement. */
export interface Conditions {
  readonly members: readonly ConditionNode[];
}

/** The shape of no conditions. All groups begin with it. */
export const noConditions: Shape<Conditions> = new Shape<Conditions>(
  Object.freeze({ members: Object.freeze([]) }),
);

/** The builder that the functions of `and`, `or`, `not`, `having` and `join` receive and return. */
export class ConditionGroup<Tables> extends ConditionList<Conditions, Tables> {
  protected override derive(shape: Shape<Conditions>, values: readonly Value[]): this {
    return new ConditionGroup<Tables>(shape, values) as this;
  }

  protected override extend(node: Conditions, condition: ConditionNode): Conditions {
    return { members: Object.freeze([...node.members, condition]) };
  }
}

const emptyGroup = new ConditionGroup<never>(noConditions, []);

/** A comparison of two columns, for joins. */
export function compareColumns(
  left: string | RawSQL,
  operator: ColumnOperator,
  right: string | RawSQL,
): ConditionGroup<never> {
  return emptyGroup.on(left as never, operator, right as never);
}

/**
 * Calls the function of the caller with an empty group and returns the group. It must contain at least one condition.
 */
export function buildConditions<Tables>(
  group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>,
  method: string,
): ConditionGroup<Tables> {
  if (typeof group !== "function") {
    throw new QueryArgumentError(
      `${method}() takes a function such as (q) => q.eq("a", 1), but ${describeValue(group)} was given.`,
    );
  }
  const built: unknown = group(emptyGroup as unknown as ConditionGroup<Tables>);
  if (!(built instanceof ConditionGroup)) {
    throw new QueryArgumentError(
      `The function of ${method}() returned ${describeValue(built)}; return the conditions: (q) => q.eq("a", 1).`,
    );
  }
  if (built !== (emptyGroup as unknown)) return built;
  throw new QueryArgumentError(
    `The function of ${method}() added no condition; add at least one, or leave ${method}() out.`,
    "QUERY_MISSING_CONDITION",
  );
}
