import {
  type AggregateName,
  createAggregateNode,
  createParamNode,
  type ExpressionNode,
} from "../ast/expression-node.js";
import {
  createDerivedTableNode,
  createJoinNode,
  createOrderNode,
  createTableNode,
  createUnionNode,
  createWithNode,
  type DerivedTableNode,
  type JoinType,
  type SelectNode,
  type TableNode,
} from "../ast/select-node.js";
import { type Branch, Shape } from "../ast/shape.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import { checkFlags } from "../options/check-flags.js";
import { NamedParam, type Value } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import type { Row } from "../values/row.js";
import { checkCount, checkName, checkOneOf, checkTable } from "./check-arguments.js";
import {
  buildConditions,
  type ColumnArgument,
  type ColumnOperator,
  type ConditionGroup,
  compareColumns,
} from "./condition-list.js";
import { ConditionedBuilder } from "./conditioned-builder.js";
import {
  checkColumn,
  checkSelect,
  isSelect,
  type Operand,
  toColumnOperand,
  toNodes,
  toSelectedOperand,
} from "./operand.js";
import type { PreparedQuery } from "./prepared-query.js";
import type { AllMissing, Missing, Selectable, Selected, Sending, WithTable } from "./schema-types.js";
import { partsOf } from "./shaped-builder.js";

/** The direction of an order. */
export type Direction = "ASC" | "DESC";

/** Whether rows with null in the ordered column come first or last. */
export type NullsPlace = "FIRST" | "LAST";

const directions: readonly Direction[] = ["ASC", "DESC"];
const nullsPlaces: readonly NullsPlace[] = ["FIRST", "LAST"];

type JoinArguments<Tables> =
  | [on: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>]
  | [left: ColumnArgument<Tables>, operator: ColumnOperator, right: ColumnArgument<Tables>];

/**
 * The columns of the table or the SELECT in `from` or `join`. Because of the brackets, TypeScript does not compute them
 * for every table during inference.
 */
export type ColumnsOf<Schema, Source> = [Source] extends [keyof Schema]
  ? Schema[Source]
  : [Source] extends [SelectBuilder<infer _, infer Tables, infer Picked>]
    ? Selected<Tables, Picked>
    : Row;

/** The alias in the statement, if one is given. */
type NameOfSource<Source> = [Source] extends [string] ? Source : never;

/** A SELECT of any tables and columns. */
// biome-ignore lint/suspicious/noExplicitAny: any of its types will do, and they are inferred where they count
export type AnySelectBuilder = SelectBuilder<any, any, any>;

type Source<Schema> = (keyof Schema & string) | AnySelectBuilder;

/**
 * A SELECT. `Schema` is the type of all tables of the database. `Tables` are the tables of this statement by their
 * aliases. `Picked` are the selected columns.
 */
export class SelectBuilder<Schema, Tables, Picked> extends ConditionedBuilder<SelectNode, Tables> {
  /**
   * Adds columns to the result. For an alias, write `posts.id as postId`. For an expression, pass `raw(...).as(name)`.
   */
  select<const Columns extends readonly (Selectable<Tables> | RawSQL<unknown, string>)[]>(
    ...columns: Columns
  ): SelectBuilder<Schema, Tables, Picked | Columns[number]> {
    const plain = columns.every((column) => typeof column === "string");
    const operands = plain ? [] : columns.map(toSelectedOperand);
    const keys = plain ? columns : operands.flatMap((operand) => operand.keys);
    return this.grow(
      ["select", ...keys],
      operands.flatMap((operand) => operand.values),
      (node, slot) => ({
        columns: Object.freeze([
          ...node.columns,
          ...toNodes(plain ? columns.map(toSelectedOperand) : operands, slot),
        ]),
      }),
    ) as never;
  }

  /** The table or the SELECT to read, and its alias in this statement. */
  from<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From,
    as?: Name,
  ): SelectBuilder<Schema, WithTable<Tables, Name, ColumnsOf<Schema, From>>, Picked> {
    if (typeof source === "string" && as === undefined) {
      const { shape } = fromBranch(this.shape, source);
      if (shape !== undefined) return this.derive(shape as Shape<SelectNode>, this.given) as never;
    }
    const table = toTable(source, as, "from");
    return this.grow(["from", ...table.keys], table.values, (_, slot) => ({
      from: table.toNode(slot),
    })) as never;
  }

  /** Works like `innerJoin`. */
  join<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From | readonly [From, Name],
    ...on: JoinArguments<WithTable<Tables, Name, ColumnsOf<Schema, From>>>
  ): SelectBuilder<Schema, WithTable<Tables, Name, ColumnsOf<Schema, From>>, Picked> {
    return this.#join("INNER", "join", source, on) as never;
  }

  /**
   * Joins rows of two tables. Rows without a match are left out:
   * `innerJoin("users", "posts.authorId", "=", "users.id")`. `["users", "u"]` gives the table the alias `u`.
   */
  innerJoin<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From | readonly [From, Name],
    ...on: JoinArguments<WithTable<Tables, Name, ColumnsOf<Schema, From>>>
  ): SelectBuilder<Schema, WithTable<Tables, Name, ColumnsOf<Schema, From>>, Picked> {
    return this.#join("INNER", "innerJoin", source, on) as never;
  }

  /**
   * Works like `innerJoin`, but keeps rows of the earlier tables that have no match. In these rows, the columns of the
   * joined table are null.
   */
  leftJoin<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From | readonly [From, Name],
    ...on: JoinArguments<WithTable<Tables, Name, ColumnsOf<Schema, From>>>
  ): SelectBuilder<Schema, WithTable<Tables, Name, Missing<ColumnsOf<Schema, From>>>, Picked> {
    return this.#join("LEFT", "leftJoin", source, on) as never;
  }

  /**
   * Works like `innerJoin`, but keeps rows of the joined table that have no match. In these rows, the columns of the
   * earlier tables are null.
   */
  rightJoin<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From | readonly [From, Name],
    ...on: JoinArguments<WithTable<Tables, Name, ColumnsOf<Schema, From>>>
  ): SelectBuilder<Schema, WithTable<AllMissing<Tables>, Name, ColumnsOf<Schema, From>>, Picked> {
    return this.#join("RIGHT", "rightJoin", source, on) as never;
  }

  /** Works like `innerJoin`, but keeps the rows of both sides that have no match. */
  fullJoin<From extends Source<Schema>, Name extends string = NameOfSource<From>>(
    source: From | readonly [From, Name],
    ...on: JoinArguments<WithTable<Tables, Name, ColumnsOf<Schema, From>>>
  ): SelectBuilder<Schema, WithTable<AllMissing<Tables>, Name, Missing<ColumnsOf<Schema, From>>>, Picked> {
    return this.#join("FULL", "fullJoin", source, on) as never;
  }

  /** Names a SELECT that this statement can read as a table: `with("recent", select).from("recent")`. */
  with<Name extends string, From extends AnySelectBuilder>(
    name: Name,
    select: From,
  ): SelectBuilder<WithTable<Schema, Name, ColumnsOf<Schema, From>>, Tables, Picked> {
    checkName(name, "The name in with()");
    const { shape, values } = partsOf(checkSelect(select, "with()"));
    return this.grow(["with", name, shape], values, (node, slot) => ({
      with: Object.freeze([...node.with, createWithNode(name, shape.node, slot)]),
    })) as never;
  }

  /** Removes equal rows from the result. */
  distinct(): this {
    return this.grow(["distinct"], [], () => ({ distinct: true }));
  }

  /**
   * Selects the number of rows. With a column, counts only rows whose column is not null. The default name of the
   * result is `count`.
   */
  count<Name extends string = "count">(
    column: ColumnArgument<Tables> | "*" = "*",
    as: Name = "count" as Name,
    options: { readonly distinct?: boolean } = {},
  ): SelectBuilder<Schema, Tables, Picked | RawSQL<number, Name>> {
    checkFlags(options, ["distinct"], "count()");
    return this.#aggregate("count", column, as, options.distinct ?? false);
  }

  /** Selects the sum of a column: a number, or null if there are no rows. The default name of the result is `sum`. */
  sum<Name extends string = "sum">(
    column: ColumnArgument<Tables>,
    as: Name = "sum" as Name,
  ): SelectBuilder<Schema, Tables, Picked | RawSQL<number | null, Name>> {
    return this.#aggregate("sum", column, as, false);
  }

  /**
   * Selects the average of a column: a number, or null if there are no rows. The default name of the result is `avg`.
   */
  avg<Name extends string = "avg">(
    column: ColumnArgument<Tables>,
    as: Name = "avg" as Name,
  ): SelectBuilder<Schema, Tables, Picked | RawSQL<number | null, Name>> {
    return this.#aggregate("avg", column, as, false);
  }

  /** Selects the smallest value of a column. The default name of the result is `min`. */
  min<Name extends string = "min">(
    column: ColumnArgument<Tables>,
    as: Name = "min" as Name,
    // biome-ignore lint/suspicious/noExplicitAny: the value has the type of a column that only the database knows
  ): SelectBuilder<Schema, Tables, Picked | RawSQL<any, Name>> {
    return this.#aggregate("min", column, as, false);
  }

  /** Selects the greatest value of a column. The default name of the result is `max`. */
  max<Name extends string = "max">(
    column: ColumnArgument<Tables>,
    as: Name = "max" as Name,
    // biome-ignore lint/suspicious/noExplicitAny: the value has the type of a column that only the database knows
  ): SelectBuilder<Schema, Tables, Picked | RawSQL<any, Name>> {
    return this.#aggregate("max", column, as, false);
  }

  /** Groups the rows: the result has one row for each combination of values of these columns. */
  groupBy(...columns: ColumnArgument<Tables>[]): this {
    const operands = columns.map(toColumnOperand);
    return this.#append("group by", operands, (node, nodes) => ({ groupBy: [...node.groupBy, ...nodes] }));
  }

  /**
   * Adds conditions on the groups: `having((q) => q.gt(db.raw("count(*)"), 1))`. The conditions of all calls must be true.
   */
  having(group: (conditions: ConditionGroup<Tables>) => ConditionGroup<Tables>): this {
    const { shape, values } = partsOf(buildConditions(group, "having"));
    return this.grow(["having", shape], values, (node, slot) => ({
      having: Object.freeze([
        ...node.having,
        Object.freeze({ kind: "group", joiner: "AND", members: shape.node.members, slot } as const),
      ]),
    }));
  }

  /**
   * Orders the rows by a column, after the columns of earlier calls. In every dialect, null is greater than all other
   * values, unless `nulls` sets its position.
   */
  order(
    column: ColumnArgument<Tables> | AliasOf<Picked>,
    direction: Direction = "ASC",
    nulls?: NullsPlace,
  ): this {
    checkOneOf(direction, directions, "The direction of order()");
    if (nulls !== undefined) checkOneOf(nulls, nullsPlaces, "The place of nulls in order()");
    const operand = toColumnOperand(column);
    return this.grow(["order", ...operand.keys, direction, nulls], operand.values, (node, slot) => ({
      orderBy: Object.freeze([...node.orderBy, createOrderNode(operand.toNode(slot), direction, nulls)]),
    }));
  }

  /** Limits the number of rows. */
  limit(rows: number | NamedParam): this {
    const value = rows instanceof NamedParam ? rows : checkCount(rows, "limit");
    return this.growTo(this.shape.at("limit"), [value], (_, slot) => ({ limit: createParamNode(slot) }));
  }

  /** Skips a number of rows at the start. */
  offset(rows: number | NamedParam): this {
    const value = rows instanceof NamedParam ? rows : checkCount(rows, "offset");
    return this.growTo(this.shape.at("offset"), [value], (_, slot) => ({ offset: createParamNode(slot) }));
  }

  /** Adds the rows of another SELECT and removes equal rows. `order` and `limit` then apply to all rows together. */
  union(select: AnySelectBuilder): this {
    return this.#union(select, false);
  }

  /** Adds the rows of another SELECT and keeps equal rows. */
  unionAll(select: AnySelectBuilder): this {
    return this.#union(select, true);
  }

  /**
   * Locks the rows until the transaction ends, so that other transactions cannot change them. Only PostgreSQL supports
   * it.
   */
  forUpdate(): this {
    return this.grow(["for update"], [], () => ({ forUpdate: true }));
  }

  /** Sends the statement and resolves to its rows. `logger` replaces the logger of the database for this statement. */
  async yield(...sending: Sending<Tables, Picked>): Promise<Selected<Tables, Picked>[]> {
    this.complete();
    const result = this.runner.run(this.shape, this.given, sending[0] as Logger | undefined);
    return (result instanceof Promise ? await result : result).rows as Selected<Tables, Picked>[];
  }

  /** Sends the statement with `LIMIT 1` and resolves to the row, or to `undefined`. */
  async first(...sending: Sending<Tables, Picked>): Promise<Selected<Tables, Picked> | undefined> {
    const { limit } = this.node;
    // A limit of 0 is not replaced by 1.
    const one = limit !== undefined && this.given[limit.slot] === 0 ? this.shape : this.#singleShape();
    this.complete();
    const result = this.runner.run(one, this.given, sending[0] as Logger | undefined);
    return (result instanceof Promise ? await result : result).rows[0] as
      | Selected<Tables, Picked>
      | undefined;
  }

  /** Works like `first`, but resolves to the value of the first column, or to `undefined`. */
  async value(
    ...sending: Sending<Tables, Picked>
  ): Promise<Selected<Tables, Picked>[keyof Selected<Tables, Picked>] | undefined> {
    const row = await this.first(...sending);
    return row === undefined ? undefined : (Object.values(row)[0] as never);
  }

  /** Sends the statement and returns its rows one by one, with limited memory use. */
  iterate(...sending: Sending<Tables, Picked>): AsyncIterableIterator<Selected<Tables, Picked>> {
    void sending;
    this.complete();
    return this.runner.iterate(this.shape, this.given) as AsyncIterableIterator<Selected<Tables, Picked>>;
  }

  /**
   * Returns a `PreparedQuery`. Its SQL is written once and sent many times, each time with values for all
   * `db.param(name)`.
   */
  prepare(): PreparedQuery<Selected<Tables, Picked>> {
    this.complete();
    return this.runner.prepare(this.shape, this.given);
  }

  protected override complete(): void {
    const { from, columns, joins } = this.node;
    if (from === undefined && (columns.length === 0 || joins.length > 0)) {
      throw new QueryArgumentError('A select has no table; add .from("table").');
    }
  }

  protected override derive(shape: Shape<SelectNode>, values: readonly Value[]): this {
    return new SelectBuilder<Schema, Tables, Picked>(shape, values, this.runner) as this;
  }

  /** The same statement with `LIMIT 1` and the same values. */
  #singleShape(): Shape<SelectNode> {
    const branch = this.shape.at("single");
    branch.shape ??= new Shape(Object.freeze({ ...this.node, single: true }));
    return branch.shape as Shape<SelectNode>;
  }

  #append(
    key: string,
    operands: readonly Operand[],
    change: (node: SelectNode, nodes: readonly ExpressionNode[]) => Partial<SelectNode>,
  ): this {
    return this.grow(
      [key, ...operands.flatMap((operand) => operand.keys)],
      operands.flatMap((operand) => operand.values),
      (node, slot) => change(node, toNodes(operands, slot)),
    );
  }

  #aggregate(name: AggregateName, column: unknown, as: string, distinct: boolean): never {
    checkName(as, `The name of ${name}()`);
    if (column instanceof RawSQL) {
      throw new QueryArgumentError(
        `${name}() takes a column; write db.raw("${name}(...)").as("${as}") instead.`,
      );
    }
    checkColumn(column);
    return this.grow(["aggregate", name, column, as, distinct], [], (node) => ({
      columns: Object.freeze([
        ...node.columns,
        createAggregateNode({ name, column: column === "*" ? undefined : column, distinct, alias: as }),
      ]),
    })) as never;
  }

  #union(select: unknown, all: boolean): this {
    const { shape, values } = partsOf(checkSelect(select, "union()"));
    return this.grow(["union", all, shape], values, (node, slot) => ({
      unions: Object.freeze([...node.unions, createUnionNode(all, shape.node, slot)]),
    }));
  }

  #join(type: JoinType, method: string, source: unknown, on: readonly unknown[]): this {
    if (typeof source === "string" && on.length === 3 && on.every((part) => typeof part === "string")) {
      // This is the usual case, so it is optimized: known arguments are not checked a second time.
      const [left, operator, right] = on;
      const branch = this.shape.at("join").at(type).at(source).at(left).at(operator).at(right);
      if (branch.shape !== undefined) return this.growTo(branch, [], () => ({}));
      const { shape } = partsOf(compareColumns(left as string, operator as ColumnOperator, right as string));
      const table = createTableNode(checkTable(source, method));
      return this.growTo(branch, [], (node, slot) => ({
        joins: Object.freeze([...node.joins, createJoinNode({ type, table, on: shape.node.members, slot })]),
      }));
    }
    const [from, as] = Array.isArray(source) ? source : [source, undefined];
    const table = toTable(from, as, method);
    const group = (on.length === 3
      ? compareColumns(on[0] as string, on[1] as ColumnOperator, on[2] as string)
      : buildConditions(on[0] as never, method)) as unknown as ConditionGroup<never>;
    const { shape, values } = partsOf(group);
    return this.grow(["join", type, ...table.keys, shape], [...table.values, ...values], (node, slot) => ({
      joins: Object.freeze([
        ...node.joins,
        createJoinNode({
          type,
          table: table.toNode(slot),
          on: shape.node.members,
          slot: slot + table.values.length,
        }),
      ]),
    }));
  }
}

/** The aliases of the selected columns. `order` accepts them. */
type AliasOf<Picked> =
  Picked extends RawSQL<unknown, infer Alias>
    ? Alias
    : Picked extends `${string} as ${infer Alias}`
      ? Alias
      : never;

/** The branch of a SELECT from one table without an alias. */
export function fromBranch(select: Branch, table: string): Branch {
  return select.at("from").at(table).at(undefined);
}

interface TableOperand {
  readonly keys: readonly unknown[];
  readonly values: readonly Value[];
  toNode(slot: number): TableNode | DerivedTableNode;
}

function toTable(source: unknown, as: unknown, method: string): TableOperand {
  if (isSelect(source)) {
    const alias = checkName(as, `The name of the select in ${method}()`);
    const { shape, values } = partsOf(source);
    return {
      keys: [shape, alias],
      values,
      toNode: (slot) => createDerivedTableNode(shape.node, alias, slot),
    };
  }
  const name = checkTable(source, method);
  const alias = as === undefined ? undefined : checkName(as, `The second name in ${method}()`);
  return { keys: [name, alias], values: [], toNode: () => createTableNode(name, alias) };
}
