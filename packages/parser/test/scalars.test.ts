import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import type { Parser, Schema } from "@miqro/parser";
import { describeBoth, faults } from "./support/both.js";

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
    fit: [
      "a@b.co",
      "first.last+tag@mail.ex--ample.com",
      `${"a".repeat(64)}@b.co`,
      `a@${"b".repeat(63)}.co`,
      `a@${"b-".repeat(31)}b.co`,
    ],
    differ: [
      "a@b",
      "a.b.co",
      "@b.co",
      "a@-b.co",
      "a@b..co",
      "a b@c.de",
      `a@${"b.".repeat(126)}co`,
      `${"a".repeat(65)}@b.co`,
      `a@${"b".repeat(64)}.co`,
      "a@b-.co",
      "a@b.co-",
      "a@b.-co",
      "a@b.co\n",
    ],
  },
  {
    schema: "uuid",
    fit: ["3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7d", "3F2B6C1E-8A4D-4F6B-9C1D-2E3F4A5B6C7D"],
    differ: ["3f2b6c1e8a4d4f6b9c1d2e3f4a5b6c7d", "3f2b6c1e-8a4d-4f6b-9c1d-2e3f4a5b6c7g", ""],
  },
  {
    schema: "url",
    fit: [
      "http://localhost",
      "HTTPS://Example.com:8080/a/b.html?x=1&y[]=%20#top",
      "https://[::1]:3000/",
      "http://[2001:db8::7:1]",
      "https://192.168.0.255/?q",
      "https://sub_domain.example.com./~ann;v=1",
    ],
    differ: [
      "",
      "example.com",
      "//example.com",
      "javascript:alert(1)",
      "javascript://example.com/%0aalert(1)",
      "ftp://example.com",
      "http://",
      "http:///path",
      "https://ann:secret@example.com",
      "https://example.com\\@evil.com",
      "https://exa mple.com",
      "https://example.com/a b",
      "https://example.com/%zz",
      "https://example.com:65536",
      "https://256.1.1.1",
      "https://1.2.3",
      "https://[::1",
      "https://[1:2:3]",
      "https://[1::2::3]",
      "https://example.com/\n",
      "https://example.com/\ud800",
      " https://example.com",
    ],
  },
  { schema: "regex", fit: ["", "^a+$", "(?<year>\\d{4})"], differ: ["(", "[", "a{2,1}", "\\-", 1, /a/] },
  { schema: "bigint", fit: [0n, -5n, 2n ** 80n], differ: [0, "0", null, undefined] },
  {
    schema: "datetime",
    fit: [new Date(0)],
    differ: [new Date("x"), 0, "2024-05-31T12:00:00Z", {}, Object.create(Date.prototype), undefined],
  },
  { schema: "date", fit: [new Date(0)], differ: [new Date(Number.NaN), "2024-05-31"] },
  {
    schema: { type: "string", minLength: 2, maxLength: 3 },
    fit: ["😀😀", "a😀b", "\ud800\ud800"],
    differ: ["😀", "😀😀😀😀", "a😀bc", "\udc00"],
  },
  { schema: "number", fit: [0, -0, -1.5, 1e300], differ: ["1", NaN, Infinity, -Infinity, null, 1n] },
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
        assert.equal(result.success, false, `accepts ${inspect(value)}`);
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

  it("turns digits into bigints", () => {
    const { parse, safeParse } = parser.compile("bigint", { coerce: true });
    assert.equal(parse("-12345678901234567890"), -12345678901234567890n);
    assert.equal(parse("9".repeat(1000)), BigInt("9".repeat(1000)));
    for (const text of ["", "-", "1.0", "1n", "0x1", " 1", "9".repeat(1001), "9".repeat(1_000_000)]) {
      assert.equal(safeParse(text).success, false, `accepts ${text.slice(0, 10)}`);
    }
  });

  it("turns days into dates, at midnight in UTC", () => {
    const { parse, safeParse } = parser.compile("date", { coerce: true });
    assert.deepEqual(parse("2024-02-29"), new Date(Date.UTC(2024, 1, 29)));
    assert.deepEqual(parse("0000-01-01"), new Date("0000-01-01T00:00:00Z"));
    for (const text of [
      "2023-02-29",
      "2100-02-29",
      "2024-04-31",
      "2024-13-01",
      "2024-00-10",
      "2024-1-1",
      "24-01-01",
      "2024-01-01T00:00:00Z",
      "+002024-01-01",
    ]) {
      assert.equal(safeParse(text).success, false, `accepts ${text}`);
    }
  });

  it("turns instants with their zone into dates", () => {
    const { parse, safeParse } = parser.compile("datetime", { coerce: true });
    assert.deepEqual(parse("2024-05-31T12:00:00Z"), new Date(Date.UTC(2024, 4, 31, 12)));
    assert.deepEqual(
      parse("2024-05-31T12:00:00.123456+02:00"),
      new Date(Date.UTC(2024, 4, 31, 10, 0, 0, 123)),
    );
    // RFC 3339 also allows lower case and leap seconds, and so does the format of JSON Schema.
    for (const [text, iso] of [
      ["2024-05-31t12:00:00z", "2024-05-31T12:00:00.000Z"],
      ["2024-05-31T12:00:00.123z", "2024-05-31T12:00:00.123Z"],
      ["2024-05-31t12:00:00.123456789+02:00", "2024-05-31T10:00:00.123Z"],
      ["2024-05-31T12:00:00-00:00", "2024-05-31T12:00:00.000Z"],
      ["0000-02-29t00:00:00z", "0000-02-29T00:00:00.000Z"],
      ["1998-12-31T23:59:60Z", "1999-01-01T00:00:00.000Z"],
      ["1998-12-31t23:59:60.5z", "1999-01-01T00:00:00.500Z"],
      ["1998-12-31T15:59:60-08:00", "1999-01-01T00:00:00.000Z"],
    ] as const) {
      assert.equal(parse(text).toISOString(), iso, text);
    }
    for (const text of [
      "1998-12-31T23:58:60Z",
      "1998-12-31T22:59:60Z",
      "1998-12-31T23:59:60-01:00",
      "1998-12-31T23:59:61Z",
      "2024-05-31x12:00:00z",
      "2024-05-31",
      "2024-05-31T12:00:00",
      "2024-05-31T12:00Z",
      "2024-05-31 12:00:00Z",
      "2024-05-31T24:00:00Z",
      "2024-05-31T12:60:00Z",
      "2024-06-31T12:00:00Z",
      "2024-05-31T12:00:00+24:00",
      "Fri May 31 2024",
      "0",
    ]) {
      assert.equal(safeParse(text).success, false, `accepts ${text}`);
    }
  });

  it("can be said by a type for itself", () => {
    const schema = {
      at: { type: "datetime", coerce: true },
      n: "number",
      e: { type: "enum", values: [1, 2], coerce: true },
    } as const;
    assert.deepEqual(parser.compile(schema).parse({ at: "2024-05-31T12:00:00Z", n: 1, e: "2" }), {
      at: new Date("2024-05-31T12:00:00Z"),
      n: 1,
      e: 2,
    });
    assert.deepEqual(faults(parser.compile(schema).safeParse({ at: "x", n: "1", e: 3 })), [
      "at wrong_type",
      "n wrong_type",
      "e wrong_value",
    ]);
    assert.equal(parser.compile({ type: "number", coerce: false }, { coerce: true }).is("1"), false);
  });

  it("does not make `is` accept text", () => {
    assert.equal(parser.compile("number", { coerce: true }).is("5"), false);
    assert.equal(parser.compile({ a: "number[]!" }, { coerce: true }).is({ a: 5 }), false);
  });
});

describeBoth("encodeHTML and decodeHTML", (parser) => {
  it("write and read entities", () => {
    const text = `<a href="x?y&z">it's</a>`;
    const encoded = "&lt;a href=&quot;x?y&amp;z&quot;&gt;it&#39;s&lt;/a&gt;";
    assert.equal(parser.parse(text, "encodeHTML"), encoded);
    assert.equal(parser.parse(encoded, "decodeHTML"), text);
    assert.equal(parser.parse("&amp;lt;", "decodeHTML"), "&lt;");
  });

  it("read numeric entities, and leave what is none alone", () => {
    assert.equal(parser.parse("&#104;&#x69;&#X1F600;&nbsp;", "decodeHTML"), "hi😀\u00a0");
    for (const text of [
      "&",
      "&;",
      "&#;",
      "&#x;",
      "&#0;",
      "&#xD800;",
      "&#1114112;",
      "&unknown;",
      "&lt",
      "&constructor;",
    ]) {
      assert.equal(parser.parse(text, "decodeHTML"), text);
    }
  });

  it("change strings only, and check them as they are given", () => {
    const schema = {
      a: "encodeHTML?",
      list: { type: "array", items: { type: "decodeHTML", maxLength: 5 } },
    } as const;
    assert.deepEqual(parser.compile(schema).parse({ a: "<", list: ["&lt;"] }), { a: "&lt;", list: ["<"] });
    assert.deepEqual(faults(parser.compile(schema).safeParse({ a: 1, list: ["&quot;"] })), [
      "a wrong_type",
      "list.0 too_long",
    ]);
    assert.equal(parser.compile("encodeHTML").is("<"), true);
  });
});
