import { util } from "../platform/builtins.js";

const mostErrors = 10;
const deepest = 5;

/**
 * Writes an error with its stack, its plain fields such as `code`, its cause, and the errors of an `AggregateError`.
 * Line breaks are followed by blanks, as in stacks. The stacks contain the calls of the app and of its packages. Calls of
 * this project's packages are only written if there are no others.
 */
export function toErrorText(error: Error): string {
  try {
    return write(error, 0, hasOtherCalls(error, 0));
  } catch {
    // Fields may be getters that throw.
    return "An error that cannot be read.";
  }
}

function write(error: Error, depth: number, isCut: boolean): string {
  const indent = "    ".repeat(depth);
  const stack = error.stack ?? String(error);
  let text = `${isCut ? withoutOwnCalls(stack) : stack}${toFields(error)}`.replaceAll("\n", `\n${indent}`);
  if (depth >= deepest) return text;
  const { cause } = error;
  if (cause !== undefined) text += `\n${indent}    caused by ${toText(cause, depth + 1, isCut)}`;
  const { errors } = error as Partial<AggregateError>;
  if (!Array.isArray(errors)) return text;
  for (const one of errors.slice(0, mostErrors)) {
    text += `\n${indent}    one of ${toText(one, depth + 1, isCut)}`;
  }
  if (errors.length > mostErrors) text += `\n${indent}    and ${errors.length - mostErrors} more`;
  return text;
}

const call = /^ {4,}at /;
const callOfNode = /(?:\(|at (?:async )?)node:|\((?:<anonymous>|index \d+)\)$/;
const installed = /[\\/]node_modules[\\/](?:@miqro[\\/][^\\/]+|miqro)[\\/]/;
/** The folder of this package and of its siblings: `@miqro/` in `node_modules`, or that of the workspace. */
const siblings = new URL("../../../", import.meta.url).href;

function isOwnCall(line: string): boolean {
  if (installed.test(line)) return true;
  const at = line.indexOf(siblings);
  return at >= 0 && /^[^/]+\/(?:dist|bin)\//.test(line.slice(at + siblings.length));
}

/** Whether a stack of an error, or of an error inside it, has a call that belongs to neither Node.js nor this project. */
function hasOtherCalls(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth > deepest) return false;
  const lines = (error.stack ?? "").split("\n").filter((line) => call.test(line));
  if (lines.some((line) => !callOfNode.test(line) && !isOwnCall(line))) return true;
  const { errors } = error as Partial<AggregateError>;
  const inner = [error.cause, ...(Array.isArray(errors) ? errors.slice(0, mostErrors) : [])];
  return inner.some((one) => {
    try {
      return hasOtherCalls(one, depth + 1);
    } catch {
      // A proxy may throw at anything.
      return false;
    }
  });
}

/** Calls of Node.js stay where they are called by the app: `at readFileSync` tells more than the line of its caller. */
function withoutOwnCalls(stack: string): string {
  const kept: string[] = [];
  let rest: string[] = [];
  for (const line of stack.split("\n")) {
    if (!call.test(line)) kept.push(...rest.splice(0), line);
    else if (callOfNode.test(line)) rest.push(line);
    else if (isOwnCall(line)) rest = [];
    else kept.push(...rest.splice(0), line);
  }
  return kept.join("\n");
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

function toText(value: unknown, depth: number, isCut: boolean): string {
  let isError = false;
  try {
    isError = value instanceof Error;
  } catch {
    // A proxy may throw at this. The function below reads what lies behind it.
  }
  if (!isError) return util.inspect(value, { depth: 1 });
  try {
    return write(value as Error, depth, isCut);
  } catch {
    return "An error that cannot be read.";
  }
}

// Objects are left out: a request or a connection in a field of an error would fill pages.
function toFields(error: Error): string {
  const fields = Object.entries(error).filter(
    ([name, value]) => name !== "name" && ["string", "number", "boolean"].includes(typeof value),
  );
  return fields.length === 0 ? "" : ` ${util.inspect(Object.fromEntries(fields), { breakLength: Infinity })}`;
}
