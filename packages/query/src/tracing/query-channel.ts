import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { DialectName } from "../dialects/dialect.js";

/**
 * A statement, from its sending until its result is there. Subscribers get the same object for each of its events, and
 * may store properties of their own in it.
 */
export interface QueryTrace {
  /** The text with placeholders. Parameters are never included. */
  readonly sql: string;
  readonly dialect: DialectName;
  /** The name of the database. */
  readonly database: string;
  /** How many rows were returned or changed; known at `asyncEnd`. */
  rows: number | undefined;
  /** The error of the statement, if it failed. */
  error: unknown;
}

export const queryChannel: TracingChannel<QueryTrace, QueryTrace> = tracingChannel("miqro:query");
