import type { CompiledSchema } from "./compiled-schema.js";
import { checkDefaults } from "./compiler/check-defaults.js";
import { closureCompiler } from "./compiler/closure-compiler.js";
import type { Compiler } from "./compiler/program.js";
import { canGenerateSource, sourceCompiler } from "./compiler/source-compiler.js";
import { createCompiledSchema } from "./create-compiled-schema.js";
import { ParserError } from "./errors.js";
import type { JSONSchema, JSONSchemaOptions } from "./json-schema/json-schema.js";
import { nodeToJSONSchema } from "./json-schema/node-to-json-schema.js";
import { rememberNode } from "./node/compiled-node.js";
import { normalizeSchema } from "./node/normalize-schema.js";
import type { RegisteredType } from "./node/registered-type.js";
import { parseTypeText } from "./node/type-text.js";
import {
  type CompileOptions,
  defaultOptions,
  type ParserOptions,
  type SettledOptions,
  settleOptions,
} from "./options.js";
import type { Infer } from "./schema/infer.js";
import type { Schema } from "./schema/schema.js";
import { formOnlyTypes, isBuiltInName } from "./schema/type-names.js";

type Compilations = Map<string, CompiledSchema<unknown>>;

/**
 * The maximum number of cached short forms. A program usually has few short forms. The limit protects the memory of a
 * program that builds them from input.
 */
const maxTexts = 1000;

/** Compiles schemas, and caches the compiled schemas. */
export class Parser {
  readonly #options: SettledOptions;
  readonly #codeGeneration: boolean | undefined;
  readonly #bySchema = new WeakMap<object, Compilations>();
  readonly #byText = new Map<string, Compilations>();
  readonly #types = new Map<string, RegisteredType>();
  #compiler: Compiler | undefined;

  /**
   * @param options the default options of its schemas, and `codeGeneration`
   * @throws ParserError with the code PARSER_INVALID_OPTION
   */
  constructor(options?: ParserOptions) {
    this.#options = settleOptions(options, defaultOptions);
    this.#codeGeneration = options?.codeGeneration;
  }

  /**
   * Compiles a schema. A second call with the same schema and options returns the same object. Do not change the schema
   * after the first call.
   * @throws SchemaError with the path of the mistake in the schema
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
   * Parses a value by a schema. The first call compiles the schema.
   * @param name the name of the value in errors; paths begin with it
   * @throws ParseError with every issue, or SchemaError if the schema is wrong
   */
  parse<const S extends Schema>(value: unknown, schema: S, name?: string): Infer<S> {
    return this.compile(schema).parse(value, name);
  }

  /**
   * Registers a type: a name for a schema or a function. The function returns the parsed value, or undefined if the
   * value does not fit. Schemas can then use the name like any other type, with every suffix. The schema of the type
   * can use the name too. For TypeScript, also add the name to `TypeMap`.
   * @param name a letter, then letters and digits; the name of an existing type is refused
   * @throws ParserError with the code PARSER_INVALID_TYPE, or SchemaError if the schema is wrong
   */
  registerType(name: string, type: Schema | ((value: unknown) => unknown)): this {
    this.#checkNewType(name);
    const isFunction = typeof type === "function" && !("~standard" in type);
    const registered: RegisteredType = isFunction ? { parse: type } : { schema: type };
    const types = new Map([...this.#types, [name, registered]]);
    // Finds mistakes of the schema now, so that the stack of the error contains the call of `registerType`.
    checkDefaults(normalizeSchema(name, this.#options, types).node);
    this.#types.set(name, registered);
    return this;
  }

  /**
   * Writes a schema as JSON Schema 2020-12, for documents such as those of OpenAPI 3.1.
   * @throws SchemaError with the path of the mistake in the schema
   */
  toJSONSchema(schema: Schema, options?: CompileOptions & JSONSchemaOptions): JSONSchema {
    const settled = settleOptions(options, this.#options);
    return nodeToJSONSchema(normalizeSchema(schema, settled, this.#types).node, options);
  }

  #checkNewType(name: string): void {
    const [term] = (typeof name === "string" ? parseTypeText(name) : undefined) ?? [];
    if (term === undefined || term.name !== name) {
      throw new ParserError(
        "PARSER_INVALID_TYPE",
        `The type name ${JSON.stringify(name)} cannot be used. Use a letter, then letters and digits.`,
      );
    }
    if (isBuiltInName(name) || formOnlyTypes.has(name) || this.#types.has(name)) {
      throw new ParserError(
        "PARSER_INVALID_TYPE",
        `The type "${name}" already exists. Use another name or another Parser.`,
      );
    }
  }

  #compile(schema: unknown, options: SettledOptions): CompiledSchema<unknown> {
    const compiledNode = normalizeSchema(schema, options, this.#types);
    const { node } = compiledNode;
    checkDefaults(node);
    this.#compiler ??= (this.#codeGeneration ?? canGenerateSource()) ? sourceCompiler : closureCompiler;
    const compiled = createCompiledSchema(node, this.#compiler, options.abortEarly);
    rememberNode(compiled, compiledNode);
    return compiled;
  }

  // Returns undefined for a value that is not a schema. The normalizer then throws an error with the reason.
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
 * Compiles a schema. A second call with the same schema and options returns the same object.
 * @throws SchemaError with the path of the mistake in the schema
 */
export function compile<const S extends Schema>(
  schema: S,
  options?: CompileOptions,
): CompiledSchema<Infer<S>> {
  return defaultParser.compile(schema, options);
}

/**
 * Parses a value by a schema. The first call compiles the schema.
 * @param name the name of the value in errors; paths begin with it
 * @throws ParseError with every issue, or SchemaError if the schema is wrong
 */
export function parse<const S extends Schema>(value: unknown, schema: S, name?: string): Infer<S> {
  return defaultParser.parse(value, schema, name);
}

/**
 * Writes a schema as JSON Schema 2020-12, for documents such as those of OpenAPI 3.1.
 * @throws SchemaError with the path of the mistake in the schema
 */
export function toJSONSchema(schema: Schema, options?: CompileOptions & JSONSchemaOptions): JSONSchema {
  return defaultParser.toJSONSchema(schema, options);
}
