import { closestName } from "../text/closest-name.js";
import type { ParseIssueCode } from "./parse-issue.js";
import { listWords, quoteValue, withArticle } from "./words.js";

/** The parts of an issue that are known at compile time, before a value is parsed. */
export interface Fault {
  readonly code: ParseIssueCode;
  readonly expected: string;
  /** The content of `received`: the kind of the value, the value itself, or its length. */
  readonly reads: "kind" | "value" | "length";
  /** The message after the path. If `tells` is true, the received value is written between `before` and `after`. */
  readonly before: string;
  readonly after: string;
  readonly tells: boolean;
  /** The message for an absent value. Without it, an absent value gets the usual message. */
  readonly missing?: string;
}

export function wrongType(expected: string): Fault {
  return wrong("wrong_type", "kind", expected);
}

export function wrongValue(expected: string): Fault {
  return wrong("wrong_value", "value", expected);
}

/**
 * The issue of a value that all alternatives of its kind refuse for different reasons.
 * @param expected the expected value of each alternative
 */
export function fitsNone(expected: readonly string[]): Fault {
  const wanted = listWords(expected.map(withArticle), "or", 20);
  return {
    ...wrong("wrong_value", "value", listWords(expected, "or", 20)),
    before: ` must be ${wanted}, but it is `,
  };
}

/**
 * The issue of an object without a key that belongs to only one alternative.
 * @param keys the missing keys of each alternative
 */
export function lacksAll(keys: readonly (readonly string[])[]): Fault {
  const groups = [...new Set(keys.map((group) => listWords(group.map(quoteValue), "and", 20)))];
  const wanted = groups.some((group) => group.includes(" and "))
    ? groups.slice(0, 20).join(", or ")
    : listWords(groups, "or", 20);
  const expected = groups.map((group) => `object with ${group}`);
  const before = ` must have ${wanted}, but it has none of these.`;
  return silent("wrong_value", "kind", listWords(expected, "or", 20), before);
}

export function wrongFormat(format: string): Fault {
  return silent("wrong_format", "kind", format, ` is not a valid ${format}.`);
}

export function wrongPattern(pattern: RegExp): Fault {
  return silent("wrong_pattern", "kind", String(pattern), ` must match ${String(pattern)}.`);
}

/** @param unit the noun of the counted unit, in the singular */
export function tooShort(limit: number, unit: string): Fault {
  return wrongLength("too_short", `at least ${count(limit, unit)}`);
}

/** @param unit the noun of the counted unit, in the singular */
export function tooLong(limit: number, unit: string): Fault {
  return wrongLength("too_long", `at most ${count(limit, unit)}`);
}

export function tooSmall(min: number): Fault {
  return unfit("too_small", `at least ${min}`);
}

export function tooBig(max: number): Fault {
  return unfit("too_big", `at most ${max}`);
}

/** The issue of an integer that JavaScript cannot hold exactly. */
export const tooBigInteger: Fault = tooBig(Number.MAX_SAFE_INTEGER);
export const tooSmallInteger: Fault = tooSmall(Number.MIN_SAFE_INTEGER);

export function notMultiple(factor: number): Fault {
  return unfit("not_multiple", `multiple of ${factor}`);
}

export function tooDeep(limit: number): Fault {
  const expected = `at most ${count(limit, "level")}`;
  return silent("too_deep", "kind", expected, ` nests too deep: there may be ${expected}.`);
}

/** The issue of an item that equals an earlier item of its array. */
export const notUnique: Fault = {
  code: "not_unique",
  expected: "unique items",
  reads: "value",
  before: " repeats an earlier item, ",
  after: ": the items must be unique.",
  tells: true,
};

/** The value of `expected` for an unknown key that is not similar to any known key. */
export const noSuchKey = "no such key";

/** The issue of a key with which code could reach a prototype. The received value is the key. */
export const forbiddenKey: Fault = silent(
  "forbidden_key",
  "value",
  noSuchKey,
  " is a key that is never accepted: leave it out.",
);

/** The issue of a value that throws when it is read. */
export const unreadable: Fault = silent(
  "unreadable",
  "kind",
  "value that can be read",
  " cannot be read: reading it threw an error.",
);

/** The issue of a key that is not in the schema. The received value is the key. */
export function unknownKey(key: string, known: Iterable<string>): Fault {
  const nearest = closestName(key, known);
  return nearest === undefined
    ? silent("unknown_key", "value", noSuchKey, " is not a known key: leave it out.")
    : silent(
        "unknown_key",
        "value",
        `the key ${JSON.stringify(nearest)}`,
        ` is not a known key: perhaps the key ${JSON.stringify(nearest)} was meant.`,
      );
}

/** The value of `expected` for a `refine` that gives no reason. */
export const ruleAccepts = "value that its rule accepts";

/** The issue of a value that a `refine` refused, with the reason that it returned, if any. */
export function refused(reason: string | undefined): Fault {
  return reason === undefined
    ? silent("refused", "kind", ruleAccepts, " was refused by the rule of its schema.")
    : silent("refused", "kind", reason, ` ${reason}${/[.!?]$/.test(reason) ? "" : "."}`);
}

/** The issue of a value that a schema of another library refused, with the message of that library. */
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
