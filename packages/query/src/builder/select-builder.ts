import type { ConditionNode } from "../ast/condition-node.js";
import type { RawNode } from "../ast/expression-node.js";
import { toOperandNode } from "../ast/expression-node.js";
import {
  createJoinNode,
  createOrderNode,
  createTableNode,
  extendSelectNode,
  type JoinNode,
  type SelectNode,
} from "../ast/select-node.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Row } from "../values/row.js";
import { checkCount, checkOneOf, checkTable, toOperandNodes } from "./check-arguments.js";
import {
  buildConditions,
  type ColumnOperator,
  type ConditionGroup,
  createColumnComparison,
} from "./condition-list.js";
import { ConditionedBuilder } from "./statement-builder.js";

/** Which way a column is ordered. */
export type Direction = "ASC" | "DESC";

/** Where the rows go in which the ordered column is null. */
export type NullsPlace = "FIRST" | "LAST";

const directions: readonly Direction[] = ["ASC", "DESC"];
const nullsPlaces: readonly NullsPlace[] = ["FIRST", "LAST"];

type JoinArguments =
  | [on: (conditions: ConditionGroup) => ConditionGroup]
  | [left: string | RawNode, operator: ColumnOperator, right: string | RawNode];

/** A SELECT. */
export class SelectBuilder<Result extends Row = Row> extends ConditionedBuilder<SelectNode, Result> {
  /** The table to read, and the name that it has in this statement. */
  from(table: string, as?: string): this {
    const name = checkTable(table, "from");
    if (as !== undefined) checkTable(as, "from");
    return this.#extend({ from: createTableNode(name, as) });
  }

  /** As `innerJoin`. */
  join(table: string, ...on: JoinArguments): this {
    return this.#join("INNER", "join", table, on);
  }

  /** Rows of both tables that belong together: `innerJoin("users", "posts.authorId", "=", "users.id")`. */
  innerJoin(table: string, ...on: JoinArguments): this {
    return this.#join("INNER", "innerJoin", table, on);
  }

  /** As `innerJoin`, and the rows that have no other keep nulls in its place. */
  leftJoin(table: string, ...on: JoinArguments): this {
    return this.#join("LEFT", "leftJoin", table, on);
  }

  /** Equal rows count once. */
  distinct(): this {
    return this.#extend({ distinct: true });
  }

  /** One row for each set of values of these columns. */
  groupBy(...columns: (string | RawNode)[]): this {
    return this.#extend({ groupBy: Object.freeze([...this.node.groupBy, ...toOperandNodes(columns)]) });
  }

  /** Orders by a column, after the orders that were given before it. */
  order(column: string | RawNode, direction: Direction = "ASC", nulls?: NullsPlace): this {
    const order = createOrderNode(
      toOperandNode(column),
      checkOneOf(direction, directions, "The direction of order()"),
      nulls === undefined ? undefined : checkOneOf(nulls, nullsPlaces, "The place of nulls in order()"),
    );
    return this.#extend({ orderBy: Object.freeze([...this.node.orderBy, order]) });
  }

  /** At most so many rows. */
  limit(rows: number): this {
    return this.#extend({ limit: checkCount(rows, "limit") });
  }

  /** Passes over so many rows. */
  offset(rows: number): this {
    return this.#extend({ offset: checkCount(rows, "offset") });
  }

  override async first(logger?: Logger): Promise<Result | undefined> {
    const limit = Math.min(this.node.limit ?? 1, 1);
    return (await this.#extend({ limit }).yield(logger))[0];
  }

  /** Sends the statement and gives its rows one by one, with bounded memory. */
  iterate(): AsyncIterableIterator<Result> {
    return this.runner.iterate(this.complete()) as AsyncIterableIterator<Result>;
  }

  protected override complete(): SelectNode {
    if (this.node.from === undefined && (this.node.columns.length === 0 || this.node.joins.length > 0)) {
      throw new QueryArgumentError('A select without a table reads nothing; add .from("table").');
    }
    return this.node;
  }

  protected override withCondition(condition: ConditionNode): this {
    return this.#extend({ where: Object.freeze([...this.node.where, condition]) });
  }

  #join(type: JoinNode["type"], method: string, table: string, on: JoinArguments): this {
    const conditions =
      on.length === 3 ? Object.freeze([createColumnComparison(...on)]) : buildConditions(on[0], method);
    const join = createJoinNode(type, createTableNode(checkTable(table, method)), conditions);
    return this.#extend({ joins: Object.freeze([...this.node.joins, join]) });
  }

  #extend(changes: Partial<SelectNode>): this {
    return new SelectBuilder<Result>(extendSelectNode(this.node, changes), this.runner) as this;
  }
}
