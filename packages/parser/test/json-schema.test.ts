import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, type JSONSchema, Parser, type Schema, toJSONSchema } from "@miqro/parser";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { z } from "zod";

const written: readonly (readonly [schema: Schema, json: JSONSchema])[] = [
  ["string", { type: "string" }],
  ["string1", { type: "string", minLength: 1 }],
  ["encodeHTML", { type: "string" }],
  ["integer", { type: "integer", minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 }],
  [
    { type: "number", min: 1, max: 5, multipleOf: 0.5 },
    { type: "number", minimum: 1, maximum: 5, multipleOf: 0.5 },
  ],
  ["boolean", { type: "boolean" }],
  ["bigint", { type: "string", pattern: "^-?\\d{1,1000}$" }],
  ["date", { type: "string", format: "date" }],
  ["datetime", { type: "string", format: "date-time" }],
  ["regex", { type: "string", format: "regex" }],
  ["unknown", {}],
  ["null", { type: "null" }],
  ["function", { not: {} }],
  ["object", { type: "object" }],
  ["dict", { type: "object" }],
  ["array", { type: "array" }],
  ["string[]", { type: "array", items: { type: "string" } }],
  ["string[]!", { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] }],
  ["string|null", { anyOf: [{ type: "string" }, { type: "null" }] }],
  [
    { type: "dict", values: "boolean" },
    { type: "object", additionalProperties: { type: "boolean" } },
  ],
  [{ type: "enum", values: ["a", 1] }, { enum: ["a", 1] }],
  [{ type: "enum", values: ["a", 1], nullable: true }, { enum: ["a", 1, null] }],
  [{ type: "null", nullable: true }, { type: "null" }],
  [{ type: "literal", value: "a" }, { const: "a" }],
  [{ type: "literal", value: "a", nullable: true }, { anyOf: [{ const: "a" }, { type: "null" }] }],
  [
    { type: "string", nullable: true, description: "Who." },
    { type: ["string", "null"], description: "Who." },
  ],
  [
    { type: "string", regex: "^a", maxLength: 3 },
    { type: "string", pattern: "^a", maxLength: 3 },
  ],
  [
    { type: "string", regex: /^a-b/ },
    { type: "string", pattern: "^a-b" },
  ],

  [{ type: "string", regex: /^a/i }, { type: "string" }],
  [{ type: "string", regex: /a{,2}/ }, { type: "string" }],
  [
    { type: "array", items: "number", minLength: 1, maxLength: 2, unique: true },
    { type: "array", items: { type: "number" }, minItems: 1, maxItems: 2, uniqueItems: true },
  ],
  [
    {
      a: "string",
      b: "string?",
      c: { type: "array", items: "string", default: ["x"] },
      d: { type: "datetime", default: new Date(0) },
    },
    {
      type: "object",
      properties: {
        a: { type: "string" },
        b: { type: "string" },
        c: { type: "array", items: { type: "string" }, default: ["x"] },
        d: { type: "string", format: "date-time" },
      },
      required: ["a"],
      additionalProperties: false,
    },
  ],
  [
    { type: "object", properties: { a: "string?" }, mode: "remove_extra" },
    { type: "object", properties: { a: { type: "string" } } },
  ],
  [
    { type: "object", id: "a/b", properties: { next: { type: "ref?", ref: "a/b" } } },
    {
      $ref: "#/$defs/a~1b",
      $defs: {
        "a/b": {
          type: "object",
          properties: { next: { $ref: "#/$defs/a~1b" } },
          additionalProperties: false,
        },
      },
    },
  ],
  [z.object({ a: z.string() }), { type: "object", properties: { a: { type: "string" } }, required: ["a"] }],
  [
    { a: { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } },
    { type: "object", properties: { a: {} }, additionalProperties: false },
  ],
];

describe("toJSONSchema", () => {
  for (const [schema, json] of written) {
    it(`writes ${JSON.stringify(json)}`, () => {
      assert.deepEqual(toJSONSchema(schema), json);
      assert.deepEqual(compile(schema).jsonSchema, json);
    });
  }

  it("names the definitions of forms that share an id apart, where they will stand", () => {
    const node = (n: string): Schema => ({
      type: "object",
      id: "node",
      properties: { [n]: { type: "ref?", ref: "node" } },
    });
    const json = toJSONSchema({ a: node("x"), b: node("y") }, { definitions: "#/components/schemas/" });
    assert.deepEqual(json.properties, {
      a: { $ref: "#/components/schemas/node" },
      b: { $ref: "#/components/schemas/node2" },
    });
    assert.deepEqual(Object.keys(json.$defs ?? {}), ["node", "node2"]);
    assert.deepEqual(json.$defs?.node2?.properties, { y: { $ref: "#/components/schemas/node2" } });
  });

  it("knows the types and options of its parser", () => {
    const parser = new Parser({ mode: "add_extra" }).registerType("fruit", {
      type: "enum",
      values: ["apple"],
    });
    assert.deepEqual(parser.toJSONSchema({ a: "fruit[]" }), {
      type: "object",
      properties: { a: { type: "array", items: { const: "apple" } } },
      required: ["a"],
    });
  });

  it("says where a wrong schema is wrong", () => {
    assert.throws(() => toJSONSchema({ a: "nothing" } as unknown as Schema), { path: "a" });
  });
});

describe("JSON Schema of another library", () => {
  const category = z.object({
    name: z.string(),
    get children() {
      return z.array(category);
    },
  });
  const shared = z.object({ at: z.string() }).meta({ id: "shared" });

  it("keeps what it refers to within itself, wherever it stands", () => {
    const schema = toJSONSchema({
      one: category,
      list: { type: "array", items: category },
    } as unknown as Schema);
    assert.deepEqual(Object.keys(schema.$defs ?? {}), ["schema", "schema2"]);
    assert.deepEqual(schema.properties?.one, { $ref: "#/$defs/schema" });
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const leaf = { name: "leaf", children: [] };
    assert.equal(validate({ one: { name: "a", children: [leaf] }, list: [leaf] }), true);
    assert.equal(validate({ one: { name: "a", children: [{ name: "b" }] }, list: [] }), false);
  });

  it("is the same alone, and moves with the definitions of the whole", () => {
    const schema = toJSONSchema(category as unknown as Schema, { definitions: "#/components/schemas/" });
    assert.equal(schema.$ref, "#/components/schemas/schema");
    const items = schema.$defs?.schema?.properties?.children?.items;
    assert.deepEqual(items, { $ref: "#/components/schemas/schema" });
  });

  it("brings its own definitions, whose names may be taken", () => {
    const tree = {
      type: "object",
      id: "shared",
      properties: {
        both: z.object({ a: shared, b: shared }),
        next: { type: "array", items: { type: "ref", ref: "shared" } },
      },
    } as unknown as Schema;
    const { $defs = {} } = toJSONSchema(tree);
    assert.deepEqual(Object.keys($defs).sort(), ["shared", "shared2"]);
    const both = $defs.shared?.properties?.both;
    assert.deepEqual(both?.properties?.a, { $ref: "#/$defs/shared2" });
    assert.deepEqual($defs.shared2?.required, ["at"]);
  });
});

describe("~standard", () => {
  it("offers Standard JSON Schema in its one dialect", () => {
    const { jsonSchema } = compile({ a: "string?" })["~standard"];
    const json = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { a: { type: "string" } },
      additionalProperties: false,
    };
    assert.deepEqual(jsonSchema?.input({ target: "draft-2020-12" }), json);
    assert.deepEqual(jsonSchema?.output({ target: "draft-2020-12" }), json);
    assert.throws(() => jsonSchema?.input({ target: "draft-04" }), { code: "PARSER_INVALID_OPTION" });
  });
});

const role: Schema = { type: "string", default: "reader" };

/** What differs between the directions: a schema, what it takes, and what it answers with. */
const directions: readonly (readonly [schema: Schema, input: JSONSchema, output: JSONSchema])[] = [
  [
    "string[]!",
    { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] },
    { type: "array", items: { type: "string" } },
  ],
  [
    { type: "array", items: "string[]!" },
    { type: "array", items: { anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] } },
    { type: "array", items: { type: "array", items: { type: "string" } } },
  ],
  [
    { role },
    {
      type: "object",
      properties: { role: { type: "string", default: "reader" } },
      additionalProperties: false,
    },
    {
      type: "object",
      properties: { role: { type: "string", default: "reader" } },
      required: ["role"],
      additionalProperties: false,
    },
  ],
  [
    { type: "object", properties: { a: "string?" }, mode: "remove_extra" },
    { type: "object", properties: { a: { type: "string" } } },
    { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
  ],
  [
    { type: "object", properties: { a: "string?" }, mode: "add_extra" },
    { type: "object", properties: { a: { type: "string" } } },
    { type: "object", properties: { a: { type: "string" } } },
  ],
  [
    { type: "dict", values: { role } },
    {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { role: { type: "string", default: "reader" } },
        additionalProperties: false,
      },
    },
    {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: { role: { type: "string", default: "reader" } },
        required: ["role"],
        additionalProperties: false,
      },
    },
  ],
  ["date", { type: "string", format: "date" }, { type: "string", format: "date-time" }],
  ["datetime", { type: "string", format: "date-time" }, { type: "string", format: "date-time" }],
  [
    { type: "encodeHTML", minLength: 2, maxLength: 5, regex: "^a" },
    { type: "string", minLength: 2, maxLength: 5, pattern: "^a" },
    { type: "string", minLength: 2 },
  ],
  [
    { type: "decodeHTML", minLength: 2, maxLength: 5, regex: "^a" },
    { type: "string", minLength: 2, maxLength: 5, pattern: "^a" },
    { type: "string", minLength: 1, maxLength: 5 },
  ],
  // A union is absent where an alternative may be, and has the default of the first that takes what is absent.
  [
    { a: { type: "union", anyOf: ["number", role] } },
    {
      type: "object",
      properties: { a: { anyOf: [{ type: "number" }, { type: "string" }], default: "reader" } },
      additionalProperties: false,
    },
    {
      type: "object",
      properties: { a: { anyOf: [{ type: "number" }, { type: "string" }], default: "reader" } },
      required: ["a"],
      additionalProperties: false,
    },
  ],
  [
    { a: { type: "union", anyOf: ["number?", role] } },
    {
      type: "object",
      properties: { a: { anyOf: [{ type: "number" }, { type: "string" }] } },
      additionalProperties: false,
    },
    {
      type: "object",
      properties: { a: { anyOf: [{ type: "number" }, { type: "string" }] } },
      additionalProperties: false,
    },
  ],
  [
    { a: { type: "union", anyOf: [{ type: "union", anyOf: ["boolean", role] }, "null"] } },
    {
      type: "object",
      properties: {
        a: {
          anyOf: [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, { type: "null" }],
          default: "reader",
        },
      },
      additionalProperties: false,
    },
    {
      type: "object",
      properties: {
        a: {
          anyOf: [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, { type: "null" }],
          default: "reader",
        },
      },
      required: ["a"],
      additionalProperties: false,
    },
  ],
  [
    { type: "object", id: "node", properties: { role, next: { type: "ref?", ref: "node" } } },
    {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { role: { type: "string", default: "reader" }, next: { $ref: "#/$defs/node" } },
          additionalProperties: false,
        },
      },
    },
    {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { role: { type: "string", default: "reader" }, next: { $ref: "#/$defs/node" } },
          required: ["role"],
          additionalProperties: false,
        },
      },
    },
  ],
  [
    z.object({ a: z.string().default("x") }),
    { type: "object", properties: { a: { type: "string", default: "x" } } },
    {
      type: "object",
      properties: { a: { type: "string", default: "x" } },
      required: ["a"],
      additionalProperties: false,
    },
  ],
];

describe("the directions of JSON Schema", () => {
  const target = { target: "draft-2020-12" };
  for (const [schema, input, output] of directions) {
    it(`are written of ${JSON.stringify(input)}`, () => {
      assert.deepEqual(toJSONSchema(schema), input);
      assert.deepEqual(toJSONSchema(schema, { direction: "input" }), input);
      assert.deepEqual(toJSONSchema(schema, { direction: "output" }), output);
      const { jsonSchema } = compile(schema)["~standard"];
      const { $schema: _, ...standardInput } = jsonSchema?.input(target) ?? {};
      const { $schema: __, ...standardOutput } = jsonSchema?.output(target) ?? {};
      assert.deepEqual(standardInput, input);
      assert.deepEqual(standardOutput, output);
    });
  }

  it("are two", () => {
    assert.throws(() => toJSONSchema("string", { direction: "out" as never }), {
      code: "PARSER_INVALID_OPTION",
      message: 'The option "direction" cannot be "out". Use "input" or "output".',
    });
  });
});

const keys = fc.constantFrom("a", "b", "c");

const leaf = fc.constantFrom<Schema>(
  "string",
  "string1",
  "email",
  "url",
  "uuid",
  "number",
  "integer",
  "boolean",
  "null",
  "unknown",
  "object",
  "array",
  "dict",
  "string?",
  "number[]",
  "string[]!",
  "array[]!",
  "string|number[]",
  { type: "string", minLength: 1, maxLength: 2 },
  { type: "string", regex: "^[a-z😀]+$", nullable: true },
  { type: "email", regex: "^a", maxLength: 10 },
  { type: "number", min: 0, max: 5, multipleOf: 2 },
  { type: "integer", min: -1, nullable: true },
  { type: "enum", values: ["a", 1, true, null] },
  { type: "literal", value: "a" },
  { type: "literal", value: 0, nullable: true },
  { type: "array", items: "number", unique: true, minLength: 1, maxLength: 2 },
  { type: "integer", default: 7 },
  { type: "array", items: "string[]!", default: [["a"]] },
  { type: "union", anyOf: ["string?", "number"] },
  { type: "union", anyOf: [{ type: "integer", default: 7 }, "string?"] },
  { type: "union", anyOf: ["boolean", { type: "union", anyOf: ["null", { type: "string", default: "a" }] }] },
  { type: "union", anyOf: [{ a: { type: "integer", default: 1 } }, "string[]!"] },
);

const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.dictionary(keys, tie("schema"), { maxKeys: 3 }) as fc.Arbitrary<Schema>,
    fc.record({
      type: fc.constantFrom("object" as const, "object?" as const),
      properties: fc.dictionary(keys, tie("schema"), { maxKeys: 3 }),
      mode: fc.constantFrom("no_extra" as const, "remove_extra" as const, "add_extra" as const),
    }) as fc.Arbitrary<Schema>,
    fc.record({ type: fc.constant("array" as const), items: tie("schema") }) as fc.Arbitrary<Schema>,
    fc.record({ type: fc.constant("dict" as const), values: tie("schema") }) as fc.Arbitrary<Schema>,
    fc.record({
      type: fc.constant("union" as const),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
    }) as fc.Arbitrary<Schema>,
    fc.record({ a: tie("schema"), b: tie("schema") }).map<Schema>(({ a, b }) => ({
      type: "union",
      discriminator: "c",
      anyOf: [
        { c: { type: "literal", value: "a" }, a },
        { c: { type: "enum", values: [1, "b"] }, b },
      ],
    })),
    tie("schema").map<Schema>((a) => ({
      type: "object",
      id: "node",
      properties: {
        a,
        b: { type: "array?", items: { type: "ref", ref: "node" } },
        c: { type: "ref?", ref: "node" },
      },
    })),
  ),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      "",
      "a",
      "b",
      "ab",
      "😀😀",
      "😀😀😀",
      0,
      1,
      1.5,
      4,
      7,
      2 ** 53,
    ),
    fc.constantFrom<unknown>("a@b.cc", "http://a.b/c", "ftp://a", "3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7d"),
    fc.string({ unit: "binary", maxLength: 3 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof({ weight: 8, arbitrary: keys }, { weight: 1, arbitrary: fc.constantFrom("d", "toString") }),
      tie("value"),
      {
        maxKeys: 4,
      },
    ),
  ),
}));

const texts = ["a", "ab", "ab", "😀", "a@b.cc", "http://a.b/c", "3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7d"];

/** Values that are likely to fit a schema, each part of them with a chance to be any. */
function near(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: nearForm(schema) }, { weight: 1, arbitrary: value });
}

interface LooseForm {
  readonly type: string;
  readonly properties: Readonly<Record<string, Schema>>;
  readonly items: Schema;
  readonly values: unknown;
  readonly value: unknown;
  readonly anyOf: readonly Schema[];
}

function nearForm(schema: Schema): fc.Arbitrary<unknown> {
  if (typeof schema === "string") return nearText(schema);
  const form = schema as unknown as LooseForm;
  if (typeof form.type !== "string") return nearObject(schema as Record<string, Schema>);
  switch (form.type.replace("?", "")) {
    case "object":
      return nearObject(form.properties);
    case "array":
      return fc.array(near(form.items), { maxLength: 3 });
    case "dict":
      return fc.dictionary(keys, near(form.values as Schema), { maxKeys: 3 });
    case "union":
      return fc.oneof(...form.anyOf.map(near));
    case "enum":
      return fc.constantFrom<unknown>(...(form.values as unknown[]));
    case "literal":
      return fc.constant(form.value);
    case "ref":
      return fc.constant({});
    case "array[]!":
      return fc.array(nearText("array"), { maxLength: 2 });
    default:
      return nearText(form.type);
  }
}

function nearText(text: string): fc.Arbitrary<unknown> {
  if (text.includes("[]")) return fc.array(nearText(text.replace(/\[].*/, "")), { maxLength: 3 });
  if (/^(?:number|integer)/.test(text)) return fc.constantFrom(0, 1, 2, 4, 7);
  if (/^(?:object|dict)/.test(text)) return fc.constantFrom({}, { a: 1 });
  if (/^array/.test(text)) return fc.constantFrom([], [1], [["a"]]);
  if (/^boolean/.test(text)) return fc.boolean();
  return text === "null" ? fc.constant(null) : fc.constantFrom(...texts);
}

function nearObject(properties: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const optional = Object.entries(properties).filter(([, part]) => /\?|default/.test(JSON.stringify(part)));
  const requiredKeys = Object.keys(properties).filter((key) => !optional.some(([name]) => name === key));
  return fc.record(Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, near(part)])), {
    requiredKeys,
  });
}

// Formats are only notes: the patterns beside them decide.
function validator(schema: JSONSchema): (value: unknown) => boolean {
  return new Ajv2020({ strictTypes: false, validateFormats: false }).compile(schema);
}

const cases = schema.chain((schema) =>
  fc.tuple(fc.constant(schema), fc.array(near(schema), { minLength: 10, maxLength: 30 })),
);

describe("JSON Schema in ajv", () => {
  it("accepts and refuses what the schema itself does", () => {
    const counts = { fits: 0, differs: 0 };
    fc.assert(
      fc.property(cases, ([schema, values]) => {
        const { safeParse, jsonSchema } = compile(schema);
        const validate = validator(jsonSchema);
        for (const value of values) {
          const { success } = safeParse(value);
          assert.equal(validate(value), success, JSON.stringify({ schema, value }));
          counts[success ? "fits" : "differs"] += 1;
        }
      }),
      { numRuns: 250, seed: 11 },
    );
    assert.ok(counts.fits > 2000 && counts.differs > 1000, JSON.stringify(counts));
  });

  it("accepts in the other direction what the schema answers with, and nothing of another type", () => {
    const counts = { answers: 0, changed: 0, refused: 0 };
    fc.assert(
      fc.property(cases, ([schema, values]) => {
        const { safeParse, is } = compile(schema);
        const validate = validator(toJSONSchema(schema, { direction: "output" }));
        for (const value of values) {
          const result = safeParse(value);
          if (result.success) {
            const json: unknown = JSON.parse(JSON.stringify(result.value) ?? "null");
            const says = () => JSON.stringify({ schema, value, result });
            if (result.value !== undefined) assert.equal(validate(json), true, says());
            counts.answers += 1;
            if (result.value !== value) counts.changed += 1;
          }
          if (validate(value)) assert.equal(is(value), true, JSON.stringify({ schema, value }));
          else counts.refused += 1;
        }
      }),
      { numRuns: 250, seed: 12 },
    );
    const { answers, changed, refused } = counts;
    assert.ok(answers > 2000 && changed > 300 && refused > 1000, JSON.stringify(counts));
  });
});
