import type { DriverSession, DriverTransaction, Query, QueryResult } from "../driver/driver.js";
import type { Row } from "../values/row.js";

/** Begins a transaction inside another. Every dialect does this with the same statements. */
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
  // Undoing a savepoint also undoes its tables.
  return { sql, params: [], access: sql.startsWith("ROLLBACK") ? "schema" : "write", rows: false };
}
