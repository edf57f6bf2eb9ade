import { ParserError } from "./errors.js";
import type { ParserMode } from "./schema/schema.js";

/** How a schema is applied. */
export interface CompileOptions {
  /**
   * Whether text becomes the number or boolean that the schema expects, for query strings and headers.
   * Default: false.
   */
  readonly coerce?: boolean | undefined;
  /** The treatment of unknown keys in object schemas that have no `mode` of their own. Default: `no_extra`. */
  readonly mode?: ParserMode | undefined;
  /** Whether parsing stops at the first issue. Default: false, which collects up to 100 issues. */
  readonly abortEarly?: boolean | undefined;
  /** How many levels a schema may nest, from 1. Default: 64. */
  readonly maxDepth?: number | undefined;
}

/** Options of a parser: the defaults of its schemas, and how it runs. */
export interface ParserOptions extends CompileOptions {
  /**
   * Whether validators may be generated as source. Default: if the platform allows it. With `false` the parser does not
   * even try, so that a page with a strict Content Security Policy gets no violation report.
   */
  readonly codeGeneration?: boolean | undefined;
}

/** Options with every default settled. */
export type SettledOptions = { readonly [Key in keyof CompileOptions]-?: NonNullable<CompileOptions[Key]> };

const modes: readonly unknown[] = ["no_extra", "remove_extra", "add_extra"] satisfies ParserMode[];

export const defaultOptions: SettledOptions = {
  coerce: false,
  mode: "no_extra",
  abortEarly: false,
  maxDepth: 64,
};

/** Whether a value is one of the modes. */
export function isParserMode(value: unknown): value is ParserMode {
  return modes.includes(value);
}

/**
 * Fills in the defaults and checks the other options.
 * @throws ParserError with the code PARSER_INVALID_OPTION.
 */
export function settleOptions(options: CompileOptions | undefined, defaults: SettledOptions): SettledOptions {
  if (options === undefined) return defaults;
  const settled: SettledOptions = {
    coerce: options.coerce ?? defaults.coerce,
    mode: options.mode ?? defaults.mode,
    abortEarly: options.abortEarly ?? defaults.abortEarly,
    maxDepth: options.maxDepth ?? defaults.maxDepth,
  };
  if (!isParserMode(settled.mode)) {
    throw invalidOption("mode", settled.mode, 'Use "no_extra", "remove_extra" or "add_extra".');
  }
  if (!Number.isSafeInteger(settled.maxDepth) || settled.maxDepth < 1) {
    throw invalidOption("maxDepth", settled.maxDepth, "Use an integer from 1.");
  }
  for (const key of ["coerce", "abortEarly"] as const) {
    if (typeof settled[key] !== "boolean") throw invalidOption(key, settled[key], "Use true or false.");
  }
  return settled;
}

/** The error for an option with a wrong value. */
export function invalidOption(key: string, value: unknown, remedy: string): ParserError {
  const received = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new ParserError("PARSER_INVALID_OPTION", `The option "${key}" cannot be ${received}. ${remedy}`);
}
