import { util } from "../platform/builtins.js";

const mostErrors = 10;
const deepest = 5;

/**
 * Writes an error with its stack, its plain fields such as `code`, its cause, and the errors of an `AggregateError`.
 * Line breaks are followed by blanks, as in stacks.
 */
export function toErrorText(error: Error, depth = 0): string {
  try {
    return write(error, depth);
  } catch {
    // Fields may be getters that throw.
    return "An error that cannot be read.";
  }
}

function write(error: Error, depth: number): string {
  const indent = "    ".repeat(depth);
  let text = `${error.stack ?? String(error)}${toFields(error)}`.replaceAll("\n", `\n${indent}`);
  if (depth >= deepest) return text;
  const { cause } = error;
  if (cause !== undefined) text += `\n${indent}    caused by ${toText(cause, depth + 1)}`;
  const { errors } = error as Partial<AggregateError>;
  if (!Array.isArray(errors)) return text;
  for (const one of errors.slice(0, mostErrors)) text += `\n${indent}    one of ${toText(one, depth + 1)}`;
  if (errors.length > mostErrors) text += `\n${indent}    and ${errors.length - mostErrors} more`;
  return text;
}

/** Wraps the errors among the values of a line, so that `util.format` writes them with this format. */
export function wrapErrors(values: readonly unknown[]): readonly unknown[] {
  return values.some((value) => value instanceof Error)
    ? values.map((value) => (value instanceof Error ? new ToldError(value) : value))
    : values;
}

class ToldError {
  readonly #error: Error;

  constructor(error: Error) {
    this.#error = error;
  }

  toString(): string {
    return toErrorText(this.#error);
  }

  [util.inspect.custom](): string {
    return toErrorText(this.#error);
  }
}

function toText(value: unknown, depth: number): string {
  let isError = false;
  try {
    isError = value instanceof Error;
  } catch {
    // A proxy may throw at this. The function below reads what lies behind it.
  }
  return isError ? toErrorText(value as Error, depth) : util.inspect(value, { depth: 1 });
}

// Objects are left out: a request or a connection in a field of an error would fill pages.
function toFields(error: Error): string {
  const fields = Object.entries(error).filter(
    ([name, value]) => name !== "name" && ["string", "number", "boolean"].includes(typeof value),
  );
  return fields.length === 0 ? "" : ` ${util.inspect(Object.fromEntries(fields), { breakLength: Infinity })}`;
}
