import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Row } from "../values/row.js";
import { ConditionList } from "./condition-list.js";
import type { StatementRunner } from "./statement-runner.js";

/**
 * A statement that is sent when one of these methods says so, and never before.
 * A builder does not change: each call gives a new one, so any of them can be kept and branched from.
 */
export interface Statement<Result extends Row> {
  /**
   * Sends the statement and resolves to its rows; to no rows for one that gives none.
   * `logger` takes the place of the database's own logger for this statement.
   */
  yield(logger?: Logger): Promise<Result[]>;
  /** Sends the statement and resolves to its first row, or `undefined`. */
  first(logger?: Logger): Promise<Result | undefined>;
  /** The SQL text of the statement and its parameters, without sending it. */
  toSQL(): CompiledQuery;
  /** Throws: a builder that reaches a response was meant to be sent with `.yield()`. */
  toJSON(): never;
}

/** A statement without conditions. */
export class StatementBuilder<Node extends StatementNode, Result extends Row> implements Statement<Result> {
  protected readonly node: Node;
  protected readonly runner: StatementRunner;

  constructor(node: Node, runner: StatementRunner) {
    this.node = node;
    this.runner = runner;
  }

  async yield(logger?: Logger): Promise<Result[]> {
    return (await this.runner.run(this.complete(), logger)).rows as Result[];
  }

  async first(logger?: Logger): Promise<Result | undefined> {
    return (await this.yield(logger))[0];
  }

  toSQL(): CompiledQuery {
    return this.runner.compile(this.complete());
  }

  toJSON(): never {
    throw builderIsNotData();
  }

  /** The node, once it is known to be a whole statement. */
  protected complete(): Node {
    return this.node;
  }
}

/** A statement with conditions. Two base classes would be needed at once, so the four short methods stand twice. */
export abstract class ConditionedBuilder<Node extends StatementNode, Result extends Row>
  extends ConditionList
  implements Statement<Result>
{
  protected readonly node: Node;
  protected readonly runner: StatementRunner;

  constructor(node: Node, runner: StatementRunner) {
    super();
    this.node = node;
    this.runner = runner;
  }

  async yield(logger?: Logger): Promise<Result[]> {
    return (await this.runner.run(this.complete(), logger)).rows as Result[];
  }

  async first(logger?: Logger): Promise<Result | undefined> {
    return (await this.yield(logger))[0];
  }

  toSQL(): CompiledQuery {
    return this.runner.compile(this.complete());
  }

  toJSON(): never {
    throw builderIsNotData();
  }

  /** The node, once it is known to be a whole and safe statement. */
  protected abstract complete(): Node;
}

function builderIsNotData(): QueryArgumentError {
  return new QueryArgumentError(
    "A query builder is not data: call .yield() on it and await the rows before they are serialized.",
  );
}
