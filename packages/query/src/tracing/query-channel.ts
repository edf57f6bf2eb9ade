import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { DialectName } from "../dialects/dialect.js";

/**
 * A statement, from when it is sent until its result is there. Subscribers get the same object for each of its events,
 * and may keep something of their own in it.
 */
export interface QueryTrace {
  /** The text with placeholders. Parameters are never told. */
  readonly sql: string;
  readonly dialect: DialectName;
  /** The name of the database. */
  readonly database: string;
  /** How many rows came back or changed; known at `asyncEnd`. */
  rows: number | undefined;
  /** The error of the statement, if it failed. */
  error: unknown;
}

export const queryChannel: TracingChannel<QueryTrace, QueryTrace> = tracingChannel("miqro:query");
