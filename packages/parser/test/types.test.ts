import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, type Infer, parse, type Schema, type StandardSchema } from "@miqro/parser";

declare module "@miqro/parser" {
  interface TypeMap {
    fruit: "apple";
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the two types are the same. */
function same<A, B>(..._: Equal<A, B> extends true ? [] : ["the types differ"]): void {}

describe("Infer", () => {
  it("reads short forms", () => {
    same<Infer<"string">, string>();
    same<Infer<"integer?">, number | undefined>();
    same<Infer<"string[]">, string[]>();
    same<Infer<"number[]!?">, number[] | undefined>();
    same<Infer<"boolean[][]">, boolean[][]>();
    same<Infer<"string|number|null">, string | number | null>();
    same<Infer<"string?|number[]">, string | number[] | undefined>();
    same<Infer<"object">, Record<string, unknown>>();
  });

  it("reads objects, marking what may be absent", () => {
    const { parse } = compile({
      name: "string",
      age: "integer?",
      tags: "string[]",
      address: { city: "string", zip: { type: "string?", minLength: 4 } },
      role: { type: "enum?", values: ["admin", "user"] },
      page: { type: "integer?", default: 1 },
      note: { type: "string", nullable: true },
      either: { type: "union", anyOf: ["string", { n: "number" }] },
      maybe: "string?|number",
      data: "unknown",
    });
    const expected = parse({
      name: "Ann",
      tags: [],
      address: { city: "Rome" },
      note: null,
      either: { n: 1 },
      data: 1,
    });
    same<
      typeof expected,
      {
        name: string;
        tags: string[];
        address: { city: string; zip?: string | undefined };
        page: number;
        note: string | null;
        either: string | { n: number };
        data: unknown;
        age?: number | undefined;
        role?: "admin" | "user" | undefined;
        maybe?: string | number | undefined;
      }
    >();
    assert.equal(expected.page, 1);
  });

  it("reads long forms", () => {
    same<Infer<{ type: "object"; properties: { a: "string" } }>, { a: string }>();
    same<Infer<{ type: "object?"; properties: { a: "string" } }>, { a: string } | undefined>();
    same<Infer<{ type: "array"; items: { a: "number" } }>, { a: number }[]>();
    same<Infer<{ type: "dict"; values: "boolean" }>, Record<string, boolean>>();
    same<Infer<{ type: "literal"; value: "x" }>, "x">();
    same<Infer<{ type: "string"; nullable: true; default: "" }>, string | null>();
    same<Infer<StandardSchema<unknown, Date>>, Date>();
    same<Infer<{ a: StandardSchema<unknown, Date | undefined> }>, { a?: Date | undefined }>();
  });

  it("reads every type", () => {
    same<Infer<"bigint[]">, bigint[]>();
    same<Infer<"date|datetime?">, Date | undefined>();
    same<Infer<"url|regex|encodeHTML|decodeHTML">, string>();
    same<Infer<"fruit[]?">, "apple"[] | undefined>();
    same<Infer<{ type: "fruit?"; nullable: true }>, "apple" | null | undefined>();
    same<
      Infer<{
        type: "union";
        discriminator: "k";
        anyOf: [{ k: { type: "literal"; value: 1 } }, { k: { type: "literal"; value: 2 }; n: "number" }];
      }>,
      { k: 1 } | { k: 2; n: number }
    >();
  });

  it("reads recursive schemas", () => {
    const tree = compile({
      type: "object",
      id: "tree",
      properties: {
        name: "string",
        parent: { type: "ref?", ref: "tree", nullable: true },
        children: { type: "array", items: { type: "ref", ref: "tree" } },
        byName: { type: "dict?", values: { type: "ref", ref: "tree" } },
      },
    });
    const { children, parent } = tree.parse({ name: "a", children: [{ name: "b", children: [] }] });
    same<typeof children, (typeof children)[number]["children"]>();
    const name: string | undefined = children[0]?.children[0]?.parent?.byName?.x?.name;
    assert.equal(name ?? parent?.name, undefined);
    // @ts-expect-error: no such property, however deep
    assert.equal(children[0]?.children[0]?.title, undefined);
  });

  it("lets `refine` be written with the type of the value", () => {
    const schema = {
      type: "object",
      properties: {
        n: { type: "integer", refine: (n) => n > 0 },
        s: { type: "string1", refine: (s) => s.trim() === s },
      },
      refine: ({ n }: { n: number }) => n < 9 || "is too much",
    } satisfies Schema;
    assert.equal(compile(schema).is({ n: 1, s: "x" }), true);
    // @ts-expect-error: a rule answers with true, false or a string
    compile({ type: "integer", refine: (n: number) => n });
  });

  it("is unknown for a schema that is not known", () => {
    same<Infer<Schema>, unknown>();
    const open: Schema = { type: "union", anyOf: ["string", { a: "number" }] };
    const value = parse("x", open);
    same<typeof value, unknown>();
  });

  it("needs no `as const`, neither in compile nor in parse", () => {
    same<ReturnType<typeof one>, { a: number }>();
    function one() {
      return parse({ a: 1 }, { a: "number" });
    }
    const schema = { a: "number" } satisfies Schema;
    assert.equal(parse({ a: 1 }, schema).a.toFixed(), one().a.toFixed());
    const value: unknown = "x";
    if (compile("string").is(value)) assert.equal(value.length, 1);
  });
});

describe("Schema", () => {
  it("refuses wrong ones at compile time", () => {
    const throws = (run: () => unknown) => assert.throws(run);
    // @ts-expect-error: a misspelt type
    throws(() => compile("strng"));
    // @ts-expect-error: a misspelt type in a property
    throws(() => compile({ a: "strng" }));
    // @ts-expect-error: a wrong limit
    throws(() => compile({ type: "number", min: "1" }));
    // @ts-expect-error: an unknown key of a long form
    throws(() => compile({ type: "string", minLenght: 1 } satisfies Schema));
    // @ts-expect-error: an enum without values
    throws(() => compile({ type: "enum" }));
  });
});
