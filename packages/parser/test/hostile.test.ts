import assert from "node:assert/strict";
import { it } from "node:test";
import type { TypeText } from "@miqro/parser";
import { cpuTime } from "miqro-tests/cpu-time";
import { describeBoth, faults } from "./support/both.js";

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

describeBoth("hostile values", (parser) => {
  const user = {
    name: "string",
    tags: "string[]?",
    more: { type: "dict?", values: "number" },
    inner: { a: "number?" },
  } as const;
  const boom = {
    get(): never {
      throw new Error("boom");
    },
    enumerable: true,
  };

  it("that throw when they are read are issues, with their place", () => {
    const { safeParse, is, "~standard": standard } = parser.compile(user);
    const tags = Object.defineProperty(["x"], "1", boom);
    const value = {
      ...{ name: 1, tags, inner: Object.defineProperty({}, "a", boom) },
      more: Object.defineProperty({ x: "y" }, "b", boom),
    };
    assert.equal(is(value), false);
    const result = safeParse(value, "user");
    assert.deepEqual(faults(result), [
      "user.name wrong_type",
      "user.tags.1 unreadable",
      "user.more.x wrong_type",
      "user.more.b unreadable",
      "user.inner.a unreadable",
    ]);
    assert.doesNotMatch(JSON.stringify(result), /boom/);
    const outcome = standard.validate(value);
    assert.ok(!(outcome instanceof Promise));
    assert.equal(outcome.issues?.length, 5);
    assert.throws(() => parser.parse(value, user), { code: "PARSER_INVALID_VALUE" });
  });

  it("that cannot be looked at are one issue", () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const keyless = new Proxy({ name: "x", inner: {} }, { ownKeys: () => boom.get() });
    for (const value of [revoked.proxy, keyless]) {
      const result = parser.compile(user).safeParse(value, "user");
      assert.deepEqual(faults(result), ["user unreadable"]);
      assert.equal(parser.compile(user).is(value), false);
    }
    assert.deepEqual(faults(parser.compile("string[]").safeParse(revoked.proxy)), [" unreadable"]);
    assert.deepEqual(faults(parser.compile("number").safeParse(revoked.proxy)), [" unreadable"]);
  });

  it("that change while they are read are what they are at last", () => {
    let reads = 0;
    const value = {
      get name() {
        reads += 1;
        return reads === 1 ? 1 : "x";
      },
    };
    assert.deepEqual(parser.compile({ name: "string" }).safeParse(value), { success: true, value });
  });

  it("have every number that is none refused", () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const result = parser.compile({ n: "number", i: "integer" }).safeParse({ n: value, i: value });
      assert.deepEqual(faults(result), ["n wrong_type", "i wrong_type"]);
      assert.equal(result.success ? "" : result.issues[0]?.received, String(value));
    }
    assert.ok(Object.is(parser.parse(-0, "integer"), -0));
    assert.equal(parser.compile({ type: "literal", value: 0 }).is(-0), true);
    assert.equal(parser.compile({ type: "number", min: 0 }).is(-0), true);
    assert.deepEqual(
      faults(parser.compile({ type: "array", items: "number", unique: true }).safeParse([0, -0])),
      ["1 not_unique"],
    );
  });

  it("take bounded time, however long", () => {
    const ms = cpuTime(() => {
      const million = new Array(1_000_000).fill("x");
      assert.equal(parser.compile("string[]").is(million), true);
      assert.equal(faults(parser.compile("number[]").safeParse(million)).length, 100);
      assert.deepEqual(faults(parser.compile("string[]").safeParse([...million, 1])), ["1000000 wrong_type"]);
      assert.equal(parser.compile({ type: "array", items: "string", unique: true }).is(million), false);
      assert.deepEqual(faults(parser.compile("string?|number").safeParse(million)), [" wrong_type"]);
      const keys = Object.fromEntries(million.slice(0, 200_000).map((_, index) => [`key${index}`, index]));
      assert.equal(parser.compile({ type: "dict", values: "number" }).is(keys), true);
      assert.equal(faults(parser.compile({ a: "string", bey1: "number" }).safeParse(keys)).length, 100);
      assert.equal(faults(parser.compile({ type: "dict", values: "string" }).safeParse(keys)).length, 100);
    });
    assert.ok(ms < 10_000, `${ms} ms`);
  });

  it("may be sparse lists", () => {
    const sparse = new Array(2 ** 32 - 1);
    const optional = { type: "array", items: { type: "string?" } } as const;
    const ms = cpuTime(() => {
      assert.deepEqual(faults(parser.compile("string[]").safeParse(sparse)), [" too_long"]);
      assert.equal(faults(parser.compile("string[]").safeParse(new Array(2 ** 24))).length, 100);
      assert.deepEqual(faults(parser.compile(optional).safeParse(sparse)), [" too_long"]);
    });
    assert.ok(ms < 1000, `${ms} ms`);
    assert.equal(parser.compile(optional).is(new Array(3)), true);
    assert.equal(parser.compile({ ...optional, maxLength: 2 }).is(new Array(3)), false);
  });

  it("may nest without end where nothing looks into them", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 100_000; level++) deep = [deep];
    assert.equal(parser.compile({ a: "unknown" }).is({ a: deep }), true);
    assert.deepEqual(faults(parser.compile("string[][]").safeParse(deep)), ["0.0 wrong_type"]);
  });

  it("may have halves of characters", () => {
    const half = "\ud83d";
    const result = parser
      .compile({ name: { type: "enum", values: ["x"] } })
      .safeParse({ name: half, [half]: 1 });
    assert.deepEqual(result.success ? [] : result.issues.map((issue) => issue.message), [
      'name must be "x", but it is "\\ud83d".',
      '"\\ud83d" is not a known key: leave it out.',
    ]);
    for (const type of ["email", "url", "uuid"] as const) assert.equal(parser.compile(type).is(half), false);
    const cut = parser.compile({ type: "literal", value: 1 }).safeParse(`${"x".repeat(39)}😀`);
    assert.doesNotMatch(cut.success ? "" : (cut.issues[0]?.message ?? ""), /\\ud83d|\ufffd/);
  });
});

describeBoth("patterns", (parser) => {
  // Each makes a text of about the length that it is given, which is refused at its end.
  const attacks: readonly (readonly [schema: TypeText, (length: number) => string])[] = [
    ["email", (length) => `${"a.".repeat(length / 2)}@`],
    ["email", (length) => `a@${"a.".repeat(length / 2)}!`],
    ["email", (length) => `a@${"a-".repeat(length / 2)}!`],
    ["email", (length) => `a@${"a".repeat(length)}`],
    ["uuid", (length) => "0".repeat(length)],
    ["url", (length) => `http://${"a.".repeat(length / 2)}!`],
    ["url", (length) => `http://${"a".repeat(length)}!`],
    ["url", (length) => `http://${"a-".repeat(length / 2)}!`],
    ["url", (length) => `http://${"1.".repeat(length / 2)}!`],
    ["url", (length) => `http://[${"1:".repeat(length / 2)}!`],
    ["url", (length) => `http://a/${"a/".repeat(length / 2)} `],
    ["url", (length) => `http://a/${"%20".repeat(length / 3)}%2`],
    ["url", (length) => `http://a?${"?#".repeat(length / 2)}`],
    ["regex", (length) => "(".repeat(length)],
    ["regex", (length) => `${"(a{9}".repeat(length / 5)}`],
    ["number", (length) => `${"1".repeat(length)}x`],
    ["number", (length) => `${"1".repeat(length / 2)}.${"1".repeat(length / 2)}e`],
    ["bigint", (length) => "1".repeat(length)],
    ["date", (length) => "2024-01-".repeat(length / 8)],
    ["datetime", (length) => `2024-01-01T00:00:00.${"1".repeat(length)}`],
    ["boolean", (length) => "true".repeat(length / 4)],
  ];

  it("take time in proportion to the text", () => {
    for (const [schema, create] of attacks) {
      const { is, safeParse } = parser.compile(schema, { coerce: true });
      const time = (length: number) => {
        const text = create(length);
        let best = Infinity;
        for (let round = 0; round < 5; round++) {
          const ms = cpuTime(() => {
            assert.equal(safeParse(text).success, false, `${schema} accepts ${text.slice(0, 20)}`);
            assert.equal(is(text), false);
          });
          best = Math.min(best, ms);
        }
        return best;
      };
      const short = time(20_000);
      const long = time(320_000);
      // Sixteen times the text: a quadratic pattern takes 256 times as long, and at this length seconds.
      assert.ok(long < 80 * short + 20, `${schema}: ${create(20)}... takes ${short} ms, then ${long} ms`);
    }
  });

  it("let no entity take more than its own time", () => {
    const ms = cpuTime(() => {
      for (const text of [
        "&".repeat(500_000),
        "&#".repeat(250_000),
        `&#${"1".repeat(500_000)}`,
        `&${"a".repeat(500_000)}`,
      ]) {
        assert.equal(parser.parse(text, "decodeHTML"), text);
        assert.equal(parser.parse(parser.parse(text, "encodeHTML"), "decodeHTML"), text);
      }
    });
    assert.ok(ms < 5000, `${ms} ms`);
  });
});
