import type { QueryResult } from "../driver/driver.js";
import type { Row } from "../values/row.js";
import { type QueryTrace, queryChannel } from "./query-channel.js";

/** The properties of a statement that are known before it is sent. */
export type TracedQuery = Pick<QueryTrace, "sql" | "dialect" | "database">;

/** Sends a statement, and publishes its events on the channel `miqro:query`. */
export async function traceQuery(
  query: TracedQuery,
  send: () => QueryResult | Promise<QueryResult>,
): Promise<QueryResult> {
  const trace: QueryTrace = { ...query, rows: undefined, error: undefined };
  try {
    const result = await queryChannel.start.runStores(trace, () => {
      try {
        return send();
      } finally {
        queryChannel.end.publish(trace);
      }
    });
    trace.rows = result.affected;
    return result;
  } catch (error) {
    tellError(trace, error);
    throw error;
  } finally {
    tellEnd(trace);
  }
}

/** Reads the rows of a statement in batches, and publishes its events on the channel `miqro:query`. */
export async function* traceRows(
  query: TracedQuery,
  iterate: () => AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly Row[], void, undefined> {
  const trace: QueryTrace = { ...query, rows: undefined, error: undefined };
  let count = 0;
  queryChannel.start.publish(trace);
  queryChannel.end.publish(trace);
  try {
    for await (const rows of iterate()) {
      count += rows.length;
      yield rows;
    }
  } catch (error) {
    tellError(trace, error);
    throw error;
  } finally {
    trace.rows = count;
    tellEnd(trace);
  }
}

function tellError(trace: QueryTrace, error: unknown): void {
  trace.error = error;
  queryChannel.error.publish(trace);
}

function tellEnd(trace: QueryTrace): void {
  queryChannel.asyncStart.publish(trace);
  queryChannel.asyncEnd.publish(trace);
}
