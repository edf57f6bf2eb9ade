import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { App, type Handler, type LogRecord, NotFoundError } from "@miqro/core";

/** Answers one request, and returns the lines of the log about its error. */
async function logged(handler: Handler): Promise<string> {
  const lines: string[] = [];
  const transport = { write: ({ out }: LogRecord) => void lines.push(out) };
  const app = new App({ logTransports: [transport] });
  app.get("/x", handler);
  const { status } = await app.inject({ url: "/x" });
  await new Promise(setImmediate);
  assert.equal(status, 500);
  return lines.join("\n");
}

function fail(): never {
  throw new Error("failed");
}

describe("the stack of a logged error", () => {
  const test = "logged-stacks\\.test\\.js";
  const cases: Readonly<Record<string, readonly [handler: Handler, says: readonly RegExp[]]>> = {
    "an exception of a function": [() => fail(), [/Error: failed\n {4}at fail \(.*\n {4}at .*logged-stacks/]],
    "an exception after an await": [
      async () => {
        await new Promise(setImmediate);
        fail();
      },
      [/Error: failed\n {4}at fail/],
    ],
    "a call of this package": [
      (_req, res) => res.json(new Map()),
      [new RegExp(`class Map would be empty.*\\n {4}at .*${test}`)],
    ],
    "a call of Node.js": [
      () => readFileSync("/no/such/file"),
      [new RegExp(`ENOENT.*\\n(?: {4}at .*node:fs.*\\n)+ {4}at .*${test}`)],
    ],
    "a cause": [
      () => {
        throw new Error("outer", { cause: new TypeError("inner") });
      },
      [/Error: outer\n {4}at /, /\n {4}caused by TypeError: inner\n {8}at /],
    ],
    "errors of an error": [
      () => Promise.any([Promise.reject(new Error("one")), Promise.reject(new Error("two"))]),
      [/one of Error: one\n {8}at /, /one of Error: two\n {8}at /],
    ],
    "a message that looks like a stack": [
      () => {
        throw new Error("failed\n    at noon");
      },
      [/Error: failed\n {4}at noon\n {4}at /],
    ],
  };
  for (const [what, [handler, says]] of Object.entries(cases)) {
    it(`has the calls of the app, and none of this package: ${what}`, async () => {
      const text = await logged(handler);
      for (const one of says) assert.match(text, one);
      assert.doesNotMatch(text, /core\/dist\/|_http_server|node:events/);
    });
  }

  it("is whole if it has no calls of the app", async () => {
    const text = await logged(() => new Map() as never);
    assert.match(text, /class Map would be empty.*\n {4}at .*core\/dist\//);
  });

  it("stays whole in the error", async () => {
    let stack = "";
    await logged(() => {
      const error = new NotFoundError("x");
      Object.assign(error, { status: 500 });
      stack = error.stack ?? "";
      throw error;
    });
    assert.match(stack, /core\/dist\//);
  });
});
