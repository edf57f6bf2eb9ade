import { util } from "../platform/builtins.js";
import type { LogFormatter } from "./types.js";

/** One line for people: time, level, identifier, message; what is known of the request follows in brackets. */
export const formatText: LogFormatter = ({ level, identifier, message, optionalParams, meta }) => {
  const name = identifier === "" ? "" : ` [${identifier}]`;
  const request = meta === undefined ? "" : ` [${Object.values(meta).join(" ")}]`;
  const text = escapeControls(`${toMessage(message, optionalParams)}${request}`);
  return `${new Date().toISOString()} ${level.toUpperCase()}${name} ${text}`;
};

/** One JSON object a line, for programs. */
export const formatJSON: LogFormatter = ({ level, identifier, message, optionalParams, meta }) =>
  JSON.stringify({
    time: new Date().toISOString(),
    level,
    identifier,
    message: toMessage(message, optionalParams),
    ...meta,
  });

function toMessage(message: unknown, optionalParams: readonly unknown[]): string {
  try {
    return typeof message === "string"
      ? util.format(message, ...optionalParams)
      : util.format("%s", toText(message), ...optionalParams);
  } catch {
    // A getter or a toString of the logged value threw.
    return "(a value that cannot be printed)";
  }
}

function toText(message: unknown): string {
  return message instanceof Error ? (message.stack ?? String(message)) : util.inspect(message);
}

/**
 * Escapes the control characters that a client could use to forge lines or drive a terminal. Line ends stay only
 * where they are followed by blanks, as in stacks and inspected objects.
 */
function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/\n(?![ \t])(?!\}|\])|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g, (char) => {
    const code = char.charCodeAt(0);
    return code === 10 ? "\\n" : `\\x${code.toString(16).padStart(2, "0")}`;
  });
}
