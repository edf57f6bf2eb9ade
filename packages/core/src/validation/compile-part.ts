import { compile, type ParserMode, type SafeParseResult, type Schema } from "@miqro/parser";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";

/** Checks one part of a request or a response. */
export type CheckPart = (value: unknown, name: string) => SafeParseResult<unknown>;

/** Compiles a schema, or an array of alternatives. The first alternative that fits counts. */
export function compilePart(
  part: Schema | readonly Schema[],
  options: { readonly coerce: boolean; readonly mode: ParserMode },
): CheckPart {
  if (part === null || (isList(part) && part.length === 0)) {
    throw new ArgumentError(
      `A part of a request or response must be a schema, or an array of at least one schema, not ${isList(part) ? "an empty array" : describe(part)}.`,
    );
  }
  const [first, ...others] = (isList(part) ? part : [part]).map(
    (schema) => compile(schema, options).safeParse,
  );
  if (first === undefined) return () => ({ success: false, issues: [] });
  if (others.length === 0) return first;
  return (value, name) => {
    let closest = first(value, name);
    for (const other of others) {
      if (closest.success) return closest;
      const result = other(value, name);
      if (result.success || result.issues.length < closest.issues.length) closest = result;
    }
    return closest;
  };
}

function isList(part: Schema | readonly Schema[]): part is readonly Schema[] {
  return Array.isArray(part);
}
