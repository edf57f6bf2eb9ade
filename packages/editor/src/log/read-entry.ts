import { stripVTControlCharacters } from "node:util";
import type { Output } from "../editor/host.js";

/** The level of a line. Other output of the app has the level `info` on stdout and `warn` on stderr. */
export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";

/** A line of the log. */
export interface LogEntry {
  readonly stream: Output["stream"];
  readonly level: LogLevel;
  /** The time, in the format of the line. */
  readonly time?: string;
  /** The name of the logger. */
  readonly name?: string;
  readonly text: string;
}

const line = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (ERROR|WARN|INFO|DEBUG|TRACE)(?: \[([^\]]*)\])? (.*)$/s;

/** Parses a line of output: a line of a logger as text or as JSON, or any other line. */
export function readEntry(raw: string, stream: Output["stream"]): LogEntry {
  const text = stripVTControlCharacters(raw);
  const [, time = "", level = "", name = "", message = ""] = line.exec(text) ?? [];
  if (time !== "") {
    return {
      stream,
      level: level.toLowerCase() as LogLevel,
      time,
      ...(name === "" ? {} : { name }),
      text: message,
    };
  }
  return readJSON(text, stream) ?? { stream, level: stream === "stderr" ? "warn" : "info", text };
}

function readJSON(text: string, stream: Output["stream"]): LogEntry | undefined {
  if (!text.startsWith('{"time":')) return undefined;
  try {
    const { time, level, identifier, message } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof time !== "string" || !/^(?:error|warn|info|debug|trace)$/.test(String(level)))
      return undefined;
    return {
      stream,
      level: level as LogLevel,
      time,
      ...(typeof identifier === "string" && identifier !== "" ? { name: identifier } : {}),
      text: String(message),
    };
  } catch {
    return undefined;
  }
}
