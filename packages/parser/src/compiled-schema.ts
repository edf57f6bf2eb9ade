import type { ParseIssue } from "./issue/parse-issue.js";
import type { JSONSchema } from "./json-schema/json-schema.js";
import type { StandardSchema } from "./schema/standard-schema.js";

/** A schema made ready for use. It holds no state of its own, and its functions need no `this`. */
export interface CompiledSchema<T> extends StandardSchema<unknown, T> {
  /**
   * Answers with the value, changed where the schema says so. The same object comes back where nothing had to
   * change; what was given is never modified.
   * @param value anything
   * @param name what to call the value in errors; paths begin with it
   * @throws ParseError with every issue
   */
  parse(this: void, value: unknown, name?: string): T;
  /** The same as `parse`, but hands the issues back instead of throwing them, which is also faster. */
  safeParse(this: void, value: unknown, name?: string): SafeParseResult<T>;
  /** Whether the value is of the type already, as it stands: nothing is coerced and no default is filled in. */
  is(this: void, value: unknown): value is T;
  /** What the schema takes as JSON Schema 2020-12, as `toJSONSchema` writes it. */
  readonly jsonSchema: JSONSchema;
}

/** The outcome of `safeParse`. */
export type SafeParseResult<T> =
  | { readonly success: true; readonly value: T }
  | { readonly success: false; readonly issues: readonly ParseIssue[] };
