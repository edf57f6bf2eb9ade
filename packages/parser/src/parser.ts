import type { CompiledSchema } from "./compiled-schema.js";
import { checkDefaults } from "./compiler/check-defaults.js";
import { closureCompiler } from "./compiler/closure-compiler.js";
import type { Compiler } from "./compiler/program.js";
import { canGenerateSource, sourceCompiler } from "./compiler/source-compiler.js";
import { createCompiledSchema } from "./create-compiled-schema.js";
import { rememberNode } from "./node/compiled-node.js";
import { normalizeSchema } from "./node/normalize-schema.js";
import {
  type CompileOptions,
  defaultOptions,
  type ParserOptions,
  type SettledOptions,
  settleOptions,
} from "./options.js";
import type { Infer } from "./schema/infer.js";
import type { Schema } from "./schema/schema.js";

type Compilations = Map<string, CompiledSchema<unknown>>;

/** How many short forms are kept compiled: programs have few, and whoever makes them up must not fill the memory. */
const maxTexts = 1000;

/** Compiles schemas and keeps what it compiled. */
export class Parser {
  readonly #options: SettledOptions;
  readonly #codeGeneration: boolean | undefined;
  readonly #bySchema = new WeakMap<object, Compilations>();
  readonly #byText = new Map<string, Compilations>();
  #compiler: Compiler | undefined;

  /**
   * @param options the defaults of its schemas, and whether it may generate source
   * @throws ParserError with the code PARSER_INVALID_OPTION
   */
  constructor(options?: ParserOptions) {
    this.#options = settleOptions(options, defaultOptions);
    this.#codeGeneration = options?.codeGeneration;
  }

  /**
   * Makes a schema ready for use, once: asked again for the same schema and options, it answers with the same object.
   * A schema must not be changed after that.
   * @throws SchemaError with the place of the fault in the schema
   */
  compile<const S extends Schema>(schema: S, options?: CompileOptions): CompiledSchema<Infer<S>> {
    const settled = settleOptions(options, this.#options);
    const { coerce, mode, abortEarly, maxDepth } = settled;
    const compilations = this.#compilations(schema);
    const key = `${coerce} ${mode} ${abortEarly} ${maxDepth}`;
    let compiled = compilations?.get(key);
    if (compiled === undefined) {
      compiled = this.#compile(schema, settled);
      compilations?.set(key, compiled);
    }
    return compiled as CompiledSchema<Infer<S>>;
  }

  /**
   * Parses a value by a schema, which is compiled on first use.
   * @param name what to call the value in errors; paths begin with it
   * @throws ParseError with every issue, or SchemaError if the schema is wrong
   */
  parse<const S extends Schema>(value: unknown, schema: S, name?: string): Infer<S> {
    return this.compile(schema).parse(value, name);
  }

  #compile(schema: unknown, options: SettledOptions): CompiledSchema<unknown> {
    const node = normalizeSchema(schema, options);
    checkDefaults(node);
    this.#compiler ??= (this.#codeGeneration ?? canGenerateSource()) ? sourceCompiler : closureCompiler;
    const compiled = createCompiledSchema(node, this.#compiler, options.abortEarly);
    rememberNode(compiled, node);
    return compiled;
  }

  // Undefined for what is no schema at all, which the normalizer then explains.
  #compilations(schema: unknown): Compilations | undefined {
    if (typeof schema === "string") {
      const known = this.#byText.get(schema);
      if (known !== undefined) return known;
      if (this.#byText.size >= maxTexts) this.#byText.clear();
      const created: Compilations = new Map();
      this.#byText.set(schema, created);
      return created;
    }
    if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) return undefined;
    const known = this.#bySchema.get(schema);
    if (known !== undefined) return known;
    const created: Compilations = new Map();
    this.#bySchema.set(schema, created);
    return created;
  }
}

const defaultParser = new Parser();

/**
 * Makes a schema ready for use, once: asked again for the same schema and options, it answers with the same object.
 * @throws SchemaError with the place of the fault in the schema
 */
export function compile<const S extends Schema>(
  schema: S,
  options?: CompileOptions,
): CompiledSchema<Infer<S>> {
  return defaultParser.compile(schema, options);
}

/**
 * Parses a value by a schema, which is compiled on first use.
 * @param name what to call the value in errors; paths begin with it
 * @throws ParseError with every issue, or SchemaError if the schema is wrong
 */
export function parse<const S extends Schema>(value: unknown, schema: S, name?: string): Infer<S> {
  return defaultParser.parse(value, schema, name);
}
