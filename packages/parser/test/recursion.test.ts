import assert from "node:assert/strict";
import { it } from "node:test";
import type { Schema } from "@miqro/parser";
import { describeBoth, faults } from "./support/both.js";

const tree = {
  type: "object",
  id: "tree",
  properties: {
    size: "number",
    children: { type: "array?", items: { type: "ref", ref: "tree" } },
    next: { type: "ref?", ref: "tree", nullable: true },
  },
} as const;

/** A chain of `levels` objects. */
function chain(levels: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level++) value = { size: 1, next: value };
  return value;
}

describeBoth("ref", (parser) => {
  it("is the form around it again", () => {
    const { parse, is, safeParse } = parser.compile(tree);
    const value = { size: 1, children: [{ size: 2, next: { size: 3, next: null } }, { size: 4 }] };
    assert.equal(parse(value), value);
    assert.equal(is(value), true);
    assert.deepEqual(
      faults(
        safeParse(
          { size: 1, children: [{ size: 2, next: { size: "3" } }, { extra: 1, size: 4 }, null] },
          "tree",
        ),
      ),
      [
        "tree.children.0.next.size wrong_type",
        "tree.children.1.extra unknown_key",
        "tree.children.2 wrong_type",
      ],
    );
    assert.equal(is({ size: 1, children: [{}] }), false);
  });

  it("changes what the form changes, at every level", () => {
    const { parse, is } = parser.compile(tree, { coerce: true, mode: "remove_extra" });
    const given = { size: "1", x: 1, next: { size: "2", x: 1, children: [{ size: "3", x: 1 }] } };
    assert.deepEqual(parse(given), { size: 1, next: { size: 2, children: [{ size: 3 }] } });
    assert.equal(is(given), false);
    assert.equal(is(parse(given)), true);
    const late = {
      type: "object",
      id: "node",
      properties: {
        inner: { type: "array?", items: { type: "ref", ref: "node" } },
        n: { type: "number", coerce: true },
      },
    } as const;
    assert.deepEqual(parser.compile(late).parse({ inner: [{ n: "1" }], n: "2" }), {
      inner: [{ n: 1 }],
      n: 2,
    });
  });

  it("bounds the levels of a value by maxDepth", () => {
    const { is, safeParse } = parser.compile(tree);
    assert.equal(is(chain(63)), true);
    assert.equal(is(chain(64)), true);
    assert.equal(is(chain(65)), false);
    const result = safeParse(chain(100_000));
    assert.deepEqual(faults(result), [`${"next.".repeat(63)}next too_deep`]);
    assert.match(
      result.success ? "" : (result.issues[0]?.message ?? ""),
      / nests too deep: there may be at most 64 levels\.$/,
    );
    assert.equal(parser.compile(tree, { maxDepth: 3 }).is(chain(4)), false);
    assert.equal(parser.compile(tree, { maxDepth: 1000 }).is(chain(900)), true);
  });

  it("ends at a cycle", () => {
    const value: Record<string, unknown> = { size: 1 };
    value.next = value;
    assert.deepEqual(faults(parser.compile(tree).safeParse(value)), [`${"next.".repeat(63)}next too_deep`]);
    assert.equal(parser.compile(tree).is(value), false);
    value.children = Array.from({ length: 100 }, () => value);
    value.next = undefined;
    assert.equal(parser.compile(tree).is(value), false);
    assert.equal(faults(parser.compile(tree).safeParse(value)).length, 100);
  });

  it("reads JSON of any shape, in linear time", () => {
    const json: Schema = {
      type: "union",
      id: "json",
      anyOf: [
        "string|number|boolean|null",
        { type: "array", items: { type: "ref", ref: "json" } },
        { type: "dict", values: { type: "ref", ref: "json" } },
      ],
    };
    const { is, safeParse } = parser.compile(json);
    assert.equal(is({ a: [1, { b: null }], c: "x" }), true);
    assert.equal(is({ a: [1, { b: undefined }] }), false);
    let deep: unknown;
    for (let level = 0; level < 60; level++) deep = [deep, { deep: level }];
    assert.equal(is(deep), false);
    assert.deepEqual(faults(safeParse(deep)), [`${"0.".repeat(59)}0 missing`]);
  });

  it("takes alternatives that recur through different properties", () => {
    const filter: Schema = {
      type: "union",
      id: "filter",
      anyOf: [
        { field: "string", value: "string" },
        { and: { type: "array", items: { type: "ref", ref: "filter" } } },
        { not: { type: "ref", ref: "filter" } },
      ],
    };
    const { is } = parser.compile(filter);
    assert.equal(is({ and: [{ not: { field: "a", value: "b" } }, { and: [] }] }), true);
    assert.equal(is({ and: [{ not: { field: "a" } }] }), false);
  });

  it("finds its form through others, the innermost of a name first", () => {
    const { is } = parser.compile({
      type: "object",
      id: "a",
      properties: {
        list: {
          type: "array",
          id: "b",
          items: {
            type: "union",
            anyOf: [
              { type: "ref", ref: "a" },
              { type: "ref", ref: "b" },
            ],
          },
        },
      },
    });
    assert.equal(is({ list: [[], [[], { list: [] }]] }), true);
    assert.equal(is({ list: [[], [[], { list: [1] }]] }), false);
    const shadowed = parser.compile({
      type: "object",
      id: "x",
      properties: { inner: { type: "dict", id: "x", values: { type: "ref", ref: "x" } } },
    });
    assert.equal(shadowed.is({ inner: { a: { b: {} } } }), true);
    assert.equal(shadowed.is({ inner: { a: { inner: 1 } } }), false);
  });

  it("stands inside another schema when compiled", () => {
    const inner = parser.compile(tree);
    const { is, safeParse } = parser.compile({
      type: "object",
      id: "tree",
      properties: { inner, list: { type: "array?", items: inner } },
    });
    assert.equal(is({ inner: { size: 1, next: { size: 1 } }, list: [{ size: 1 }] }), true);
    assert.deepEqual(faults(safeParse({ inner: { size: 1, next: { inner: {} } } })), [
      "inner.next.size missing",
      "inner.next.inner unknown_key",
    ]);
  });
});
