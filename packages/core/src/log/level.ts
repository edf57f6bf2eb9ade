import { ArgumentError } from "../errors.js";
import { type OptionKind, oneOf } from "../options/kinds.js";
import type { LogLevel } from "./types.js";

/** A level, as an option. */
export const levelKind: OptionKind = oneOf("error", "warn", "info", "debug", "trace", "none");

/** The rank of each level: a line is written when its level's rank is at most that of the logger. */
export const levelRanks: Readonly<Record<LogLevel, number>> = {
  none: 0,
  error: 1,
  warn: 2,
  info: 3,
  debug: 4,
  trace: 5,
};

/** Reads a level, in any case. */
export function parseLevel(level: string, name: string): LogLevel {
  const lower = String(level).toLowerCase();
  if (!Object.hasOwn(levelRanks, lower)) {
    throw new ArgumentError(
      `${name} is one of error, warn, info, debug, trace and none, not ${JSON.stringify(level)}.`,
    );
  }
  return lower as LogLevel;
}

/**
 * Refuses levels in the environment that are none: loggers are made with the first request that needs them, which is
 * too late to find out.
 */
export function checkLevels(env: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(env)) {
    if ((name === "LOG_LEVEL" || name.startsWith("LOG_LEVEL_")) && value) parseLevel(value, name);
  }
}

/**
 * The identifier as lines and variables have it: where several workers log, with the number of this one in front, such
 * as `WORKER_0_POSTS_GET`.
 */
export function toLineIdentifier(identifier: string, env: NodeJS.ProcessEnv = process.env): string {
  const { CLUSTER_NODE_NUMBER: number, CLUSTER_COUNT: count } = env;
  if (number === undefined || count === undefined || count === "1") return identifier;
  return identifier === "" ? `WORKER_${number}` : `WORKER_${number}_${identifier}`;
}

/**
 * Finds the level of an identifier in the environment. The most exact variable that is set counts: in worker 0,
 * `LOG_LEVEL_WORKER_0_POSTS_GET`, `LOG_LEVEL_POSTS_GET`, `LOG_LEVEL_WORKER_0`, `LOG_LEVEL`; else `info`.
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
