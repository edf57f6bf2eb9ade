import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Parser, type Schema, type TypeText } from "@miqro/parser";
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
    fc.record({
      type: fc.constant("union" as const),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(undefined, null, true, "true", "", "a", "5", "x@y.zz", 0, 1, 1.5, 7, NaN),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, fc.constantFrom("d", "constructor")), tie("value"), { maxKeys: 4 }),
  ),
}));

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
        schema,
        fc.array(value, { minLength: 1, maxLength: 8 }),
        options,
        (schema, values, options) => {
          const generated = source.compile(schema as Schema, options);
          const nested = closures.compile(schema as Schema, options);
          for (const value of values) {
            const result = generated.safeParse(value);
            assert.deepEqual(result, nested.safeParse(value));
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
