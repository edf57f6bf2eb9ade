import type { DriverSession, DriverTransaction, Query, QueryResult } from "../driver/driver.js";
import type { Row } from "../values/row.js";

/** Begins a transaction inside another transaction, as a savepoint. The statements are the same in every dialect. */
export async function beginSavepoint(session: DriverSession, depth: number): Promise<DriverTransaction> {
  const name = `miqro_${depth}`;
  await session.execute(statement(`SAVEPOINT ${name}`));
  return {
    execute: (query: Query): QueryResult | Promise<QueryResult> => session.execute(query),
    iterate: (query: Query): AsyncIterableIterator<readonly Row[]> => session.iterate(query),
    async commit(): Promise<void> {
      await session.execute(statement(`RELEASE SAVEPOINT ${name}`));
    },
    async rollback(): Promise<void> {
      await session.execute(statement(`ROLLBACK TO SAVEPOINT ${name}`));
      await session.execute(statement(`RELEASE SAVEPOINT ${name}`));
    },
  };
}

function statement(sql: string): Query {
  // Rolling back a savepoint may also undo changes of tables.
  return { sql, params: [], access: sql.startsWith("ROLLBACK") ? "schema" : "write", rows: false };
}
