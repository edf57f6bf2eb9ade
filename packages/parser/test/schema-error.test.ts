import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, Parser, ParserError, type Schema, SchemaError } from "@miqro/parser";

const circular: Record<string, unknown> = {};
circular.self = circular;

const wrong: readonly (readonly [schema: unknown, path: string, message: RegExp])[] = [
  ["strng", "", /unknown type "strng"\. Perhaps "string" was meant\. The types are string, string1/],
  [{ a: { b: "String" } }, "a.b", /schema at a\.b names the unknown type "String"\. Perhaps "string"/],
  ["", "", /is "", which is not a type/],
  ["string?[]", "", /not a type/],
  ["string|", "", /not a type/],
  ["string | number", "", /not a type/],
  ["string!", "", /not a type/],
  ["toString", "", /unknown type "toString"/],
  ["enum", "", /uses "enum" without "values"/],
  [{ type: "literal" }, "", /uses "literal" without "value"/],
  [{ type: "union" }, "", /uses "union" without "anyOf"/],
  [null, "", /is null/],
  [undefined, "", /schema is undefined/],
  [5, "", /is a number/],
  [{ a: undefined }, "a", /schema at a/],
  [["string", "number"], "", /is an array; write/],
  [new Map(), "", /is an object; a schema/],
  [{ type: "string", minLenght: 1 }, "", /key "minLenght".*Perhaps "minLength" was meant/],
  [{ type: "string", title: "string" }, "", /For an object with a property named "type"/],
  [{ type: "string[]" }, "", /long form/],
  [{ type: "string", minLength: -1 }, "", /"minLength" that is not an integer from 0/],
  [{ type: "string", minLength: 2, maxLength: 1 }, "", /"minLength" above its "maxLength"/],
  [{ type: "string", regex: "(" }, "", /"regex" that is not a pattern/],
  [{ type: "string", regex: 1 }, "", /"regex" that is not a string or a RegExp/],
  [{ type: "number", min: "1" }, "", /"min" that is not a finite number/],
  [{ type: "number", multipleOf: 0 }, "", /"multipleOf" that is not a number above 0/],
  [
    { type: "enum", values: [] },
    "",
    /"values" that is not an array, with at least one item, of strings, finite numbers, booleans and null\./,
  ],
  [{ type: "enum", values: [{}] }, "", /"values"/],
  [{ type: "literal", value: NaN }, "", /"value" that is not a string, a finite number, a boolean or null\./],
  [{ type: "union", anyOf: [] }, "", /"anyOf"/],
  [{ type: "union", anyOf: ["string", "x"] }, "anyOf.1", /unknown type "x"/],
  [{ type: "object", mode: "none" }, "", /"mode" that is not/],
  [{ type: "object", properties: [] }, "", /"properties" that is not an object/],
  [{ type: "array", items: "x" }, "items", /unknown type "x"/],
  [{ type: "array", items: "object", unique: true }, "", /"unique"/],
  [{ type: "dict", values: 1 }, "values", /is a number/],
  [{ type: "string", nullable: "yes" }, "", /"nullable" that is not true or false/],
  [{ type: "string", description: 1 }, "", /"description"/],
  [{ type: "string", refine: true }, "", /"refine" that is not a function/],
  [{ type: "number", coerce: 1 }, "", /"coerce" that is not true or false/],
  [{ type: "string", coerce: true }, "", /key "coerce", which the type "string" does not know/],
  ["ref", "", /uses "ref" without "ref"/],
  [{ type: "ref", ref: 1 }, "", /"ref" that is not a string/],
  [{ type: "ref", ref: "tree" }, "", /refers to "tree", which is not the "id" of a surrounding form/],
  [{ type: "object", id: "" }, "", /"id" that is not a string with at least one character/],
  [
    { type: "object", id: "tree", properties: { a: { type: "ref", ref: "tre" } } },
    "a",
    /refers to "tre".* Perhaps "tree" was meant/,
  ],
  [
    { a: { type: "dict", id: "tree" }, b: { type: "ref", ref: "tree" } },
    "b",
    /refers to "tree", which is not the "id" of a surrounding form/,
  ],
  [
    { type: "union", id: "u", anyOf: ["string", { type: "ref", ref: "u" }] },
    "anyOf.1",
    /for the same value, so that parsing would never end/,
  ],
  [
    {
      type: "union",
      id: "u",
      anyOf: [
        { left: { type: "ref", ref: "u" }, a: "string?" },
        { left: { type: "ref", ref: "u" }, b: "string?" },
      ],
    },
    "",
    /exponential time; add a discriminator/,
  ],
  [
    {
      type: "union",
      id: "u",
      anyOf: [
        { type: "dict", values: { type: "ref", ref: "u" } },
        { left: { type: "ref", ref: "u" }, b: "string?" },
      ],
    },
    "",
    /exponential time/,
  ],
  [
    {
      type: "union",
      id: "u",
      anyOf: [
        { type: "array", items: { type: "ref", ref: "u" } },
        { type: "array", items: { a: { type: "ref", ref: "u" } } },
      ],
    },
    "",
    /exponential time/,
  ],
  [{ type: "union", discriminator: 1, anyOf: ["string"] }, "", /"discriminator" that is not a string/],
  [
    { type: "union", discriminator: "k", anyOf: [{ k: { type: "literal", value: 1 } }, { k: "string" }] },
    "anyOf.1",
    /must be an object with "k" as a literal or an enum/,
  ],
  [{ type: "union", discriminator: "k", anyOf: ["string"] }, "anyOf.0", /must be an object with "k"/],
  [
    {
      type: "union",
      discriminator: "k",
      anyOf: [{ k: { type: "literal", value: 1 } }, { k: { type: "enum", values: [2, 1] } }],
    },
    "anyOf.1",
    /has 1 for "k", but another/,
  ],
  [{ type: "object", default: circular }, "", /default that nests deeper than 64 levels/],
  [{ a: { type: "integer", default: 1.5 } }, "a", /has the default 1\.5, which does not fit it/],
  [{ type: "array", items: { type: "string", default: 1 } }, "items", /default/],
  [JSON.parse('{"__proto__":"string"}'), "", /property "__proto__"/],
  [{ constructor: "string" }, "", /property "constructor"/],
  [circular, "self.self.self.self.self.self.self.self", /deeper than 64 levels/],
];

describe("SchemaError", () => {
  for (const [schema, path, message] of wrong) {
    it(`is thrown on compiling, saying ${message}`, () => {
      assert.throws(
        () => compile(schema as Schema),
        (error: unknown) => {
          assert.ok(error instanceof SchemaError, String(error));
          assert.equal(error.code, "PARSER_INVALID_SCHEMA");
          assert.equal(error.path, path);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("bounds the depth by maxDepth", () => {
    const schema = { a: { b: { c: "string" } } } as const;
    assert.ok(compile(schema, { maxDepth: 4 }).is({ a: { b: { c: "x" } } }));
    assert.throws(() => compile(schema, { maxDepth: 3 }), { path: "a.b.c" });
  });

  it("bounds the size of a schema that shares its compiled parts", () => {
    let schema: Schema = compile({ a: "string" });
    assert.throws(() => {
      for (let level = 0; level < 30; level++) schema = compile({ left: schema, right: schema });
    }, /more than 10000 parts/);
  });

  it("bounds the size of a schema that shares its parts", () => {
    let schema: Schema = { a: "string" };
    for (let level = 0; level < 30; level++) schema = { left: schema, right: schema };
    assert.throws(() => compile(schema), /more than 10000 parts/);
  });
});

describe("options", () => {
  it("are checked", () => {
    const invalid = { code: "PARSER_INVALID_OPTION" };
    assert.throws(() => compile("string", { mode: "none" as "no_extra" }), invalid);
    assert.throws(() => compile("string", { maxDepth: 0 }), ParserError);
    assert.throws(() => compile("string", { coerce: "yes" as unknown as boolean }), invalid);
    assert.throws(() => new Parser({ abortEarly: 1 as unknown as boolean }), invalid);
  });

  it("of a parser are the defaults of its schemas", () => {
    const parser = new Parser({ coerce: true, mode: "remove_extra" });
    assert.deepEqual(parser.parse({ a: "1", b: 1 }, { a: "number" }), { a: 1 });
    assert.equal(parser.compile("number", { coerce: false }).safeParse("1").success, false);
  });
});

describe("compile", () => {
  it("answers with the same object for the same schema and options", () => {
    const schema = { a: "string" } as const;
    assert.equal(compile(schema), compile(schema));
    assert.equal(compile(schema), compile(schema, { coerce: false }));
    assert.notEqual(compile(schema), compile(schema, { coerce: true }));
    assert.notEqual(compile(schema), new Parser().compile(schema));
    assert.equal(compile("string"), compile("string"));
  });
});
