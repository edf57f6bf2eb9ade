import type { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryResult } from "../driver/driver.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import type { PreparedQuery } from "./prepared-query.js";

/** The functions that builders use to send statements through a database or a transaction. */
export interface StatementRunner {
  compile(shape: Shape<StatementNode>, values: readonly Value[]): CompiledQuery;
  /** May return the result directly instead of a promise, which saves a turn of the event loop. */
  run(
    shape: Shape<StatementNode>,
    values: readonly Value[],
    logger: Logger | undefined,
  ): QueryResult | Promise<QueryResult>;
  iterate(shape: Shape<StatementNode>, values: readonly Value[]): AsyncIterableIterator<Row>;
  prepare<Result>(shape: Shape<StatementNode>, values: readonly Value[]): PreparedQuery<Result>;
  /** Whether statements with IF EXISTS or IF NOT EXISTS need the schema lock. */
  readonly guardsSchema: boolean;
  /**
   * Runs several statements in one transaction. If `guarded` is true, the transaction waits for guarded transactions of
   * other processes.
   */
  runTogether(
    shapes: readonly Shape<StatementNode>[],
    guarded: boolean,
    logger: Logger | undefined,
  ): Promise<void>;
}
