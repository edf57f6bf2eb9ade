import assert from "node:assert/strict";
import { it } from "node:test";
import { ParserError, type Schema } from "@miqro/parser";
import { describeBoth, faults } from "./support/both.js";

describeBoth("refine", (parser) => {
  it("is asked about what fits in all else, with the parsed value", () => {
    const asked: unknown[] = [];
    const { parse, safeParse, is } = parser.compile(
      {
        type: "object",
        properties: { from: "number", to: "number" },
        refine(value: { from: number; to: number }) {
          asked.push(value);
          return value.from < value.to || "must end after it begins";
        },
      },
      { coerce: true },
    );
    assert.deepEqual(parse({ from: "1", to: "2" }), { from: 1, to: 2 });
    assert.deepEqual(asked, [{ from: 1, to: 2 }]);
    const result = safeParse({ from: "2", to: "1" }, "range");
    assert.deepEqual(result, {
      success: false,
      issues: [
        {
          path: "range",
          code: "refused",
          expected: "must end after it begins",
          received: "object",
          message: "range must end after it begins.",
        },
      ],
    });
    asked.length = 0;
    assert.deepEqual(faults(safeParse({ from: "x", to: "1" })), ["from wrong_type"]);
    assert.deepEqual(asked, []);
    assert.equal(is({ from: 2, to: 1 }), false);
    assert.equal(is({ from: 1, to: 2 }), true);
  });

  it("is not asked about undefined and null", () => {
    const never = () => assert.fail("asked");
    const schema = { a: { type: "string?", nullable: true, refine: never } } as const;
    assert.equal(parser.compile(schema).is({}), true);
    assert.equal(parser.compile(schema).is({ a: null }), true);
  });

  it("works on every type", () => {
    const no = { refine: () => false };
    const schemas: readonly (readonly [Schema, unknown])[] = [
      [{ type: "string", ...no }, "x"],
      [{ type: "number", ...no }, 1],
      [{ type: "boolean", ...no }, true],
      [{ type: "datetime", ...no }, new Date()],
      [{ type: "bigint", ...no }, 1n],
      [{ type: "unknown", ...no }, 1],
      [{ type: "array", ...no }, []],
      [{ type: "dict", ...no }, {}],
      [{ type: "enum", values: [1, 2], ...no }, 1],
      [{ type: "literal", value: 1, ...no }, 1],
      [{ type: "union", anyOf: ["string", "number"], ...no }, 1],
      [{ type: "union", anyOf: [{ type: "number", ...no }, "boolean"] }, 1],
    ];
    for (const [schema, value] of schemas) assert.equal(parser.compile(schema).is(value), false);
    assert.deepEqual(
      faults(
        parser
          .compile({ list: { type: "array", items: { type: "number", ...no } } })
          .safeParse({ list: [1, 2] }),
      ),
      ["list.0 refused", "list.1 refused"],
    );
  });

  it("is asked about a default when the schema is compiled", () => {
    const even = { type: "integer", default: 3, refine: (n: number) => n % 2 === 0 } as const;
    assert.throws(() => parser.compile(even), /has the default 3, which does not fit it/);
  });

  it("that throws is an error of the program, with its cause", () => {
    const cause = new Error("no database");
    const { safeParse } = parser.compile({
      a: {
        type: "string",
        refine: () => {
          throw cause;
        },
      },
    });
    assert.throws(
      () => safeParse({ a: "x" }),
      (error: unknown) =>
        error instanceof ParserError && error.code === "PARSER_CALLBACK_FAILED" && error.cause === cause,
    );
  });

  it("that is asynchronous is refused, and its rejection leaves the process alive", async () => {
    const later = (() => Promise.reject(new Error("late"))) as unknown as () => boolean;
    assert.throws(() => parser.parse("x", { type: "string", refine: later }), {
      code: "PARSER_ASYNC_SCHEMA",
    });
    await new Promise((resolve) => setImmediate(resolve));
  });
});
