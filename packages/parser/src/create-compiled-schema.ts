import type { CompiledSchema, SafeParseResult } from "./compiled-schema.js";
import { closureCompiler } from "./compiler/closure-compiler.js";
import { type Compiler, type Explainer, type Program, refused } from "./compiler/program.js";
import { ParseError, ParserError } from "./errors.js";
import { Failure, maxIssues } from "./issue/failure.js";
import { unreadable } from "./issue/fault.js";
import { rootPlace } from "./issue/place.js";
import type { JSONSchema, JSONSchemaDirection } from "./json-schema/json-schema.js";
import { nodeToJSONSchema } from "./json-schema/node-to-json-schema.js";
import { createStandardJSONSchema } from "./json-schema/standard-json-schema.js";
import { isTransforming, type SchemaNode } from "./node/schema-node.js";
import { toStrictNode } from "./node/strict-node.js";

/**
 * Makes the public object of a compiled schema. Its functions are compiled on first use, because most schemas of a
 * service are not used before a request arrives.
 */
export function createCompiledSchema(
  node: SchemaNode,
  compiler: Compiler,
  abortEarly: boolean,
): CompiledSchema<unknown> {
  return new NodeSchema(node, compiler, abortEarly);
}

/**
 * The object is a class because of its getter: V8 keeps the properties of an object literal with a getter in a hash
 * table, and does not inline their calls. The functions are arrow functions, so that callers may take them from the
 * object.
 */
class NodeSchema implements CompiledSchema<unknown> {
  readonly #node: SchemaNode;
  readonly #compiler: Compiler;
  readonly #limit: number;
  readonly #jsonSchemas: { [Direction in JSONSchemaDirection]?: JSONSchema } = {};
  #program: Program | undefined;
  #strictProgram: Program | undefined;
  #explainer: Explainer | undefined;

  constructor(node: SchemaNode, compiler: Compiler, abortEarly: boolean) {
    this.#node = node;
    this.#compiler = compiler;
    this.#limit = abortEarly ? 1 : maxIssues;
    Object.freeze(this);
  }

  readonly parse = (value: unknown, name = ""): unknown => {
    const result = run(this.#program ?? this.#getProgram(), value);
    if (result !== refused) return result;
    const outcome = this.#explain(value, name, false);
    if (outcome instanceof Failure) throw new ParseError(outcome.issues);
    return outcome.value;
  };

  readonly safeParse = (value: unknown, name = ""): SafeParseResult<unknown> => {
    const result = run(this.#program ?? this.#getProgram(), value);
    if (result !== refused) return { success: true, value: result };
    const outcome = this.#explain(value, name, false);
    return outcome instanceof Failure
      ? { success: false, issues: outcome.issues }
      : { success: true, value: outcome.value };
  };

  readonly is = (value: unknown): value is unknown =>
    run(this.#strictProgram ?? this.#getStrictProgram(), value) !== refused;

  readonly "~standard": CompiledSchema<unknown>["~standard"] = Object.freeze<
    CompiledSchema<unknown>["~standard"]
  >({
    version: 1,
    vendor: "miqro",
    validate: (value) => {
      const result = run(this.#program ?? this.#getProgram(), value);
      if (result !== refused) return { value: result };
      const outcome = this.#explain(value, "", true);
      return outcome instanceof Failure ? { issues: outcome.toStandardIssues() } : { value: outcome.value };
    },
    jsonSchema: createStandardJSONSchema((direction) => this.#getJSONSchema(direction)),
  });

  get jsonSchema(): JSONSchema {
    return this.#getJSONSchema("input");
  }

  #getProgram(): Program {
    this.#program ??= this.#compiler.compile(this.#node);
    return this.#program;
  }

  // If parsing changes no value, `is` and `parse` accept the same values.
  #getStrictProgram(): Program {
    this.#strictProgram ??= isTransforming(this.#node)
      ? this.#compiler.compile(toStrictNode(this.#node))
      : this.#getProgram();
    return this.#strictProgram;
  }

  #getJSONSchema(direction: JSONSchemaDirection): JSONSchema {
    this.#jsonSchemas[direction] ??= nodeToJSONSchema(this.#node, { direction });
    return this.#jsonSchemas[direction];
  }

  /** Returns the failure of a refused value, or the parsed value if the value fits at this second attempt. */
  #explain(value: unknown, name: string, keepsPlaces: boolean): Failure | { readonly value: unknown } {
    this.#explainer ??= this.#compiler.compileExplainer(this.#node);
    const failure = new Failure(name, this.#limit, keepsPlaces);
    const result = attempt(this.#explainer, value, failure);
    return result === undefined
      ? explainUnreadable(this.#node, value, new Failure(name, this.#limit, keepsPlaces))
      : failure.issues.length > 0
        ? failure
        : result;
  }
}

// Getters and proxies may throw. A value that throws when it is read does not fit.
function run(program: Program, value: unknown): unknown {
  try {
    return program(value);
  } catch (error) {
    if (error instanceof ParserError) throw error;
    return refused;
  }
}

function attempt(
  explainer: Explainer,
  value: unknown,
  failure: Failure,
): { readonly value: unknown } | undefined {
  try {
    return { value: explainer(value, failure) };
  } catch (error) {
    if (error instanceof ParserError) throw error;
    return undefined;
  }
}

/**
 * Runs the closures, which record the path of the part that threw. If the value itself cannot be read, the issue is at
 * the root.
 */
function explainUnreadable(node: SchemaNode, value: unknown, failure: Failure): Failure {
  const result = attempt(closureCompiler.compileExplainer(node), value, failure);
  if (result === undefined || failure.issues.length === 0) failure.add(rootPlace, unreadable, {});
  return failure;
}
