import { util } from "../platform/builtins.js";
import { toErrorText, wrapErrors } from "./error-text.js";
import type { LogFormatter, LogLevel } from "./types.js";

const capitals: Readonly<Record<LogLevel, string>> = {
  none: "NONE",
  error: "ERROR",
  warn: "WARN",
  info: "INFO",
  debug: "DEBUG",
  trace: "TRACE",
};

/** Writes a line for people: time, level, identifier and message. Facts about the request follow in brackets. */
export const formatText: LogFormatter = ({ level, identifier, message, optionalParams, meta }) => {
  const name = identifier === "" ? "" : ` [${identifier}]`;
  const request = meta === undefined ? "" : ` [${Object.values(meta).join(" ")}]`;
  const text = escapeControls(`${toMessage(message, optionalParams)}${request}`);
  return `${toTime()} ${capitals[level]}${name} ${text}`;
};

/** Writes one JSON object per line, for programs. */
export const formatJSON: LogFormatter = ({ level, identifier, message, optionalParams, meta }) =>
  JSON.stringify({
    time: toTime(),
    level,
    identifier,
    message: toMessage(message, optionalParams),
    ...meta,
  });

let lastTime = 0;
let lastText = "";

// Many lines are written in the same millisecond, and formatting the time takes longer than the rest of a line.
function toTime(): string {
  const now = Date.now();
  if (now !== lastTime) {
    lastTime = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

function toMessage(message: unknown, optionalParams: readonly unknown[]): string {
  if (typeof message === "string" && optionalParams.length === 0) return message;
  try {
    return typeof message === "string"
      ? util.format(message, ...wrapErrors(optionalParams))
      : util.format("%s", toText(message), ...wrapErrors(optionalParams));
  } catch {
    // A getter or a `toString` of the logged value threw.
    return "(a value that cannot be printed)";
  }
}

function toText(message: unknown): string {
  return message instanceof Error ? toErrorText(message) : util.inspect(message);
}

/**
 * Escapes the control characters that a client could use to forge lines or to control a terminal. A line break stays
 * only if blanks follow it, as in stacks and inspected objects.
 */
function escapeControls(text: string): string {
  // Nearly all lines are of these characters, and this look at a line is the cheapest.
  if (/^[\t -~]*$/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression looks for them
  return text.replace(/\n(?![ \t])(?!\}|\])|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g, (char) => {
    const code = char.charCodeAt(0);
    return code === 10 ? "\\n" : `\\x${code.toString(16).padStart(2, "0")}`;
  });
}
