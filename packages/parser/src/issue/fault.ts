import { closestName } from "../text/closest-name.js";
import type { ParseIssueCode } from "./parse-issue.js";
import { withArticle } from "./words.js";

/** What can be wrong at a place: all that is known of an issue before there is a value. */
export interface Fault {
  readonly code: ParseIssueCode;
  readonly expected: string;
  /** What of the value is `received`: its kind, what it is, or its length. */
  readonly reads: "kind" | "value" | "length";
  /** The sentence after the place; what was received stands between the two parts where `tells` is true. */
  readonly before: string;
  readonly after: string;
  readonly tells: boolean;
  /** The sentence for a value that is absent; without one, it is a fault like others. */
  readonly missing?: string;
}

export function wrongType(expected: string): Fault {
  return wrong("wrong_type", "kind", expected);
}

export function wrongValue(expected: string): Fault {
  return wrong("wrong_value", "value", expected);
}

export function wrongFormat(format: string): Fault {
  return silent("wrong_format", "kind", format, ` is not a valid ${format}.`);
}

export function wrongPattern(pattern: RegExp): Fault {
  return silent("wrong_pattern", "kind", String(pattern), ` must match ${String(pattern)}.`);
}

/** @param unit what is counted, in the singular */
export function tooShort(limit: number, unit: string): Fault {
  return wrongLength("too_short", `at least ${count(limit, unit)}`);
}

/** @param unit what is counted, in the singular */
export function tooLong(limit: number, unit: string): Fault {
  return wrongLength("too_long", `at most ${count(limit, unit)}`);
}

export function tooSmall(min: number): Fault {
  return unfit("too_small", `at least ${min}`);
}

export function tooBig(max: number): Fault {
  return unfit("too_big", `at most ${max}`);
}

export function notMultiple(factor: number): Fault {
  return unfit("not_multiple", `multiple of ${factor}`);
}

export function tooDeep(limit: number): Fault {
  const expected = `at most ${count(limit, "level")}`;
  return silent("too_deep", "kind", expected, ` nests too deep: there may be ${expected}.`);
}

/** For one value of a list, which an earlier one equals. */
export const notUnique: Fault = {
  code: "not_unique",
  expected: "unique items",
  reads: "value",
  before: " repeats an earlier item, ",
  after: ": the items must be unique.",
  tells: true,
};

/** For a key that reaches prototypes; the value is the key. */
export const forbiddenKey: Fault = silent(
  "forbidden_key",
  "value",
  "no such key",
  " is a key that is never accepted: leave it out.",
);

/** For what throws when it is read. */
export const unreadable: Fault = silent(
  "unreadable",
  "kind",
  "value that can be read",
  " cannot be read: reading it threw an error.",
);

/** For a key that a schema does not name; the value is the key. */
export function unknownKey(key: string, known: Iterable<string>): Fault {
  const nearest = closestName(key, known);
  return nearest === undefined
    ? silent("unknown_key", "value", "no such key", " is not a known key: leave it out.")
    : silent(
        "unknown_key",
        "value",
        `the key ${JSON.stringify(nearest)}`,
        ` is not a known key: perhaps the key ${JSON.stringify(nearest)} was meant.`,
      );
}

/** For a value that a `refine` refused, with the reason if it gave one. */
export function refused(reason: string | undefined): Fault {
  return reason === undefined
    ? silent("refused", "kind", "value that its rule accepts", " was refused by the rule of its schema.")
    : silent("refused", "kind", reason, ` ${reason}${/[.!?]$/.test(reason) ? "" : "."}`);
}

/** For a value that a schema of another library refused, in its words. */
export function foreign(expected: string, message: string): Fault {
  return silent("foreign", "kind", expected, ` was refused: ${message}`);
}

function wrong(code: ParseIssueCode, reads: Fault["reads"], expected: string): Fault {
  const wanted = withArticle(expected);
  return {
    code,
    expected,
    reads,
    before: ` must be ${wanted}, but it is `,
    after: ".",
    tells: true,
    missing: ` is missing: it must be ${wanted}.`,
  };
}

function unfit(code: ParseIssueCode, expected: string): Fault {
  const before = ` must be ${withArticle(expected)}, but it is `;
  return { code, expected, reads: "value", before, after: ".", tells: true };
}

function wrongLength(code: ParseIssueCode, expected: string): Fault {
  const before = ` must have ${expected}, but it has `;
  return { code, expected, reads: "length", before, after: ".", tells: true };
}

function silent(code: ParseIssueCode, reads: Fault["reads"], expected: string, before: string): Fault {
  return { code, expected, reads, before, after: "", tells: false };
}

function count(limit: number, unit: string): string {
  return `${limit} ${limit === 1 ? unit : `${unit}s`}`;
}
