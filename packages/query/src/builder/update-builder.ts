import type { ConditionNode } from "../ast/condition-node.js";
import { createAssignmentNode, extendUpdateNode, type UpdateNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Row } from "../values/row.js";
import { checkRow, toColumnNodes, toWrittenNode } from "./check-arguments.js";
import { ConditionedBuilder } from "./statement-builder.js";

/** An UPDATE. It needs a condition, or `all()`. */
export class UpdateBuilder<Result extends Row = Row> extends ConditionedBuilder<UpdateNode, Result> {
  /** The new values by column; an undefined one leaves its column alone. A second call adds to the first. */
  set(values: Row): this {
    const added = Object.entries(checkRow(values, "set()"))
      .filter(([, value]) => value !== undefined)
      .map(([column, value]) => createAssignmentNode(column, toWrittenNode(value, column)));
    return this.#extend({ set: Object.freeze([...this.node.set, ...added]) });
  }

  /** Says that every row of the table is meant. */
  all(): this {
    return this.#extend({ everyRow: true });
  }

  /** The columns of the changed rows to resolve to; all of them when none is named. */
  returning(...columns: string[]): this {
    return this.#extend({ returning: toColumnNodes(columns.length === 0 ? ["*"] : columns) });
  }

  /** Sends the statement and resolves to the number of rows that it changed. */
  async affected(logger?: Logger): Promise<number> {
    return (await this.runner.run(this.complete(), logger)).affected;
  }

  protected override complete(): UpdateNode {
    if (this.node.set.length === 0) {
      throw new QueryArgumentError("An update needs new values; add .set({ ... }) with at least one.");
    }
    if (this.node.where.length === 0 && !this.node.everyRow) {
      throw new QueryArgumentError(
        `update("${this.node.table}") has no condition and would change every row; add one, or .all() if that is meant.`,
        "QUERY_MISSING_CONDITION",
      );
    }
    return this.node;
  }

  protected override withCondition(condition: ConditionNode): this {
    return this.#extend({ where: Object.freeze([...this.node.where, condition]) });
  }

  #extend(changes: Partial<UpdateNode>): this {
    return new UpdateBuilder<Result>(extendUpdateNode(this.node, changes), this.runner) as this;
  }
}
