import { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { StatementBuilder } from "./statement-builder.js";
import type { StatementRunner } from "./statement-runner.js";

/** A statement that changes the schema, and the statements that run after it, such as those that create its indexes. */
export class SchemaStatement<Node extends StatementNode> extends StatementBuilder<Node, Row> {
  readonly #following: readonly StatementNode[];

  constructor(
    shape: Shape<Node>,
    values: readonly Value[],
    runner: StatementRunner,
    following: readonly StatementNode[] = [],
  ) {
    super(shape, values, runner);
    this.#following = following;
  }

  override async yield(logger?: Logger): Promise<Row[]> {
    // Without the lock, two processes could create the same table at the same time, because both see that it does not
    // exist.
    const isGuarded = this.runner.guardsSchema && looksFirst(this.node);
    if (this.#following.length === 0 && !isGuarded) return super.yield(logger);
    const shapes = [this.shape, ...this.#following.map((node) => new Shape(node))];
    await this.runner.runTogether(shapes, isGuarded, logger);
    return [];
  }

  protected override derive(shape: Shape<Node>, values: readonly Value[]): this {
    return new SchemaStatement<Node>(shape, values, this.runner, this.#following) as this;
  }
}

function looksFirst(node: StatementNode): boolean {
  return ("ifNotExists" in node && node.ifNotExists) || ("ifExists" in node && node.ifExists);
}
