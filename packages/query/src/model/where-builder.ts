import type { ConditionNode } from "../ast/condition-node.js";
import type { Shape } from "../ast/shape.js";
import { checkOneOf } from "../builder/check-arguments.js";
import {
  type ColumnArgument,
  ConditionGroup,
  ConditionList,
  type Conditions,
  noConditions,
} from "../builder/condition-list.js";
import type { AnySchema } from "../builder/schema-types.js";
import type { Direction, NullsPlace } from "../builder/select-builder.js";
import type { Value } from "../sql/named-param.js";

type Order = readonly [column: string, direction: Direction, nulls: NullsPlace | undefined];

/** A statement to which conditions can be added. */
interface Conditioned {
  and(group: (conditions: ConditionGroup<AnySchema>) => ConditionGroup<AnySchema>): this;
}

interface Ordered {
  order(column: never, direction?: Direction, nulls?: NullsPlace): this;
}

/** Conditions and orders for the methods of a model. Each call returns a new builder. */
export class WhereBuilder<Tables> extends ConditionList<Conditions, Tables> {
  readonly #orders: readonly Order[];

  constructor(
    shape: Shape<Conditions> = noConditions,
    values: readonly Value[] = [],
    orders: readonly Order[] = [],
  ) {
    super(shape, values);
    this.#orders = orders;
  }

  /** Orders the rows by a column, after the columns of earlier calls. */
  order(column: ColumnArgument<Tables>, direction: Direction = "ASC", nulls?: NullsPlace): this {
    checkOneOf(direction, ["ASC", "DESC"], "The direction of order()");
    return new WhereBuilder<Tables>(this.shape, this.given, [
      ...this.#orders,
      [column as string, direction, nulls],
    ]) as this;
  }

  /** Adds the conditions to a statement. */
  applyTo<Statement extends Conditioned>(statement: Statement): Statement {
    return this.shape === noConditions
      ? statement
      : statement.and(() => new ConditionGroup<AnySchema>(this.shape, this.given));
  }

  /** Adds the orders to a SELECT. */
  orderIn<Select extends Ordered>(select: Select): Select {
    return this.#orders.reduce((ordered, order) => ordered.order(...(order as unknown as [never])), select);
  }

  protected override derive(shape: Shape<Conditions>, values: readonly Value[]): this {
    return new WhereBuilder<Tables>(shape, values, this.#orders) as this;
  }

  protected override extend(node: Conditions, condition: ConditionNode): Conditions {
    return { members: Object.freeze([...node.members, condition]) };
  }
}
