import type { CompiledSchema } from "./compiled-schema.js";
import { type Compiler, type Program, type QuietProgram, refused } from "./compiler/program.js";
import { ParseError } from "./errors.js";
import { Failure, maxIssues } from "./issue/failure.js";
import { toIssues, toStandardIssues } from "./issue/to-issues.js";
import type { SchemaNode } from "./node/schema-node.js";
import { toStrictNode } from "./node/strict-node.js";

/** The public face of a node. Its programs are made on first use: most schemas of a service wait for a request. */
export function createCompiledSchema(
  node: SchemaNode,
  compiler: Compiler,
  abortEarly: boolean,
): CompiledSchema<unknown> {
  const limit = abortEarly ? 1 : maxIssues;
  let program: Program | undefined;
  let strictProgram: QuietProgram | undefined;

  function run(value: unknown): unknown {
    program ??= compiler.compile(node);
    return program(value, limit);
  }

  return Object.freeze<CompiledSchema<unknown>>({
    parse(value, name) {
      const result = run(value);
      if (result instanceof Failure) throw new ParseError(toIssues(result, name));
      return result;
    },
    safeParse(value, name) {
      const result = run(value);
      if (result instanceof Failure) return { success: false, issues: toIssues(result, name) };
      return { success: true, value: result };
    },
    is(value): value is unknown {
      strictProgram ??= compiler.compileQuiet(toStrictNode(node));
      return strictProgram(value) !== refused;
    },
    "~standard": Object.freeze<CompiledSchema<unknown>["~standard"]>({
      version: 1,
      vendor: "miqro",
      validate(value) {
        const result = run(value);
        return result instanceof Failure ? { issues: toStandardIssues(result) } : { value: result };
      },
    }),
  });
}
