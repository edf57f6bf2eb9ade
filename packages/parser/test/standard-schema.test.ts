import assert from "node:assert/strict";
import { it } from "node:test";
import { compile, type StandardSchema, type StandardSchemaResult } from "@miqro/parser";
import { describeBoth, faults } from "./support/both.js";

function foreign<T>(
  validate: (value: unknown) => StandardSchemaResult<T> | Promise<StandardSchemaResult<T>>,
): StandardSchema<unknown, T> & { type: "foreign" } {
  return { type: "foreign", "~standard": { version: 1, vendor: "test", validate } };
}

const upper = foreign<string>((value) =>
  typeof value === "string"
    ? { value: value.toUpperCase() }
    : { issues: [{ message: "no text", path: ["deep", { key: 0 }] }, { message: "none" }] },
);

describeBoth("~standard", (parser) => {
  it("answers with the value or with issues whose paths are lists of keys", () => {
    const { "~standard": standard } = parser.compile({ "a.b": "number[]" });
    assert.equal(standard.version, 1);
    assert.equal(standard.vendor, "miqro");
    const value = { "a.b": [1] };
    assert.deepEqual(standard.validate(value), { value });
    assert.deepEqual(standard.validate({ "a.b": [1, "2"] }), {
      issues: [{ message: "a.b.1 must be a number, but it is a string.", path: ["a.b", 1] }],
    });
  });

  it("of another library validates a property", () => {
    const { parse, safeParse } = parser.compile({ name: upper, list: { type: "array", items: upper } });
    assert.deepEqual(parse({ name: "ann", list: ["x"] }), { name: "ANN", list: ["X"] });
    assert.deepEqual(faults(safeParse({ name: 1, list: [] })), ["name.deep.0 foreign", "name foreign"]);
    const result = safeParse({ name: "x", list: [1] });
    assert.equal(result.success ? "" : result.issues[0]?.message, "list.0.deep.0 was refused: no text");
  });

  it("decides about an absent value itself", () => {
    const optional = foreign<number | undefined>((value) => ({ value: value === undefined ? undefined : 1 }));
    assert.deepEqual(parser.compile({ a: optional }).parse({}), {});
    assert.deepEqual(parser.compile({ a: optional }).parse({ a: 0 }), { a: 1 });
  });

  it("makes `is` refuse what it would have changed", () => {
    assert.equal(parser.compile({ name: upper }).is({ name: "ANN" }), true);
    assert.equal(parser.compile({ name: upper }).is({ name: "ann" }), false);
  });

  it("that is asynchronous is refused, and its rejection leaves the process alive", async () => {
    const slow = foreign<string>(() => Promise.reject(new Error("late")));
    assert.throws(() => parser.parse("x", slow), { code: "PARSER_ASYNC_SCHEMA" });
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("of a compiled schema stands inside another with its own options", () => {
    const inner = compile({ n: "number" }, { coerce: true });
    const { parse, safeParse } = parser.compile({ inner, list: { type: "array?", items: inner } });
    assert.deepEqual(parse({ inner: { n: "5" } }), { inner: { n: 5 } });
    assert.deepEqual(faults(safeParse({ inner: { n: "x" } })), ["inner.n wrong_type"]);
  });
});
