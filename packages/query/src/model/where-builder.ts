import type { ConditionNode } from "../ast/condition-node.js";
import { ConditionGroup, ConditionList } from "../builder/condition-list.js";
import type { Direction, NullsPlace, SelectBuilder } from "../builder/select-builder.js";

type Order = readonly [column: string, direction: Direction, nulls: NullsPlace | undefined];

/** Conditions and orders for the methods of a model; it does not change, each call gives a new one. */
export class WhereBuilder extends ConditionList {
  readonly #conditions: readonly ConditionNode[];
  readonly #orders: readonly Order[];

  constructor(conditions: readonly ConditionNode[] = [], orders: readonly Order[] = []) {
    super();
    this.#conditions = conditions;
    this.#orders = orders;
  }

  /** Orders what is found by a column, after the orders that were given before it. */
  order(column: string, direction: Direction = "ASC", nulls?: NullsPlace): this {
    return new WhereBuilder(this.#conditions, [...this.#orders, [column, direction, nulls]]) as this;
  }

  /** Adds the conditions to a statement. */
  applyTo<Statement extends ConditionList>(statement: Statement): Statement {
    return this.#conditions.length === 0
      ? statement
      : statement.and(() => new ConditionGroup(this.#conditions));
  }

  /** Adds the orders to a SELECT. */
  orderIn<Select extends SelectBuilder>(select: Select): Select {
    return this.#orders.reduce((ordered, order) => ordered.order(...order), select);
  }

  protected override withCondition(condition: ConditionNode): this {
    return new WhereBuilder([...this.#conditions, condition], this.#orders) as this;
  }
}
