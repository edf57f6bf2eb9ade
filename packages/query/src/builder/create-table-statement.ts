import { Shape } from "../ast/shape.js";
import type { CreateIndexNode, CreateTableNode } from "../ast/table-nodes.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { SchemaStatement } from "./statement-builder.js";
import type { StatementRunner } from "./statement-runner.js";

/** A CREATE TABLE, followed by the indexes of its columns. */
export class CreateTableStatement extends SchemaStatement<CreateTableNode> {
  readonly #indexes: readonly CreateIndexNode[];

  constructor(
    shape: Shape<CreateTableNode>,
    values: readonly Value[],
    runner: StatementRunner,
    indexes: readonly CreateIndexNode[],
  ) {
    super(shape, values, runner);
    this.#indexes = indexes;
  }

  override async yield(logger?: Logger): Promise<Row[]> {
    if (this.#indexes.length === 0) return super.yield(logger);
    await this.runner.runTogether([this.shape, ...this.#indexes.map((node) => new Shape(node))], logger);
    return [];
  }
}
