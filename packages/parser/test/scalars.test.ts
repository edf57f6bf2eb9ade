import assert from "node:assert/strict";
import { it } from "node:test";
import type { Parser, Schema } from "@miqro/parser";
import { describeBoth } from "./both.js";

const noop = () => undefined;

const cases: readonly { schema: Schema; fit: readonly unknown[]; differ: readonly unknown[] }[] = [
  { schema: "string", fit: ["", "a"], differ: [1, null, undefined, true, {}, [], new String("a")] },
  { schema: "string1", fit: ["a"], differ: ["", 1, null, undefined] },
  { schema: { type: "string", minLength: 2, maxLength: 3 }, fit: ["ab", "abc"], differ: ["a", "abcd"] },
  { schema: { type: "string", regex: "^[a-z]+$" }, fit: ["abc"], differ: ["", "Abc", "a b"] },
  { schema: { type: "string", regex: /^a/gi }, fit: ["A", "A"], differ: ["b"] },
  { schema: { type: "string1", minLength: 0 }, fit: ["a"], differ: [""] },
  {
    schema: "email",
    fit: ["a@b.co", "first.last+tag@mail.example.com"],
    differ: [
      "a@b",
      "a.b.co",
      "@b.co",
      "a@-b.co",
      "a@b..co",
      "a b@c.de",
      `a@${"b.".repeat(126)}co`,
      `${"a".repeat(65)}@b.co`,
      "a@b.co\n",
    ],
  },
  {
    schema: "uuid",
    fit: ["3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7d", "3F2B6C1E-8A4D-4F6B-9C1D-2E3F4A5B6C7D"],
    differ: ["3f2b6c1e8a4d4f6b9c1d2e3f4a5b6c7d", "3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7g", ""],
  },
  { schema: "number", fit: [0, -1.5, 1e300], differ: ["1", NaN, Infinity, -Infinity, null, 1n] },
  { schema: { type: "number", min: -1, max: 2.5 }, fit: [-1, 0, 2.5], differ: [-1.01, 2.51] },
  { schema: { type: "number", multipleOf: 0.1 }, fit: [0.3, 1.1, 8.7, 0], differ: [0.35, 0.01] },
  { schema: { type: "integer", multipleOf: 5 }, fit: [-10, 0, 5], differ: [1, 4.999999999] },
  { schema: "integer", fit: [0, -3, 2 ** 53 - 1], differ: [1.5, 2 ** 53, NaN, "3"] },
  { schema: "boolean", fit: [true, false], differ: [0, "true", null, undefined] },
  { schema: "null", fit: [null], differ: [undefined, 0, ""] },
  { schema: "unknown", fit: [null, 0, "", {}], differ: [undefined] },
  { schema: "any", fit: [null, 0, "", {}], differ: [undefined] },
  { schema: "function", fit: [noop], differ: ["noop", {}] },
  { schema: { type: "literal", value: "a" }, fit: ["a"], differ: ["b", undefined] },
  { schema: { type: "literal", value: null }, fit: [null], differ: [undefined, 0] },
  {
    schema: { type: "enum", values: ["a", 1, true, null] },
    fit: ["a", 1, true, null],
    differ: ["1", false, "b"],
  },
  {
    schema: { type: "enum", values: [..."abcdefghijkl"] },
    fit: ["a", "l"],
    differ: ["m", "constructor", "toString", undefined],
  },
  { schema: "string?", fit: ["a", undefined], differ: [null, 1] },
  { schema: { type: "integer?", nullable: true }, fit: [1, null, undefined], differ: ["", 1.5] },
  { schema: { type: "string", nullable: true }, fit: ["a", null], differ: [undefined, 1] },
  { schema: "string|number", fit: ["a", 1], differ: [true, null, undefined] },
  { schema: "string|null", fit: ["a", null], differ: [undefined] },
  { schema: "string?|number[]", fit: ["a", undefined, [1]], differ: [1, ["a"], null] },
  {
    schema: { type: "union", anyOf: ["boolean", { type: "literal", value: 0 }] },
    fit: [true, 0],
    differ: [1, "0"],
  },
];

describeBoth("scalar types", (parser: Parser) => {
  for (const { schema, fit, differ } of cases) {
    it(`tells what fits ${typeof schema === "string" ? schema : JSON.stringify(schema)}`, () => {
      const compiled = parser.compile(schema);
      for (const value of fit) {
        assert.deepEqual(compiled.safeParse(value), { success: true, value });
        assert.equal(compiled.is(value), true);
        assert.equal(compiled.parse(value), value);
      }
      for (const value of differ) {
        const result = compiled.safeParse(value);
        assert.equal(result.success, false, `accepts ${String(value)}`);
        assert.equal(compiled.is(value), false);
      }
    });
  }
});

describeBoth("coerce", (parser) => {
  it("turns decimal text into numbers, and nothing else", () => {
    const { parse, safeParse } = parser.compile("number", { coerce: true });
    for (const text of ["0", "-1.5", "+2", ".5", "5.", "1e3", "1E-2"])
      assert.equal(parse(text), Number(text));
    for (const text of ["", " 1", "1 ", "0x10", "Infinity", "NaN", "1e999", "1,5", "--1", "1_000", "1n"]) {
      assert.equal(safeParse(text).success, false, `accepts ${JSON.stringify(text)}`);
    }
    for (const value of [true, null, [], [1]]) assert.equal(safeParse(value).success, false);
  });

  it("refuses an integer that JavaScript cannot hold exactly", () => {
    const { parse, safeParse } = parser.compile("integer", { coerce: true });
    assert.equal(parse("9007199254740991"), 9007199254740991);
    assert.equal(safeParse("9007199254740993").success, false);
    assert.equal(parse("3.0"), 3);
  });

  it("turns true and false into booleans, in this spelling only", () => {
    const { parse, safeParse } = parser.compile("boolean", { coerce: true });
    assert.equal(parse("true"), true);
    assert.equal(parse("false"), false);
    for (const text of ["", "1", "TRUE", "yes"]) assert.equal(safeParse(text).success, false);
  });

  it("finds the enum value that a text stands for, the text itself first", () => {
    const schema = { type: "enum", values: [10, "20", 20, true] } as const;
    const { parse, safeParse } = parser.compile(schema, { coerce: true });
    assert.equal(parse("10"), 10);
    assert.equal(parse("20"), "20");
    assert.equal(parse("true"), true);
    assert.equal(safeParse("30").success, false);
  });

  it("takes the first alternative that fits", () => {
    assert.equal(parser.compile("string|number", { coerce: true }).parse("5"), "5");
    assert.equal(parser.compile("number|string", { coerce: true }).parse("5"), 5);
    assert.equal(parser.compile("number|string", { coerce: true }).parse("x"), "x");
  });

  it("reaches every part and leaves what was given alone", () => {
    const schema = { page: "integer", tags: "number[]!", more: { type: "dict", values: "boolean" } } as const;
    const given = { page: "2", tags: "7", more: { a: "true" } };
    const copy = structuredClone(given);
    assert.deepEqual(parser.compile(schema, { coerce: true }).parse(given), {
      page: 2,
      tags: [7],
      more: { a: true },
    });
    assert.deepEqual(given, copy);
  });

  it("does not make `is` accept text", () => {
    assert.equal(parser.compile("number", { coerce: true }).is("5"), false);
    assert.equal(parser.compile({ a: "number[]!" }, { coerce: true }).is({ a: 5 }), false);
  });
});
