import { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryResult } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import { ConditionList } from "./condition-list.js";
import type { PreparedQuery } from "./prepared-query.js";
import { ShapedBuilder } from "./shaped-builder.js";
import type { StatementRunner } from "./statement-runner.js";

/**
 * A statement. Only these methods send it. A builder never changes: each call returns a new builder. So you can store a
 * builder and extend it in several ways.
 */
export interface Statement<Result> {
  /**
   * Sends the statement and resolves to its rows, or to an empty array if the statement returns no rows. `logger`
   * replaces the logger of the database for this statement.
   */
  yield(logger?: Logger): Promise<Result[]>;
  /** Sends the statement and resolves to its first row, or `undefined`. */
  first(logger?: Logger): Promise<Result | undefined>;
  /** Returns the SQL text of the statement and its parameters. Sends nothing. */
  toSQL(): CompiledQuery;
  /**
   * Returns a `PreparedQuery`. Its SQL is written once and sent many times, each time with values for all
   * `db.param(name)`.
   */
  prepare(): PreparedQuery<Result>;
  /** Always throws. If a response contains a builder, its `.yield()` was forgotten. */
  toJSON(): never;
}

/** A statement without conditions. */
export abstract class StatementBuilder<Node extends StatementNode, Result>
  extends ShapedBuilder<Node>
  implements Statement<Result>
{
  protected readonly runner: StatementRunner;

  constructor(shape: Shape<Node>, values: readonly Value[], runner: StatementRunner) {
    super(shape, values);
    this.runner = runner;
  }

  async yield(logger?: Logger): Promise<Result[]> {
    const result = this.run(logger);
    return (result instanceof Promise ? await result : result).rows as Result[];
  }

  async first(logger?: Logger): Promise<Result | undefined> {
    return (await this.yield(logger))[0];
  }

  /** Sends the statement and resolves to the number of rows that it wrote. */
  async affected(logger?: Logger): Promise<number> {
    return (await this.run(logger)).affected;
  }

  toSQL(): CompiledQuery {
    this.complete();
    return this.runner.compile(this.shape, this.given);
  }

  prepare(): PreparedQuery<Result> {
    this.complete();
    return this.runner.prepare(this.shape, this.given);
  }

  toJSON(): never {
    throw builderIsNotData();
  }

  protected run(logger: Logger | undefined): QueryResult | Promise<QueryResult> {
    this.complete();
    return this.runner.run(this.shape, this.given, logger);
  }
}

/**
 * A statement with conditions. JavaScript has no second base class, so the short methods of `StatementBuilder` are
 * repeated here.
 */
export abstract class ConditionedBuilder<Node extends StatementNode, Tables, Result>
  extends ConditionList<Node, Tables>
  implements Statement<Result>
{
  protected readonly runner: StatementRunner;

  constructor(shape: Shape<Node>, values: readonly Value[], runner: StatementRunner) {
    super(shape, values);
    this.runner = runner;
  }

  async yield(logger?: Logger): Promise<Result[]> {
    const result = this.run(logger);
    return (result instanceof Promise ? await result : result).rows as Result[];
  }

  async first(logger?: Logger): Promise<Result | undefined> {
    return (await this.yield(logger))[0];
  }

  /** Sends the statement and resolves to the number of rows that it wrote. */
  async affected(logger?: Logger): Promise<number> {
    return (await this.run(logger)).affected;
  }

  toSQL(): CompiledQuery {
    this.complete();
    return this.runner.compile(this.shape, this.given);
  }

  prepare(): PreparedQuery<Result> {
    this.complete();
    return this.runner.prepare(this.shape, this.given);
  }

  toJSON(): never {
    throw builderIsNotData();
  }

  protected run(logger: Logger | undefined): QueryResult | Promise<QueryResult> {
    this.complete();
    return this.runner.run(this.shape, this.given, logger);
  }
}

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

function builderIsNotData(): QueryArgumentError {
  return new QueryArgumentError(
    "A query builder is not data: call .yield() on it and await the rows before they are serialized.",
  );
}
