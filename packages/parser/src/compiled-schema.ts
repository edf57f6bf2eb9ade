import type { ParseIssue } from "./issue/parse-issue.js";
import type { JSONSchema } from "./json-schema/json-schema.js";
import type { StandardSchema } from "./schema/standard-schema.js";

/** A compiled schema. It has no state, and its functions need no `this`. */
export interface CompiledSchema<T> extends StandardSchema<unknown, T> {
  /**
   * Returns the parsed value: converted, with defaults and without removed keys, as the schema requires. If nothing had
   * to change, it returns the same object. It never modifies the given value.
   * @param value anything
   * @param name the name of the value in errors; paths begin with it
   * @throws ParseError with every issue
   */
  parse(this: void, value: unknown, name?: string): T;
  /** The same as `parse`, but returns the issues instead of throwing them, which is also faster. */
  safeParse(this: void, value: unknown, name?: string): SafeParseResult<T>;
  /** Whether the value already has the type: nothing is coerced and no default is filled in. */
  is(this: void, value: unknown): value is T;
  /** The JSON Schema 2020-12 of the values that the schema accepts. `toJSONSchema` returns the same. */
  readonly jsonSchema: JSONSchema;
}

/** The outcome of `safeParse`. */
export type SafeParseResult<T> =
  | { readonly success: true; readonly value: T }
  | { readonly success: false; readonly issues: readonly ParseIssue[] };
