import type { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryResult } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { PreparedQuery } from "./prepared-query.js";
import { ShapedBuilder } from "./shaped-builder.js";
import type { StatementRunner } from "./statement-runner.js";

/** A complete statement, sent or not. */
export interface BuiltStatement {
  /** Returns the SQL text of the statement and its parameters. Sends nothing. */
  toSQL(): CompiledQuery;
  /** Always throws. If a response contains a builder, its `.yield()` was forgotten. */
  toJSON(): never;
}

/**
 * A statement. Only these methods send it. A builder never changes: each call returns a new builder. So you can store a
 * builder and extend it in several ways.
 */
export interface Statement<Result> extends BuiltStatement {
  /**
   * Sends the statement and resolves to its rows, or to an empty array if the statement returns no rows. `logger`
   * replaces the logger of the database for this statement.
   */
  yield(logger?: Logger): Promise<Result[]>;
  /** Sends the statement and resolves to its first row, or `undefined`. */
  first(logger?: Logger): Promise<Result | undefined>;
  /**
   * Returns a `PreparedQuery`. Its SQL is written once and sent many times, each time with values for all
   * `db.param(name)`.
   */
  prepare(): PreparedQuery<Result>;
}

/** A statement that writes rows. */
export interface WritingStatement<Result> extends Statement<Result> {
  /** Sends the statement and resolves to the number of rows that it wrote. */
  affected(logger?: Logger): Promise<number>;
}

/** A statement without conditions. */
export abstract class StatementBuilder<Node extends StatementNode, Result>
  extends ShapedBuilder<Node>
  implements WritingStatement<Result>
{
  // Only declared: a field that is defined before it is assigned costs each step of a chain a tenth of its time.
  declare protected readonly runner: StatementRunner;

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
    throw new QueryArgumentError(
      "A query builder is not data: call .yield() on it and await the rows before they are serialized.",
    );
  }

  protected run(logger: Logger | undefined): QueryResult | Promise<QueryResult> {
    this.complete();
    return this.runner.run(this.shape, this.given, logger);
  }
}

/** Gives builders with another base class members of `StatementBuilder`, which use `shape`, `given` and `runner`. */
export function addStatementMembers(
  prototype: object,
  ...names: readonly ("yield" | "first" | "affected" | "toSQL" | "prepare" | "toJSON" | "run")[]
): void {
  const members = Object.getOwnPropertyDescriptors(StatementBuilder.prototype);
  for (const name of names) Object.defineProperty(prototype, name, members[name] as PropertyDescriptor);
}
