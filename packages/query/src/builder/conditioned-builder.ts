import type { ConditionNode } from "../ast/condition-node.js";
import type { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { Value } from "../sql/named-param.js";
import { ConditionList } from "./condition-list.js";
import { addStatementMembers, type BuiltStatement } from "./statement-builder.js";
import type { StatementRunner } from "./statement-runner.js";

/** A statement that can have conditions. */
export type ConditionedNode = StatementNode & { readonly where: readonly ConditionNode[] };

/**
 * A statement with conditions. A class has one base, and this one has the conditions from it, so that it takes its
 * members as a statement from `StatementBuilder` one by one.
 */
export abstract class ConditionedBuilder<Node extends ConditionedNode, Tables>
  extends ConditionList<Node, Tables>
  implements BuiltStatement
{
  declare readonly toSQL: BuiltStatement["toSQL"];
  declare readonly toJSON: BuiltStatement["toJSON"];

  static {
    addStatementMembers(ConditionedBuilder.prototype, "toSQL", "toJSON");
  }

  // Only declared: a field that is defined before it is assigned costs each step of a chain a tenth of its time.
  declare protected readonly runner: StatementRunner;

  constructor(shape: Shape<Node>, values: readonly Value[], runner: StatementRunner) {
    super(shape, values);
    this.runner = runner;
  }

  protected override extend(node: Node, condition: ConditionNode): Partial<Node> {
    return { where: Object.freeze([...node.where, condition]) } as Partial<Node>;
  }
}
