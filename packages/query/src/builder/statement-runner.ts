import type { Shape } from "../ast/shape.js";
import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryResult } from "../driver/driver.js";
import type { Logger } from "../logger.js";
import type { Value } from "../sql/named-param.js";
import type { Row } from "../values/row.js";
import type { PreparedQuery } from "./prepared-query.js";

/** The functions of the database or the transaction that its builders use. */
export interface StatementRunner {
  compile(shape: Shape<StatementNode>, values: readonly Value[]): CompiledQuery;
  /** May return the result itself, and no promise, so that nothing waits without need. */
  run(
    shape: Shape<StatementNode>,
    values: readonly Value[],
    logger: Logger | undefined,
  ): QueryResult | Promise<QueryResult>;
  iterate(shape: Shape<StatementNode>, values: readonly Value[]): AsyncIterableIterator<Row>;
  prepare<Result>(shape: Shape<StatementNode>, values: readonly Value[]): PreparedQuery<Result>;
  /** Whether statements that check before they change something must run alone. */
  readonly guardsSchema: boolean;
  /** Runs several statements in one transaction. `guarded` statements wait for those of other processes. */
  runTogether(
    shapes: readonly Shape<StatementNode>[],
    guarded: boolean,
    logger: Logger | undefined,
  ): Promise<void>;
}
