import { ParserError } from "./errors.js";
import type { ParserMode } from "./schema/schema.js";

/** Options for compiling a schema. */
export interface CompileOptions {
  /**
   * Whether strings are converted to the numbers, booleans and dates that the schema expects. Use it for query strings
   * and headers. Default: false.
   */
  readonly coerce?: boolean | undefined;
  /** The treatment of unknown keys in object schemas without a `mode`. Default: `no_extra`. */
  readonly mode?: ParserMode | undefined;
  /** Whether parsing stops at the first issue. Default: false; then up to 100 issues are collected. */
  readonly abortEarly?: boolean | undefined;
  /** The maximum depth of a schema, at least 1. Default: 64. */
  readonly maxDepth?: number | undefined;
}

/** Options of a parser: the default options of its schemas, and `codeGeneration`. */
export interface ParserOptions extends CompileOptions {
  /**
   * Whether validators may be generated as source. Default: true if the platform allows it. With `false` the parser
   * does not test whether the platform allows it. So a page with a strict Content Security Policy gets no violation
   * report.
   */
  readonly codeGeneration?: boolean | undefined;
}

/** Options with all defaults filled in. */
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
 * Checks the options and fills in the defaults.
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
