import { compile, type ParserMode, type Schema } from "@miqro/parser";
import type { Issue } from "../errors.js";

/** Checks one part of a request or a response. */
export type CheckPart = (
  value: unknown,
  name: string,
) => { readonly value: unknown } | { readonly issues: readonly Issue[] };

/** Compiles a schema, or alternatives of which the first that fits counts. */
export function compilePart(
  part: Schema | readonly Schema[],
  options: { readonly coerce: boolean; readonly mode: ParserMode },
): CheckPart {
  const alternatives = (isList(part) ? part : [part]).map((schema) => compile(schema, options));
  return (value, name) => {
    let closest: readonly Issue[] | undefined;
    for (const alternative of alternatives) {
      const result = alternative.safeParse(value, name);
      if (result.success) return { value: result.value };
      if (closest === undefined || result.issues.length < closest.length) closest = result.issues;
    }
    return { issues: closest ?? [] };
  };
}

function isList(part: Schema | readonly Schema[]): part is readonly Schema[] {
  return Array.isArray(part);
}
