import assert from "node:assert/strict";
import { it } from "node:test";
import { Parser, type ParserOptions, type Schema } from "@miqro/parser";
import { describeBoth, faults } from "./support/both.js";

declare module "@miqro/parser" {
  interface TypeMap {
    hashtag: string;
    color: readonly number[];
    branch: { name: string; branches?: unknown[] };
    amount: number;
  }
}

const readColor = (value: unknown) => {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(String(value));
  return digits?.slice(1).map((pair) => Number.parseInt(pair, 16));
};

describeBoth("registerType", (_, options: ParserOptions) => {
  const create = () => new Parser(options);

  it("names a schema, with every suffix", () => {
    const parser = create().registerType("hashtag", { type: "string", regex: "^#[a-z]+$" });
    assert.deepEqual(
      parser.parse(
        { a: "#x", b: ["#y"], c: "#z" },
        { a: "hashtag", b: "hashtag[]", c: "hashtag[]!", d: "hashtag?" },
      ),
      {
        a: "#x",
        b: ["#y"],
        c: ["#z"],
      },
    );
    assert.deepEqual(
      faults(parser.compile({ a: "hashtag", b: "hashtag|number" }).safeParse({ a: "x", b: "x" })),
      ["a wrong_pattern", "b wrong_value"],
    );
  });

  it("takes the keys of every long form beside the name, and no others", () => {
    const parser = create().registerType("hashtag", {
      type: "string",
      regex: "^#[a-z]+$",
      refine: (tag) => tag !== "#no",
    });
    const schema = {
      type: "hashtag?",
      nullable: true,
      description: "A tag.",
      refine: (tag: unknown) => tag !== "#never",
    } as const;
    const { is } = parser.compile(schema);
    for (const value of [undefined, null, "#yes"]) assert.equal(is(value), true);
    for (const value of ["#no", "#never", "x"]) assert.equal(is(value), false);
    assert.equal(parser.parse(undefined, { type: "hashtag", default: "#x" }), "#x");
    assert.throws(() => parser.compile({ type: "hashtag", default: "x" }), /default/);
    assert.throws(() => parser.compile({ type: "hashtag", minLength: 1 } as Schema), /key "minLength"/);
  });

  it("takes the options of the schema that it stands in", () => {
    const parser = create().registerType("amount", { type: "number", min: 0 });
    assert.deepEqual(parser.compile({ a: "amount" }, { coerce: true }).parse({ a: "5" }), { a: 5 });
    assert.equal(parser.compile({ a: "amount" }).is({ a: "5" }), false);
  });

  it("names a schema that contains itself", () => {
    const parser = create().registerType("branch", { name: "string", branches: "branch[]?" });
    const { is, safeParse } = parser.compile({ root: "branch", more: "branch[]?" });
    assert.equal(is({ root: { name: "a", branches: [{ name: "b", branches: [] }] } }), true);
    assert.deepEqual(faults(safeParse({ root: { name: "a", branches: [{ branches: [1] }] } })), [
      "root.branches.0.name missing",
      "root.branches.0.branches.0 wrong_type",
    ]);
    assert.throws(
      () => create().registerType("branch", { type: "union", anyOf: ["branch", "string"] }),
      /for the same value, so that parsing would never end/,
    );
  });

  it("names a function, which answers with the value or with undefined", () => {
    const parser = create().registerType("color", readColor);
    const { parse, is, safeParse } = parser.compile({ color: "color", more: "color[]?" });
    assert.deepEqual(parse({ color: "#ff0080", more: ["#000000"] }), {
      color: [255, 0, 128],
      more: [[0, 0, 0]],
    });
    const result = safeParse({ more: ["red"] });
    assert.deepEqual(faults(result), ["color missing", "more.0 wrong_type"]);
    assert.equal(
      result.success ? "" : result.issues[1]?.message,
      "more.0 must be a color, but it is a string.",
    );
    assert.equal(is({ color: "#ff0080" }), false, "a string is no color yet");
  });

  it("wraps what a function throws, and refuses an asynchronous one", async () => {
    const parser = create()
      .registerType("color", () => {
        throw new Error("broken");
      })
      .registerType("hashtag", () => Promise.reject(new Error("late")));
    assert.throws(() => parser.parse("x", "color"), {
      code: "PARSER_CALLBACK_FAILED",
      message: /"color" threw .*broken/,
    });
    assert.throws(() => parser.parse("x", "hashtag"), { code: "PARSER_ASYNC_SCHEMA" });
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("takes a schema of another library", () => {
    const even = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: unknown) =>
          Number(value) % 2 === 0 ? { value } : { issues: [{ message: "odd" }] },
      },
    } as const;
    const parser = create().registerType("amount", even);
    assert.equal(parser.compile("amount").is(2), true);
    assert.deepEqual(faults(parser.compile({ a: "amount" }).safeParse({ a: 1 })), ["a foreign"]);
  });

  it("is of one parser only", () => {
    create().registerType("hashtag", "string");
    assert.throws(() => create().compile("hashtag"), /unknown type "hashtag"/);
  });

  it("refuses names that are taken or no names, and wrong schemas", () => {
    const parser = create().registerType("hashtag", "string");
    for (const name of ["hashtag", "string", "union", "", "a b", "a[]", "a?", "a|b", "1a", "__proto__"]) {
      assert.throws(() => parser.registerType(name, "string"), { code: "PARSER_INVALID_TYPE" }, name);
    }
    assert.throws(() => parser.registerType(1 as unknown as string, "string"), {
      code: "PARSER_INVALID_TYPE",
    });
    assert.throws(() => parser.registerType("color", { a: { b: "nothing" } } as unknown as Schema), {
      code: "PARSER_INVALID_SCHEMA",
      path: "color.a.b",
    });
    assert.throws(() => parser.compile("color"), /unknown type/, "a wrong one is not kept");
    assert.throws(() => parser.compile("hashtg" as "hashtag"), /Perhaps "hashtag" was meant/);
  });
});
