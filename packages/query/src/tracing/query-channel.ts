import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { DialectName } from "../dialects/dialect.js";

/**
 * The message of the tracing channel for one statement. Subscribers get the same object for all events of the
 * statement, and may add properties to it.
 */
export interface QueryTrace {
  /** The SQL with placeholders. It never contains parameters. */
  readonly sql: string;
  readonly dialect: DialectName;
  /** The name of the database. */
  readonly database: string;
  /** The number of returned or changed rows. It is set at the event `asyncEnd`. */
  rows: number | undefined;
  /** The error of the statement, if it failed. */
  error: unknown;
}

export const queryChannel: TracingChannel<QueryTrace, QueryTrace> = tracingChannel("miqro:query");
