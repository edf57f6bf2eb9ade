import type { StandardSchemaIssue } from "../schema/standard-schema.js";
import type { Failure, Fault } from "./failure.js";
import type { ParseIssue } from "./parse-issue.js";
import { truncate, withArticle } from "./words.js";

const longestKey = 100;

/** The issues of a failure, their paths beginning with the name of the value where it has one. */
export function toIssues(failure: Failure, name: string | undefined): ParseIssue[] {
  const issues: ParseIssue[] = [];
  for (const fault of failure.faults) {
    const path = toPath(fault.path, name);
    const { code, expected, received } = fault;
    issues.push({ path, code, expected, received, message: toMessage(fault, path) });
  }
  return issues;
}

/** The same for Standard Schema, which wants the keys of a path one by one. */
export function toStandardIssues(failure: Failure): StandardSchemaIssue[] {
  return failure.faults.map((fault) => ({
    message: toMessage(fault, toPath(fault.path, undefined)),
    path: fault.path,
  }));
}

function toPath(keys: readonly PropertyKey[], name = ""): string {
  let path = name;
  for (const key of keys) {
    const text = typeof key === "string" ? truncate(key, longestKey) : String(key);
    path = path === "" ? text : `${path}.${text}`;
  }
  return path;
}

function toMessage(fault: Fault, path: string): string {
  const subject = path === "" ? "The value" : fault.path.every(isPlainKey) ? path : JSON.stringify(path);
  const { expected, received } = fault;
  switch (fault.code) {
    case "missing":
      return `${subject} is missing: it must be ${withArticle(expected)}.`;
    case "too_short":
    case "too_long":
      return `${subject} must have ${expected}, but it has ${received}.`;
    case "wrong_format":
      return `${subject} is not a valid ${expected}.`;
    case "wrong_pattern":
      return `${subject} must match ${expected}.`;
    case "not_unique":
      return `${subject} repeats an earlier item, ${received}: the items must be unique.`;
    case "unknown_key":
      return expected === "no such key"
        ? `${subject} is not a known key: leave it out.`
        : `${subject} is not a known key: perhaps ${expected} was meant.`;
    case "forbidden_key":
      return `${subject} is a key that is never accepted: leave it out.`;
    case "foreign":
      return `${subject} was refused: ${fault.message}`;
    default:
      return `${subject} must be ${withArticle(expected)}, but it is ${withArticle(received)}.`;
  }
}

// Keys come from the outside: a path with spaces, quotes or control characters in one is shown as a JSON string.
function isPlainKey(key: PropertyKey): boolean {
  if (typeof key !== "string") return typeof key === "number";
  if (key === "" || key.length > longestKey) return false;
  for (let index = 0; index < key.length; index++) if (!isPlainCharacter(key.charCodeAt(index))) return false;
  return true;
}

// A to Z, a to z, 0 to 9, and - . _ $
function isPlainCharacter(code: number): boolean {
  if (code >= 97) return code <= 122;
  return (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || plainPunctuation.has(code);
}

const plainPunctuation: ReadonlySet<number> = new Set([36, 45, 46, 95]);
