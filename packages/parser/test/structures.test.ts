import assert from "node:assert/strict";
import { it } from "node:test";
import { describeBoth, faults } from "./support/both.js";

const user = {
  name: "string",
  age: "integer?",
  tags: "string[]",
  address: { city: "string", zip: { type: "string?", minLength: 4 } },
} as const;

const valid = { name: "Ann", age: 30, tags: ["a", "b"], address: { city: "Rome" } };

describeBoth("objects", (parser) => {
  it("answers with the very object where nothing has to change", () => {
    const { parse, is } = parser.compile(user);
    assert.equal(parse(valid), valid);
    assert.equal(is(valid), true);
  });

  it("collects every issue with its path", () => {
    const value = { age: 1.5, tags: ["a", 2, null], address: { city: 1, zip: "1" }, extra: true };
    assert.deepEqual(faults(parser.compile(user).safeParse(value)), [
      "name missing",
      "age wrong_type",
      "tags.1 wrong_type",
      "tags.2 wrong_type",
      "address.city wrong_type",
      "address.zip too_short",
      "extra unknown_key",
    ]);
  });

  it("begins paths with the name", () => {
    assert.deepEqual(faults(parser.compile(user).safeParse({ ...valid, tags: [1] }, "user")), [
      "user.tags.0 wrong_type",
    ]);
    assert.deepEqual(faults(parser.compile(user).safeParse(1, "user")), ["user wrong_type"]);
    assert.deepEqual(faults(parser.compile(user).safeParse(1)), [" wrong_type"]);
  });

  it("stops at the first issue with abortEarly", () => {
    const compiled = parser.compile(user, { abortEarly: true });
    assert.deepEqual(faults(compiled.safeParse({ tags: [1], address: {}, extra: 1 })), ["name missing"]);
    assert.deepEqual(faults(compiled.safeParse({ ...valid, x: 1, y: 2 })), ["x unknown_key"]);
    assert.deepEqual(faults(compiled.safeParse({ ...valid, tags: ["a", 1, 2] })), ["tags.1 wrong_type"]);
  });

  it("refuses what is no object", () => {
    for (const value of [null, [], "x", 1, undefined, () => 1]) {
      assert.equal(parser.compile(user).is(value), false);
      assert.equal(parser.compile("object").is(value), false);
      assert.equal(parser.compile("dict").is(value), false);
    }
  });

  it("takes an own undefined for an absent value", () => {
    const { parse, safeParse } = parser.compile({ a: "string?", b: "string" });
    assert.deepEqual(parse({ a: undefined, b: "b" }), { a: undefined, b: "b" });
    assert.deepEqual(faults(safeParse({ a: "a", b: undefined })), ["b missing"]);
    assert.deepEqual(faults(safeParse({ a: undefined, b: "b", c: 1 })), ["c unknown_key"]);
  });

  it("reads objects without a prototype and instances of classes by their own keys", () => {
    class Point {
      x = 1;
    }
    const { is } = parser.compile({ x: "number" });
    assert.equal(is(Object.assign(Object.create(null), { x: 1 })), true);
    assert.equal(is(Object.assign(Object.create(null), { x: 1, y: 1 })), false);
    assert.equal(is(new Point()), true);
    assert.equal(is(Object.create({ x: 1 })), false);
  });

  it("reads keys that Object.prototype has", () => {
    const { is } = parser.compile({ toString: "string", valueOf: "string?" });
    assert.equal(is({ toString: "x" }), true);
    assert.equal(is({ toString: "x", valueOf: "y" }), true);
    assert.equal(is({}), false);
  });
});

describeBoth("modes", (parser) => {
  const schema = { a: "string", b: { c: "number?" } } as const;
  const given = { a: "x", b: { c: 1, deep: 1 }, extra: 1 };

  it("refuses unknown keys by default", () => {
    assert.deepEqual(faults(parser.compile(schema).safeParse(given)), [
      "b.deep unknown_key",
      "extra unknown_key",
    ]);
  });

  it("leaves unknown keys out with remove_extra, in a copy", () => {
    const { parse, is } = parser.compile(schema, { mode: "remove_extra" });
    assert.deepEqual(parse(given), { a: "x", b: { c: 1 } });
    assert.deepEqual(given, { a: "x", b: { c: 1, deep: 1 }, extra: 1 });
    assert.deepEqual(parse({ a: "x", b: {} }), { a: "x", b: {} });
    assert.equal(is(given), true);
  });

  it("keeps unknown keys with add_extra", () => {
    assert.equal(parser.compile(schema, { mode: "add_extra" }).parse(given), given);
    const coerced = parser.compile(schema, { mode: "add_extra", coerce: true });
    assert.deepEqual(coerced.parse({ ...given, b: { c: "5", deep: 1 } }), { ...given, b: { c: 5, deep: 1 } });
  });

  it("lets an object say it for itself alone", () => {
    const own = { type: "object", mode: "add_extra", properties: schema } as const;
    assert.deepEqual(faults(parser.compile(own).safeParse(given)), ["b.deep unknown_key"]);
    assert.deepEqual(parser.compile(own, { mode: "remove_extra" }).parse(given), { ...given, b: { c: 1 } });
  });

  it("takes any object where there are no properties", () => {
    for (const form of ["object", { type: "object" }] as const)
      assert.equal(parser.compile(form).is(given), true);
    assert.equal(parser.compile({}).is({}), true);
    assert.equal(parser.compile({}).is({ a: 1 }), false);
  });
});

describeBoth("default", (parser) => {
  const schema = {
    page: { type: "integer", default: 1 },
    sort: { type: "enum", values: ["up", "down"], default: "up" },
    tags: { type: "array", items: "string", default: [] },
    deep: { type: "object", properties: { a: "string[]" }, default: { a: ["x"] } },
  } as const;

  it("fills in what is absent, anew each time", () => {
    const { parse } = parser.compile(schema);
    const first = parse({ sort: "down" });
    assert.deepEqual(first, { page: 1, sort: "down", tags: [], deep: { a: ["x"] } });
    first.tags.push("changed");
    first.deep.a.push("changed");
    assert.deepEqual(parse({}), { page: 1, sort: "up", tags: [], deep: { a: ["x"] } });
  });

  it("is copied, so that a change of one result does not change the next", () => {
    const zero = () => new Date(0);
    for (const [type, value, change] of [
      ["date", zero(), (date: Date) => date.setTime(1)],
      ["datetime", zero(), (date: Date) => date.setTime(1)],
      ["date[]", [zero()], ([date]: Date[]) => date?.setTime(1)],
      ["any", { at: [zero()] }, ({ at }: { at: Date[] }) => at[0]?.setTime(1)],
      [{ since: "date" }, { since: zero() }, ({ since }: { since: Date }) => since.setTime(1)],
    ] as const) {
      const { parse } = parser.compile({
        a: { type: "union", anyOf: [type as "any"], default: value as unknown },
      });
      const before = structuredClone(value);
      (change as (value: unknown) => void)(parse({}).a);
      assert.deepEqual(parse({}).a, before);
      assert.deepEqual(value, before);
    }
  });

  it("leaves null to the type", () => {
    assert.equal(parser.compile({ type: "integer", default: 1 }).safeParse(null).success, false);
    assert.equal(parser.compile({ type: "integer", default: 1, nullable: true }).parse(null), null);
    assert.equal(parser.compile({ type: "integer", default: 1 }).parse(undefined), 1);
  });

  it("does not make `is` accept an absent value", () => {
    assert.equal(parser.compile(schema).is({}), false);
  });
});

describeBoth("lists", (parser) => {
  it("checks the items and the length", () => {
    const schema = { type: "array", items: "integer", minLength: 1, maxLength: 3 } as const;
    const { safeParse } = parser.compile(schema);
    assert.deepEqual(faults(safeParse([])), [" too_short"]);
    assert.deepEqual(faults(safeParse([1, "2", 3])), ["1 wrong_type"]);
    assert.deepEqual(faults(safeParse(["1", 2, 3, 4])), [" too_long"]);
    assert.deepEqual(faults(safeParse({ length: 1, 0: 1 })), [" wrong_type"]);
  });

  it("answers with the very list where nothing has to change", () => {
    const list = [[1], [2, 3]];
    assert.equal(parser.compile("number[][]").parse(list), list);
  });

  it("sees the holes of a sparse list", () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested.
    assert.deepEqual(faults(parser.compile("string[]").safeParse(["a", , "c"])), ["1 missing"]);
  });

  it("wraps a single value with []!", () => {
    const { parse, safeParse, is } = parser.compile("string[]!");
    assert.deepEqual(parse("a"), ["a"]);
    assert.deepEqual(parse(["a", "b"]), ["a", "b"]);
    assert.deepEqual(faults(safeParse(1)), ["0 wrong_type"]);
    assert.deepEqual(faults(safeParse(undefined)), [" missing"]);
    assert.equal(is("a"), false);
    assert.equal(parser.compile("string[]!?").parse(undefined), undefined);
  });

  it("finds repeated items with unique, after coercion", () => {
    const schema = { type: "array", items: "number", unique: true } as const;
    assert.deepEqual(faults(parser.compile(schema).safeParse([1, 2, 1])), ["2 not_unique"]);
    assert.deepEqual(faults(parser.compile(schema).safeParse([1, "x", 1])), ["1 wrong_type"]);
    assert.deepEqual(faults(parser.compile(schema, { coerce: true }).safeParse(["1", 1])), ["1 not_unique"]);
    const after = parser.compile({ a: "string", list: schema }).safeParse({ list: [1, 1] });
    assert.deepEqual(faults(after), ["a missing", "list.1 not_unique"]);
    assert.equal(parser.compile(schema).is([1, 2]), true);
    assert.equal(parser.compile(schema).is([1, 1]), false);
  });
});

describeBoth("dict", (parser) => {
  it("checks every value by one schema", () => {
    const { parse, safeParse } = parser.compile({ type: "dict", values: { n: "number" } });
    const value = { a: { n: 1 }, "b.c": { n: 2 } };
    assert.equal(parse(value), value);
    assert.deepEqual(faults(safeParse({ a: { n: 1 }, b: { n: "2" }, c: 3 })), [
      "b.n wrong_type",
      "c wrong_type",
    ]);
  });
});

describeBoth("union", (parser) => {
  const schema = {
    type: "union",
    anyOf: ["string", { kind: { type: "literal", value: "a" }, size: "number" }, "number[]"],
  } as const;

  it("explains an object by the one alternative that takes objects, and a list likewise", () => {
    const { safeParse } = parser.compile(schema);
    assert.deepEqual(faults(safeParse({ kind: "b", size: "1" })), ["kind wrong_value", "size wrong_type"]);
    assert.deepEqual(faults(safeParse([1, "2"])), ["1 wrong_type"]);
    assert.deepEqual(faults(safeParse(true)), [" wrong_type"]);
  });

  it("answers with what the alternative made of the value", () => {
    const either = { type: "union", anyOf: [{ a: "number" }, { b: "boolean" }] } as const;
    assert.deepEqual(parser.compile(either, { coerce: true }).parse({ b: "true" }), { b: true });
    assert.deepEqual(faults(parser.compile(either).safeParse({ c: 1 })), [" wrong_value", "c unknown_key"]);
  });

  it("may be absent where an alternative may", () => {
    assert.equal(parser.compile({ a: { type: "union", anyOf: ["string?", "number"] } }).is({}), true);
    assert.equal(parser.compile({ a: { type: "union?", anyOf: ["string", "number"] } }).is({}), true);
    assert.equal(parser.compile({ a: { type: "union", anyOf: ["string", "number"] } }).is({}), false);
  });

  it("nests", () => {
    const nested = {
      type: "union",
      anyOf: ["null", { type: "union", anyOf: [{ x: schema }, "boolean"] }],
    } as const;
    const { is, safeParse } = parser.compile(nested);
    assert.equal(is({ x: { kind: "a", size: 1 } }), true);
    assert.equal(is({ x: { kind: "a" } }), false);
    assert.deepEqual(faults(safeParse({ x: { kind: "a" } })), ["x.size missing"]);
  });
});

describeBoth("discriminator", (parser) => {
  const schema = {
    type: "union",
    discriminator: "kind",
    anyOf: [
      { kind: { type: "literal", value: "circle" }, radius: "number" },
      { kind: { type: "enum", values: ["square", 4] }, width: "number", tags: "string[]!?" },
    ],
  } as const;

  it("chooses the alternative, whose issues alone are told", () => {
    const { is, safeParse, parse } = parser.compile(schema);
    const circle = { kind: "circle", radius: 1 };
    assert.equal(parse(circle), circle);
    assert.deepEqual(parse({ kind: 4, width: 1, tags: "a" }), { kind: 4, width: 1, tags: ["a"] });
    assert.equal(is({ kind: "square", width: 1 }), true);
    assert.equal(is({ kind: "square", radius: 1 }), false);
    assert.deepEqual(faults(safeParse({ kind: "circle", width: 1 })), [
      "radius missing",
      "width unknown_key",
    ]);
    assert.deepEqual(faults(safeParse({ kind: "square", width: "1", tags: [1] })), [
      "width wrong_type",
      "tags.0 wrong_type",
    ]);
  });

  it("lists its values for one that is none of them", () => {
    const { safeParse } = parser.compile({ shape: schema });
    for (const [kind, code] of [
      ["oval", "wrong_value"],
      [undefined, "missing"],
      ["toString", "wrong_value"],
    ]) {
      const result = safeParse({ shape: { kind, radius: 1 } });
      assert.deepEqual(faults(result), [`shape.kind ${code}`]);
      assert.equal(result.success ? "" : result.issues[0]?.expected, 'one of "circle", "square" or 4');
    }
    assert.deepEqual(faults(safeParse({ shape: [] })), ["shape wrong_type"]);
    assert.deepEqual(faults(safeParse({ shape: Object.create({ kind: "circle", radius: 1 }) })), [
      "shape.kind missing",
    ]);
  });

  it("is coerced like other properties", () => {
    const { parse, is } = parser.compile(schema, { coerce: true });
    assert.deepEqual(parse({ kind: "4", width: "2" }), { kind: 4, width: 2 });
    assert.equal(is({ kind: "4", width: 2 }), false);
  });
});
