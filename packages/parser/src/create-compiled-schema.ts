import type { CompiledSchema } from "./compiled-schema.js";
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
  const limit = abortEarly ? 1 : maxIssues;
  let program: Program | undefined;
  let strictProgram: Program | undefined;
  let explainer: Explainer | undefined;
  const jsonSchemas: { [Direction in JSONSchemaDirection]?: JSONSchema } = {};

  function getProgram(): Program {
    program ??= compiler.compile(node);
    return program;
  }

  // If parsing changes no value, `is` and `parse` accept the same values.
  function getStrictProgram(): Program {
    strictProgram ??= isTransforming(node) ? compiler.compile(toStrictNode(node)) : getProgram();
    return strictProgram;
  }

  function getJSONSchema(direction: JSONSchemaDirection): JSONSchema {
    const schema = jsonSchemas[direction] ?? nodeToJSONSchema(node, { direction });
    jsonSchemas[direction] = schema;
    return schema;
  }

  /** Returns the failure of a refused value, or the parsed value if the value fits at this second attempt. */
  function explain(
    value: unknown,
    name: string,
    keepsPlaces: boolean,
  ): Failure | { readonly value: unknown } {
    explainer ??= compiler.compileExplainer(node);
    const failure = new Failure(name, limit, keepsPlaces);
    const result = attempt(explainer, value, failure);
    return result === undefined
      ? explainUnreadable(node, value, new Failure(name, limit, keepsPlaces))
      : failure.issues.length > 0
        ? failure
        : result;
  }

  return Object.freeze<CompiledSchema<unknown>>({
    parse(value, name = "") {
      const result = run(program ?? getProgram(), value);
      if (result !== refused) return result;
      const outcome = explain(value, name, false);
      if (outcome instanceof Failure) throw new ParseError(outcome.issues);
      return outcome.value;
    },
    safeParse(value, name = "") {
      const result = run(program ?? getProgram(), value);
      if (result !== refused) return { success: true, value: result };
      const outcome = explain(value, name, false);
      return outcome instanceof Failure
        ? { success: false, issues: outcome.issues }
        : { success: true, value: outcome.value };
    },
    is(value): value is unknown {
      return run(strictProgram ?? getStrictProgram(), value) !== refused;
    },
    get jsonSchema() {
      return getJSONSchema("input");
    },
    "~standard": Object.freeze<CompiledSchema<unknown>["~standard"]>({
      version: 1,
      vendor: "miqro",
      validate(value) {
        const result = run(program ?? getProgram(), value);
        if (result !== refused) return { value: result };
        const outcome = explain(value, "", true);
        return outcome instanceof Failure ? { issues: outcome.toStandardIssues() } : { value: outcome.value };
      },
      jsonSchema: createStandardJSONSchema(getJSONSchema),
    }),
  });
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
