import assert from "node:assert/strict";
import { it } from "node:test";
import { ParseError, ParserError, type Schema } from "@miqro/parser";
import { describeBoth } from "./support/both.js";

const sentences: readonly (readonly [schema: Schema, value: unknown, message: string])[] = [
  ["string", undefined, "body is missing: it must be a string."],
  ["integer", 1.5, "body must be an integer, but it is a number."],
  ["string", null, "body must be a string, but it is null."],
  ["object", [], "body must be an object, but it is an array."],
  ["string|number[]", true, "body must be a string or array, but it is a boolean."],
  [{ type: "string", nullable: true }, 1, "body must be a string or null, but it is a number."],
  [{ type: "enum", values: ["a", 2] }, "c", 'body must be one of "a" or 2, but it is "c".'],
  [{ type: "literal", value: "a" }, 1, 'body must be "a", but it is 1.'],
  [{ type: "string", minLength: 2 }, "a", "body must have at least 2 characters, but it has 1."],
  [{ type: "array", maxLength: 1 }, [1, 2], "body must have at most 1 item, but it has 2."],
  [{ type: "number", min: 3 }, 1, "body must be at least 3, but it is 1."],
  [{ type: "number", max: 3 }, 4, "body must be at most 3, but it is 4."],
  [{ type: "number", multipleOf: 5 }, 4, "body must be a multiple of 5, but it is 4."],
  [{ type: "string", regex: "^a$" }, "b", "body must match /^a$/u."],
  ["email", "b", "body is not a valid email."],
  ["url", "b", "body is not a valid url."],
  ["datetime", "b", "body must be a datetime, but it is a string."],
  [{ type: "string", maxLength: 1 }, "😀😀", "body must have at most 1 character, but it has 2."],
  [{ type: "integer", refine: (n) => n % 2 === 0 || "must be even" }, 3, "body must be even."],
  [{ type: "string", refine: () => "No such user!" }, "x", "body No such user!"],
  [{ type: "string", refine: () => false }, "x", "body was refused by the rule of its schema."],
  [
    { type: "array", items: "number", unique: true },
    [1, 1],
    "body.1 repeats an earlier item, 1: the items must be unique.",
  ],
  [{ title: "string?" }, { titel: "x" }, 'body.titel is not a known key: perhaps the key "title" was meant.'],
  [{ title: "string?" }, { other: "x" }, "body.other is not a known key: leave it out."],
  ["dict", JSON.parse('{"__proto__":1}'), "body.__proto__ is a key that is never accepted: leave it out."],
  [{ type: "dict", values: "string" }, { "a b": 1 }, '"body.a b" must be a string, but it is a number.'],
];

describeBoth("ParseError", (parser) => {
  for (const [schema, value, message] of sentences) {
    it(`says "${message}"`, () => {
      const result = parser.compile(schema).safeParse(value, "body");
      assert.equal(result.success, false);
      if (!result.success)
        assert.deepEqual(
          result.issues.map((issue) => issue.message),
          [message],
        );
    });
  }

  it("speaks of the value where it has no name", () => {
    assert.throws(() => parser.parse(1, "string"), {
      message: "The value must be a string, but it is a number.",
    });
  });

  it("carries a code and every issue as data", () => {
    assert.throws(
      () => parser.parse({ n: "x" }, { n: "number", s: "string" }, "arg"),
      (error: unknown) => {
        assert.ok(error instanceof ParseError && error instanceof ParserError && error instanceof TypeError);
        assert.equal(error.name, "ParseError");
        assert.equal(error.code, "PARSER_INVALID_VALUE");
        assert.deepEqual(error.issues, [
          {
            path: "arg.n",
            code: "wrong_type",
            expected: "number",
            received: "string",
            message: "arg.n must be a number, but it is a string.",
          },
          {
            path: "arg.s",
            code: "missing",
            expected: "string",
            received: "undefined",
            message: "arg.s is missing: it must be a string.",
          },
        ]);
        assert.equal(error.message, error.issues.map((issue) => issue.message).join(" "));
        return true;
      },
    );
  });
});
