import { inspect } from "node:util";

/** An error in a form that another process can show. */
export interface ErrorReport {
  readonly name: string;
  /** The message, and the messages of its causes and of the errors that it contains, one per line. */
  readonly message: string;
  /** The stack, with the stacks of the causes and of the errors that it contains. */
  readonly stack: string | undefined;
}

// Chains of causes can be circular.
const longestChain = 8;

/** Writes an error as text, with its causes and the errors that it contains. */
export function toReport(value: unknown): ErrorReport {
  const error =
    value instanceof Error ? value : new Error(typeof value === "string" ? value : inspect(value));
  const lines: string[] = [];
  addLines(error, "", "", lines);
  return { name: String(error.name), message: lines.join("\n"), stack: inspect(error, { depth: 4 }) };
}

function addLines(value: unknown, indent: string, label: string, lines: string[]): void {
  if (lines.length >= longestChain) return;
  lines.push(`${indent}${label}${value instanceof Error ? value.message : inspect(value)}`);
  if (!(value instanceof Error)) return;
  if (value instanceof AggregateError) {
    for (const error of value.errors) addLines(error, `${indent}  `, "error: ", lines);
  }
  if (value.cause !== undefined) addLines(value.cause, `${indent}  `, "cause: ", lines);
}
