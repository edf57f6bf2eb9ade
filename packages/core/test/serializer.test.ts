import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, type Schema } from "@miqro/parser";
import fc from "fast-check";
import { compileSerializer } from "../dist/validation/compile-serializer.js";

const plain = fc.constantFrom(
  "string",
  "number",
  "integer",
  "boolean",
  "string[]",
  "number[]",
  "boolean[][]",
);
const key = fc
  .oneof(fc.constantFrom("a", "b", 'é"', "valueOf", "toString"), fc.string({ maxLength: 3 }))
  .filter((name) => name !== "__proto__" && name !== "toJSON" && name !== "type");
const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.record({ type: fc.constant("array"), items: tie("schema") }),
    fc.dictionary(key, fc.oneof(tie("schema"), fc.constantFrom("string?", "number?")), { maxKeys: 4 }),
  ),
}));
const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);

// A value that mostly fits a schema, with more fields than it has.
function valueFor(form: unknown): fc.Arbitrary<unknown> {
  const right = ((): fc.Arbitrary<unknown> => {
    if (typeof form === "string") {
      if (form.endsWith("[]")) return fc.array(valueFor(form.slice(0, -2)), { maxLength: 3 });
      if (form.startsWith("string")) return fc.string({ unit: "binary" });
      if (form.startsWith("number")) return fc.double();
      return form === "integer" ? fc.integer() : fc.boolean();
    }
    const { type, items } = form as { type?: unknown; items?: unknown };
    if (type === "array") return fc.array(valueFor(items), { maxLength: 3 });
    const fields = Object.entries(form as object).map(([name, inner]) => [name, valueFor(inner)] as const);
    return fc.record({ ...Object.fromEntries(fields), undeclared: fc.constant("secret") });
  })();
  return fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: leaf });
}

describe("compileSerializer", () => {
  it("writes what the validator leaves, or nothing at all", () => {
    let written = 0;
    fc.assert(
      fc.property(
        schema.chain((form) => fc.tuple(fc.constant(form as Schema), valueFor(form))),
        ([form, value]) => {
          const text = compileSerializer(form)?.(value);
          if (text === undefined) return;
          written++;
          const result = compile(form, { mode: "remove_extra" }).safeParse(value);
          assert.equal(result.success, true);
          assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(result.success && result.value)));
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(written > 500, `${written}`);
  });

  it("leaves alone what it does not know", () => {
    for (const form of [
      "date",
      "any",
      "string|number",
      { type: "string", minLength: 1 },
      { type: "dict", values: "string" },
    ]) {
      assert.equal(compileSerializer(form as Schema), undefined);
    }
    const write = compileSerializer({ a: "string" });
    class Row {
      a = "x";
    }
    for (const value of [
      new Row(),
      Object.create({ a: "x" }),
      { a: "x", toJSON: () => 1 },
      { a: 1 },
      {},
      null,
      ["x"],
    ]) {
      assert.equal(write?.(value), undefined);
    }
    assert.equal(write?.({ a: "x", secret: 1 }), '{"a":"x"}');
  });
});
