import type { ConditionNode } from "../ast/condition-node.js";
import { type DeleteNode, extendDeleteNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Row } from "../values/row.js";
import { toColumnNodes } from "./check-arguments.js";
import { ConditionedBuilder } from "./statement-builder.js";

/** A DELETE. It needs a condition, or `all()`. */
export class DeleteBuilder<Result extends Row = Row> extends ConditionedBuilder<DeleteNode, Result> {
  /** Says that every row of the table is meant. */
  all(): this {
    return this.#extend({ everyRow: true });
  }

  /** The columns of the deleted rows to resolve to; all of them when none is named. */
  returning(...columns: string[]): this {
    return this.#extend({ returning: toColumnNodes(columns.length === 0 ? ["*"] : columns) });
  }

  /** Sends the statement and resolves to the number of rows that it deleted. */
  async affected(logger?: Logger): Promise<number> {
    return (await this.runner.run(this.complete(), logger)).affected;
  }

  protected override complete(): DeleteNode {
    if (this.node.where.length === 0 && !this.node.everyRow) {
      throw new QueryArgumentError(
        `delete("${this.node.table}") has no condition and would delete every row; add one, or .all() if that is meant.`,
        "QUERY_MISSING_CONDITION",
      );
    }
    return this.node;
  }

  protected override withCondition(condition: ConditionNode): this {
    return this.#extend({ where: Object.freeze([...this.node.where, condition]) });
  }

  #extend(changes: Partial<DeleteNode>): this {
    return new DeleteBuilder<Result>(extendDeleteNode(this.node, changes), this.runner) as this;
  }
}
