import type { ConditionNode } from "../ast/condition-node.js";
import type { Shape } from "../ast/shape.js";
import type { DeleteNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { toReturningNodes } from "./returning.js";
import type { Returnable, Returned } from "./schema-types.js";
import { ConditionedBuilder } from "./statement-builder.js";

/** A DELETE. It needs a condition, or `all()`. */
export class DeleteBuilder<Tables, Columns = Row, Result = Row> extends ConditionedBuilder<
  DeleteNode,
  Tables,
  Result
> {
  /** Allows the DELETE without a condition. It then deletes every row of the table. */
  all(): this {
    return this.grow(["all"], [], () => ({ everyRow: true }));
  }

  /** Returns these columns of the deleted rows. Without arguments, it returns all columns. */
  returning<Name extends Returnable<Columns> = never>(
    ...columns: Name[]
  ): DeleteBuilder<Tables, Columns, Returned<Columns, Name>> {
    return this.grow(["returning", ...columns], [], () => ({
      returning: toReturningNodes(columns),
    })) as never;
  }

  protected override complete(): void {
    if (this.node.where.length > 0 || this.node.everyRow) return;
    throw new QueryArgumentError(
      `delete("${this.node.table}") has no condition and would delete every row; add a condition, or .all() to delete all rows.`,
      "QUERY_MISSING_CONDITION",
    );
  }

  protected override derive(shape: Shape<DeleteNode>, values: readonly Value[]): this {
    return new DeleteBuilder<Tables, Columns, Result>(shape, values, this.runner) as this;
  }

  protected override extend(node: DeleteNode, condition: ConditionNode): Partial<DeleteNode> {
    return { where: Object.freeze([...node.where, condition]) };
  }
}
