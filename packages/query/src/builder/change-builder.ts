import type { DeleteNode, UpdateNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import { ConditionedBuilder } from "./conditioned-builder.js";
import { addStatementMembers, type WritingStatement } from "./statement-builder.js";

/** A statement that changes or deletes rows. It needs a condition, or `all()`. */
export abstract class ChangeBuilder<Node extends UpdateNode | DeleteNode, Tables, Result>
  extends ConditionedBuilder<Node, Tables>
  implements WritingStatement<Result>
{
  declare readonly yield: WritingStatement<Result>["yield"];
  declare readonly first: WritingStatement<Result>["first"];
  declare readonly affected: WritingStatement<Result>["affected"];
  declare readonly prepare: WritingStatement<Result>["prepare"];

  static {
    addStatementMembers(ChangeBuilder.prototype, "yield", "first", "affected", "prepare", "run");
  }

  /** Allows the statement without a condition. It then changes or deletes every row of the table. */
  all(): this {
    return this.grow(["all"], [], () => ({ everyRow: true }) as Partial<Node>);
  }

  protected override complete(): void {
    const { kind, table, where, everyRow } = this.node;
    if (where.length > 0 || everyRow) return;
    const effect = kind === "update" ? "change" : "delete";
    throw new QueryArgumentError(
      `${kind}("${table}") has no condition and would ${effect} every row; add a condition, or .all() to ${effect} all rows.`,
      "QUERY_MISSING_CONDITION",
    );
  }
}
