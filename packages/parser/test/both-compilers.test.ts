import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CompileOptions, Parser, type Schema, SchemaError, type TypeText } from "@miqro/parser";
import fc from "fast-check";

const source = new Parser({ codeGeneration: true });
const closures = new Parser({ codeGeneration: false });

const keys = fc.constantFrom("a", "b", "c", "toString", "length");

const leaf = fc.oneof(
  fc.constantFrom<TypeText>(
    "string",
    "number",
    "integer?",
    "boolean",
    "unknown",
    "null",
    "string|number",
    "dict",
  ),
  fc.constantFrom<TypeText>(
    "string[]",
    "number[]!",
    "boolean[]?",
    "object",
    "string1",
    "email",
    "string?|null",
  ),
  fc.constantFrom<Schema>(
    { type: "string", minLength: 1, maxLength: 2 },
    { type: "number", min: 0, max: 5, nullable: true },
    { type: "integer", default: 7 },
    { type: "enum", values: ["a", 1, true] },
    { type: "literal", value: 1 },
    { type: "array", items: "number", unique: true, minLength: 1 },
    { type: "array", items: { type: "string?", maxLength: 1 }, maxLength: 2 },
    { type: "string", minLength: 2, refine: (text) => text !== "ab" || "must differ" },
    { type: "number", coerce: true, refine: (number) => number !== 5 },
    { type: "ref", ref: "node" },
    { type: "ref?", ref: "node", nullable: true },
  ),
  fc.constantFrom<TypeText>(
    "url",
    "regex",
    "bigint|string",
    "date",
    "datetime?",
    "encodeHTML",
    "decodeHTML[]",
  ),
);

const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.dictionary(keys, tie("schema"), { maxKeys: 3 }),
    fc.record({
      type: fc.constantFrom("object" as const, "object?" as const),
      properties: fc.dictionary(keys, tie("schema"), { maxKeys: 3 }),
      mode: fc.constantFrom("no_extra" as const, "remove_extra" as const, "add_extra" as const),
    }),
    fc.record({ type: fc.constant("array" as const), items: tie("schema") }),
    fc.record({ type: fc.constant("dict" as const), values: tie("schema") }),
    tie("schema").map((a) => ({
      type: "union" as const,
      discriminator: "b",
      anyOf: [
        { b: { type: "literal", value: "a" }, a },
        { b: { type: "enum", values: [1, "5"] }, c: a },
      ],
    })),
    fc.record({
      type: fc.constant("union" as const),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

// Every ref within has something to lead to.
const rooted = fc
  .record({ a: schema, b: schema, mode: fc.constantFrom(undefined, "remove_extra" as const) })
  .map(({ a, b, mode }) => ({
    type: "object" as const,
    id: "node",
    properties: { a, b: { type: "union" as const, anyOf: [b, "unknown?"] } },
    ...(mode === undefined ? {} : { mode }),
  }));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(undefined, null, true, "true", "", "a", "ab", "5", "x@y.zz", 0, 1, 1.5, 7, NaN),
    fc.constantFrom<unknown>(
      "http://a",
      "&lt;",
      "2024-05-31",
      "2024-05-31T00:00:00Z",
      5n,
      new Date(0),
      new Date(NaN),
      "😀",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, fc.constantFrom("d", "constructor")), tie("value"), { maxKeys: 4 }),
  ),
}));

const rootedValue = fc.oneof(
  { weight: 1, arbitrary: value },
  { weight: 6, arbitrary: fc.record({ a: value, b: value }, { requiredKeys: [] }) },
);

function tryCompile(parser: Parser, schema: Schema, options: CompileOptions) {
  try {
    return parser.compile(schema, options);
  } catch (error) {
    assert.ok(error instanceof SchemaError);
    return undefined;
  }
}

describe("generated source and closures", () => {
  it("agree on every schema, value and option", () => {
    const options = fc.record({
      coerce: fc.boolean(),
      abortEarly: fc.boolean(),
      mode: fc.constantFrom("no_extra" as const, "remove_extra" as const, "add_extra" as const),
    });
    let fitted = 0;
    fc.assert(
      fc.property(
        rooted,
        fc.array(rootedValue, { minLength: 1, maxLength: 8 }),
        options,
        (schema, values, options) => {
          const generated = tryCompile(source, schema as Schema, options);
          const nested = tryCompile(closures, schema as Schema, options);
          // A recursive union that would take exponential time.
          if (generated === undefined || nested === undefined) {
            assert.equal(generated, nested);
            return;
          }
          for (const value of values) {
            const result = generated.safeParse(value);
            assert.deepEqual(result, nested.safeParse(value));
            assert.deepEqual(generated["~standard"].validate(value), nested["~standard"].validate(value));
            assert.equal(generated.is(value), nested.is(value));
            if (result.success) {
              fitted += 1;
              assert.equal(generated.is(result.value), true, "is() refuses what parse() made");
            }
            if (generated.is(value)) assert.equal(result.success, true, "is() accepts what parse() refuses");
          }
        },
      ),
      { numRuns: 1500, seed: 42 },
    );
    assert.ok(fitted > 500, `only ${fitted} values fitted`);
  });
});
