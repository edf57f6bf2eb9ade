import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, type StandardSchema, type StandardSchemaIssue } from "@miqro/parser";
import { createEnv } from "@t3-oss/env-core";
import { z } from "zod";

const ours = compile("integer", { coerce: true });
const theirs = z.coerce.number().int();

/** What a program does that reads its environment with Standard Schemas, of whatever library. */
function read(port: StandardSchema<unknown, number>, PORT: string) {
  const issues: StandardSchemaIssue[] = [];
  try {
    const env = createEnv({
      server: { PORT: port },
      runtimeEnv: { PORT },
      onValidationError(found) {
        issues.push(...found);
        throw new Error("invalid environment");
      },
    });
    return env.PORT;
  } catch {
    return issues;
  }
}

describe("a consumer of Standard Schema", () => {
  it("takes a compiled schema where it takes one of zod", () => {
    for (const schema of [ours, theirs]) {
      assert.equal(read(schema, "8080"), 8080);
      const issues = read(schema, "x");
      assert.ok(Array.isArray(issues));
      assert.deepEqual(
        issues.map(({ message, path }) => [typeof message, path]),
        [["string", ["PORT"]]],
      );
    }
  });

  it("infers the types of both", () => {
    const env = createEnv({
      server: { A: compile("string"), B: z.string() },
      runtimeEnv: { A: "a", B: "b" },
    });
    const both: [string, string] = [env.A, env.B];
    assert.deepEqual(both, ["a", "b"]);
  });
});

describe("compile", () => {
  it("takes a schema of zod for a property", () => {
    const { parse, safeParse } = compile({ port: theirs, name: "string" });
    assert.deepEqual(parse({ port: "1", name: "x" }), { port: 1, name: "x" });
    const result = safeParse({ port: "x", name: 1 }, "env");
    assert.deepEqual(result.success ? [] : result.issues.map((issue) => `${issue.path} ${issue.code}`), [
      "env.port foreign",
      "env.name wrong_type",
    ]);
  });
});
