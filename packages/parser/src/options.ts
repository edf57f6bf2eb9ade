import { ParserError } from "./errors.js";
import type { ParserMode } from "./schema/schema.js";

/** How a schema is applied. */
export interface CompileOptions {
  /**
   * Whether text is turned into the number or boolean that the schema asks for, as for query strings and headers.
   * Default: false.
   */
  readonly coerce?: boolean | undefined;
  /** What happens to keys that an object schema does not name, where it does not say so itself. Default: `no_extra`. */
  readonly mode?: ParserMode | undefined;
  /** Whether to stop at the first issue. Default: false, which collects up to 100. */
  readonly abortEarly?: boolean | undefined;
  /** How many levels a schema may nest, from 1. Default: 64. */
  readonly maxDepth?: number | undefined;
}

/** Options of a parser: the defaults of its schemas, and how it runs. */
export interface ParserOptions extends CompileOptions {
  /**
   * Whether validators may be generated as source. Default: where the platform allows it. With `false` it is not
   * even tried, which spares a page with a strict Content Security Policy a violation report.
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
 * Fills in what is absent and checks the rest.
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

/** The error for an option that cannot have its value. */
export function invalidOption(key: string, value: unknown, remedy: string): ParserError {
  const received = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new ParserError("PARSER_INVALID_OPTION", `The option "${key}" cannot be ${received}. ${remedy}`);
}
