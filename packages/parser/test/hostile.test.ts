import assert from "node:assert/strict";
import { it } from "node:test";
import { describeBoth, faults } from "./both.js";

const poisons = [
  '{"a":"x","__proto__":{"admin":true}}',
  '{"a":"x","constructor":{"prototype":{}}}',
  '{"a":"x","prototype":1}',
];

describeBoth("hostile objects", (parser) => {
  for (const mode of ["no_extra", "remove_extra", "add_extra"] as const) {
    it(`lets no prototype key pass in mode ${mode}`, () => {
      const compiled = parser.compile({ a: "string" }, { mode });
      for (const text of poisons) {
        const result = compiled.safeParse(JSON.parse(text));
        if (mode === "remove_extra") {
          assert.deepEqual(result, { success: true, value: { a: "x" } });
          assert.deepEqual(Reflect.ownKeys("value" in result ? (result.value as object) : {}), ["a"]);
        } else {
          assert.match(faults(result).join(), /^(?:__proto__|constructor|prototype) forbidden_key$/);
          assert.equal(compiled.is(JSON.parse(text)), false);
        }
      }
    });
  }

  it("lets no prototype key pass in open objects and dicts", () => {
    for (const schema of ["object", "dict", { type: "dict", values: "any" }] as const) {
      for (const text of poisons) {
        assert.match(faults(parser.compile(schema).safeParse(JSON.parse(text))).join(), /forbidden_key$/);
      }
    }
  });

  it("is not fooled by an own __proto__ that hides inherited keys", () => {
    const { is } = parser.compile({ a: "string" });
    const value = Object.create({ a: "inherited" });
    Object.defineProperty(value, "extra", { value: 1, enumerable: true });
    assert.equal(is(value), false);
    assert.equal(is(JSON.parse('{"__proto__":{"a":"x"}}')), false);
  });

  it("reads own keys only where Object.prototype was polluted", () => {
    const { is, safeParse } = parser.compile({ admin: "boolean", name: "string?" });
    assert.equal(is({ admin: true }), true);
    Object.assign(Object.prototype, { admin: true, name: "x" });
    try {
      assert.equal(is({}), false);
      assert.deepEqual(faults(safeParse({ extra: 1 })), ["admin missing", "extra unknown_key"]);
      assert.equal(is({ admin: false }), true);
      assert.deepEqual(parser.compile({ a: "string" }, { mode: "remove_extra" }).parse({ a: "x" }), {
        a: "x",
      });
    } finally {
      Reflect.deleteProperty(Object.prototype, "admin");
      Reflect.deleteProperty(Object.prototype, "name");
    }
  });

  it("collects at most 100 issues", () => {
    const { safeParse } = parser.compile({ list: "string[]", more: { type: "dict", values: "string" } });
    const result = safeParse({ list: new Array(100_000).fill(0), more: {} });
    assert.equal(faults(result).length, 100);
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 0]));
    assert.equal(faults(safeParse(keys)).length, 100);
  });

  it("does not look at the items of a list that is too long", () => {
    const { safeParse } = parser.compile({ type: "array", items: "string", maxLength: 2 });
    assert.deepEqual(faults(safeParse([1, 2, 3])), [" too_long"]);
  });

  it("cuts and escapes what it repeats of keys and values", () => {
    const long = "k".repeat(100_000);
    const { safeParse } = parser.compile({ a: { type: "enum", values: ["x"] } });
    const result = safeParse({ a: long, [long]: 1, "new\nline": 1 });
    assert.equal(result.success, false);
    for (const issue of result.success ? [] : result.issues) {
      assert.ok(JSON.stringify(issue).length < 700, `${JSON.stringify(issue).length} characters`);
      assert.doesNotMatch(issue.message, /\n/);
    }
  });

  it("keeps source out of generated source", () => {
    const key = '"]; globalThis.leaked = true; //`${\u2028\\';
    const schema = { type: "object", properties: { [key]: { type: "literal", value: key } } } as const;
    const { is, safeParse } = parser.compile(schema);
    assert.equal(is({ [key]: key }), true);
    assert.equal(safeParse({ [key]: 1 }).success, false);
    assert.equal("leaked" in globalThis, false);
  });
});

describeBoth("patterns", (parser) => {
  const attacks: readonly (readonly [schema: "email" | "uuid" | "number", text: string])[] = [
    ["email", `${"a.".repeat(50_000)}@`],
    ["email", `a@${"a.".repeat(50_000)}!`],
    ["email", `a@${"a-".repeat(120)}!`],
    ["uuid", "0".repeat(100_000)],
    ["number", `${"1".repeat(200_000)}x`],
    ["number", `${"1".repeat(100_000)}.${"1".repeat(100_000)}e`],
  ];

  it("stay linear", () => {
    const started = performance.now();
    for (const [schema, text] of attacks) {
      assert.equal(parser.compile(schema, { coerce: true }).safeParse(text).success, false);
    }
    // A quadratic pattern would need minutes for these.
    assert.ok(performance.now() - started < 1000);
  });
});
