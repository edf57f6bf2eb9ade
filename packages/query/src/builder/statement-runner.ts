import type { StatementNode } from "../ast/statement-node.js";
import type { CompiledQuery } from "../compiler/compiled-query.js";
import type { QueryResult } from "../driver/driver.js";
import type { Logger } from "../logger.js";
import type { Row } from "../values/row.js";

/** What a builder needs of the database or the transaction that made it. */
export interface StatementRunner {
  compile(node: StatementNode): CompiledQuery;
  run(node: StatementNode, logger: Logger | undefined): Promise<QueryResult>;
  iterate(node: StatementNode): AsyncIterableIterator<Row>;
}
