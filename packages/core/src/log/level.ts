import { ArgumentError } from "../errors.js";
import { type OptionKind, oneOf } from "../options/kinds.js";
import type { LogLevel } from "./types.js";

/** The kind of an option that is a level. */
export const levelKind: OptionKind = oneOf("error", "warn", "info", "debug", "trace", "none");

/** The rank of each level. A line is written if its rank is at most the rank of the logger. */
export const levelRanks: Readonly<Record<LogLevel, number>> = {
  none: 0,
  error: 1,
  warn: 2,
  info: 3,
  debug: 4,
  trace: 5,
};

/** Parses a level, in any case. */
export function parseLevel(level: string, name: string): LogLevel {
  const lower = String(level).toLowerCase();
  if (!Object.hasOwn(levelRanks, lower)) {
    throw new ArgumentError(
      `${name} must be error, warn, info, debug, trace or none, not ${JSON.stringify(level)}.`,
    );
  }
  return lower as LogLevel;
}

/**
 * Refuses wrong levels in the environment. Loggers are made with the first request that needs them, and then it would
 * be too late.
 */
export function checkLevels(env: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(env)) {
    if ((name === "LOG_LEVEL" || name.startsWith("LOG_LEVEL_")) && value) parseLevel(value, name);
  }
}

/**
 * Returns the identifier as lines and variables contain it. If several workers log, the number of this worker stands in
 * front, as in `WORKER_0_POSTS_GET`.
 */
export function toLineIdentifier(identifier: string, env: NodeJS.ProcessEnv = process.env): string {
  const { CLUSTER_NODE_NUMBER: number, CLUSTER_COUNT: count } = env;
  if (number === undefined || count === undefined || count === "1") return identifier;
  return identifier === "" ? `WORKER_${number}` : `WORKER_${number}_${identifier}`;
}

/**
 * Finds the level of an identifier in the environment. The most exact variable that is set counts. In worker 0 the
 * order is `LOG_LEVEL_WORKER_0_POSTS_GET`, `LOG_LEVEL_POSTS_GET`, `LOG_LEVEL_WORKER_0`, `LOG_LEVEL`; the default is
 * `info`.
 */
export function findLevel(identifier: string, env: NodeJS.ProcessEnv = process.env): LogLevel {
  const name = identifier.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  const worker = env.CLUSTER_NODE_NUMBER === undefined ? undefined : `WORKER_${env.CLUSTER_NODE_NUMBER}`;
  const suffixes: string[] = [];
  if (worker !== undefined && name !== "") suffixes.push(`_${worker}_${name}`);
  if (name !== "") suffixes.push(`_${name}`);
  if (worker !== undefined) suffixes.push(`_${worker}`);
  suffixes.push("");
  for (const suffix of suffixes) {
    const value = env[`LOG_LEVEL${suffix}`];
    if (value !== undefined && value !== "") return parseLevel(value, `LOG_LEVEL${suffix}`);
  }
  return "info";
}
