import assert from "node:assert/strict";
import { it } from "node:test";
import type { LiteralValue, Schema, UnionForm } from "@miqro/parser";
import { cpuTime } from "miqro-tests/cpu-time";
import { describeBoth } from "./support/both.js";

const union = (...anyOf: Schema[]): UnionForm => ({ type: "union", anyOf });
const literal = (value: LiteralValue): Schema => ({ type: "literal", value });
const open = (properties: Readonly<Record<string, Schema>>): Schema => {
  return { type: "object", properties, mode: "add_extra" };
};

const contact = union({ mail: "email", note: "string?" }, { phone: "string", country: "integer" });
const shape = union({ kind: literal("a"), x: "number" }, { kind: literal("b"), y: "number" });
const tree: Schema = {
  type: "object",
  id: "tree",
  properties: { name: "string", child: union({ type: "ref", ref: "tree" }, { end: "boolean" }) },
};

/** Schema, value, and the messages about the value, which is called `v`. */
const cases: readonly (readonly [schema: Schema, value: unknown, ...messages: string[]])[] = [
  // Objects: the nearest alternative.
  [contact, { phone: "030", country: "49" }, "v.country must be an integer, but it is a string."],
  [contact, { phone: "030" }, "v.country is missing: it must be an integer."],
  [contact, { mail: "x" }, "v.mail is not a valid email."],
  [contact, { mail: "a@b.cc", note: 1 }, "v.note must be a string, but it is a number."],
  [contact, { mail: "a@b.cc", extra: 1 }, "v.extra is not a known key: leave it out."],
  [
    contact,
    { phon: "1", country: 49 },
    "v.phone is missing: it must be a string.",
    'v.phon is not a known key: perhaps the key "phone" was meant.',
  ],
  [
    contact,
    { mial: "a@b.cc" },
    "v.mail is missing: it must be an email.",
    'v.mial is not a known key: perhaps the key "mail" was meant.',
  ],
  [contact, {}, 'v must have "mail", or "phone" and "country", but it has none of these.'],
  [
    union({ a: "string" }, { b: "string" }, { c: "string" }),
    {},
    'v must have "a", "b" or "c", but it has none of these.',
  ],
  [
    union({ first: "string" }, { second: "string" }),
    { other: 1 },
    'v must have "first" or "second", but it has none of these.',
    "v.other is not a known key: leave it out.",
  ],
  [contact, "x", "v must be an object, but it is a string."],
  [contact, [], "v must be an object, but it is an array."],
  [contact, undefined, "v is missing: it must be an object."],
  // Keys that are let be tell all the same which alternative was meant.
  [
    union(open({ a: "string" }), open({ b: "string", c: "number" })),
    { b: "x", c: "1" },
    "v.c must be a number, but it is a string.",
  ],
  // What tells the alternatives apart counts first.
  [shape, { kind: "c" }, 'v.kind must be one of "a" or "b", but it is "c".'],
  [shape, { kind: "c", x: 1 }, 'v.kind must be one of "a" or "b", but it is "c".'],
  [shape, { x: 1 }, 'v.kind is missing: it must be one of "a" or "b".'],
  [
    shape,
    { kind: "b", x: 1 },
    "v.y is missing: it must be a number.",
    'v.x is not a known key: perhaps the key "y" was meant.',
  ],
  [
    union({ kind: literal("a"), p: "string", q: "string", r: "string" }, { kind: literal("b") }),
    { kind: "a" },
    "v.p is missing: it must be a string.",
    "v.q is missing: it must be a string.",
    "v.r is missing: it must be a string.",
  ],
  [
    union(
      { status: { type: "enum", values: ["new", "old"] }, id: "integer" },
      { id: "integer", other: "string" },
    ),
    { status: "gone", id: 1 },
    'v.status must be one of "new" or "old", but it is "gone".',
  ],
  // Objects beside a dict, unions in unions, in lists and in properties.
  [
    union({ type: "dict", values: "number" }, { a: "string" }),
    { a: 1, b: "x" },
    "v.b must be a number, but it is a string.",
  ],
  [
    union(union({ a: "string" }, { b: "number" }), { c: "number" }),
    { b: "x" },
    "v.b must be a number, but it is a string.",
  ],
  [
    { list: { type: "array", items: union({ a: "string" }, { b: "number" }) } },
    { list: [{ a: "x" }, { b: "x" }, {}] },
    "v.list.1.b must be a number, but it is a string.",
    'v.list.2 must have "a" or "b", but it has none of these.',
  ],
  [
    { type: "union", discriminator: "k", anyOf: [{ k: literal(1), v: contact }, { k: literal(2) }] },
    { k: 1, v: { phone: 1, country: 1 } },
    "v.v.phone must be a string, but it is a number.",
  ],
  [
    { type: "union", discriminator: "k", anyOf: [{ k: literal(1) }, { k: literal(2) }] },
    { k: 3 },
    "v.k must be one of 1 or 2, but it is 3.",
  ],
  [
    { type: "union", discriminator: "k", anyOf: [{ k: literal(1) }, { k: literal(2) }] },
    null,
    "v must be an object, but it is null.",
  ],
  [
    tree,
    { name: "a", child: { name: "b", child: { end: 1 } } },
    "v.child.child.end must be a boolean, but it is a number.",
  ],
  [
    tree,
    { name: "a", child: { name: "b", child: { name: 1, child: { end: true } } } },
    "v.child.child.name must be a string, but it is a number.",
  ],
  [{ ...contact, nullable: true }, [], "v must be an object or null, but it is an array."],
  // Arrays.
  ["number[]|string[]", [1, "a"], "v.1 must be a number, but it is a string."],
  ["number[]|string[]", ["a", "b", 3], "v.2 must be a string, but it is a number."],
  ["number[]|string[]", {}, "v must be an array, but it is an object."],
  ["string[]!|boolean", 5, "v must be an array or boolean, but it is a number."],
  // Scalars: everything that would fit, and the value where its kind is not what is wrong.
  ["email|uuid", "foo", 'v must be an email or a uuid, but it is "foo".'],
  ["email|number", "foo", 'v must be an email or a number, but it is "foo".'],
  ["email|number", true, "v must be an email or number, but it is a boolean."],
  ["email|number", NaN, "v must be an email or number, but it is NaN."],
  ["email|number", undefined, "v is missing: it must be an email or number."],
  ["string1|null", "", 'v must be a string of at least 1 character or null, but it is "".'],
  [union(literal("a"), literal("b")), "c", 'v must be "a" or "b", but it is "c".'],
  [union(literal("a"), literal("b")), 5, 'v must be "a" or "b", but it is a number.'],
  [union(literal("auto"), "number"), "foo", 'v must be "auto" or a number, but it is "foo".'],
  [union("boolean", literal(0)), 1, "v must be a boolean or 0, but it is 1."],
  [
    union({ type: "number", max: 5 }, { type: "number", min: 10 }),
    7,
    "v must be at most 5 or at least 10, but it is 7.",
  ],
  [
    union({ type: "integer", multipleOf: 3 }, { type: "integer", multipleOf: 5 }),
    7,
    "v must be a multiple of 3 or a multiple of 5, but it is 7.",
  ],
  [
    union({ type: "string", minLength: 3 }, { type: "string", regex: "^#" }),
    "ab",
    'v must be a string of at least 3 characters or a string that matches /^#/u, but it is "ab".',
  ],
  [
    union({ type: "number", refine: (n) => n % 2 === 0 || "must be even" }, "string"),
    7,
    "v must be a number that its rule accepts (must be even) or a string, but it is 7.",
  ],
  // The kind is right, and the size is not.
  ["integer", 2 ** 53, "v must be at most 9007199254740991, but it is 9007199254740992."],
  ["integer", -(2 ** 53), "v must be at least -9007199254740991, but it is -9007199254740992."],
  ["integer", 1.5, "v must be an integer, but it is a number."],
];

describeBoth("what is said of a value that fits no alternative", (parser) => {
  for (const [schema, value, ...messages] of cases) {
    const title = `${JSON.stringify(value)} for ${JSON.stringify(schema)}`;
    it(title, () => {
      const result = parser.compile(schema).safeParse(value, "v");
      assert.deepEqual(result.success ? [] : result.issues.map((issue) => issue.message), messages);
      const [first] = result.success ? [] : result.issues;
      const early = parser.compile(schema, { abortEarly: true }).safeParse(value, "v");
      assert.deepEqual(early.success ? [] : early.issues, [first]);
      const { issues } = parser.compile(schema)["~standard"].validate(value) as {
        issues: readonly unknown[];
      };
      assert.equal(issues.length, messages.length);
    });
  }

  it("never says that a value must be what it is", () => {
    const values = [{}, { a: 1 }, { b: {} }, [], [1], "", "a", 0, 1.5, true, null];
    const parts: readonly Schema[] = [
      { a: "string" },
      { a: "number", b: "string" },
      { b: { c: "integer" } },
      "number[]",
      { type: "array", items: "string", minLength: 2 },
      { type: "string", minLength: 4 },
      { type: "number", min: 5 },
      literal(true),
      "uuid",
    ];
    let compared = 0;
    for (const left of parts) {
      for (const right of parts) {
        const { safeParse } = parser.compile(union(left, right));
        for (const value of values) {
          const result = safeParse(value);
          for (const { message } of result.success ? [] : result.issues) {
            const found = /must be (.*), but it is (.*)\.$/.exec(message);
            if (found === null) continue;
            const [, wanted = "", received = ""] = found;
            assert.ok(!wanted.split(/ or |, /).includes(received), message);
            compared += 1;
          }
        }
      }
    }
    assert.ok(compared > 400, `${compared} messages`);
  });

  it("takes no more than a few times the depth to explain a deep value", () => {
    let value: unknown = { name: 1, child: { end: true } };
    for (let level = 0; level < 50; level++) value = { name: "x", child: value };
    const { safeParse } = parser.compile(tree);
    const ms = cpuTime(() => {
      const result = safeParse(value);
      assert.equal(result.success ? 0 : result.issues.length, 1);
    });
    assert.ok(ms < 2000, `${ms} ms`);
  });
});
