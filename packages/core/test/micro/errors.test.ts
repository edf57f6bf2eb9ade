import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isProxy } from "node:util/types";
import { ForbiddenError, UnauthorizedError } from "@miqro/core";
import { createError, HttpError, type RequestHandler, send, sendError } from "@miqro/core/micro";
import { catchErrors, setEnvironment, ways } from "../support/micro.js";

const plain = "text/plain; charset=utf-8";
const hidden = "Internal Server Error";

function refuse(): never {
  throw new Error("trap");
}

function withFields(fields: object): Error {
  return Object.assign(new Error("told"), fields);
}

const thrown: Readonly<Record<string, [value: unknown, status: number, body: string]>> = {
  "an error": [new Error("secret"), 500, hidden],
  "an error with a statusCode": [withFields({ statusCode: 402 }), 402, "told"],
  "an error with a statusCode of 500": [withFields({ statusCode: 500 }), 500, "told"],
  "an error with a statusCode as a string": [withFields({ statusCode: "404" }), 404, "told"],
  "an error with a status": [withFields({ status: 403 }), 403, "told"],
  "an error with a status of 503": [withFields({ status: 503 }), 503, hidden],
  "an error that is not to be exposed": [withFields({ statusCode: 404, expose: false }), 404, hidden],
  "an error with a statusCode that no answer has": [withFields({ statusCode: 9999 }), 500, hidden],
  "an error with a statusCode that is no number": [withFields({ statusCode: "many" }), 500, hidden],
  "an error of createError": [createError(429, "Rate limit exceeded"), 429, "Rate limit exceeded"],
  "an error of createError with 500": [createError(500, "told as well"), 500, "told as well"],
  "an HttpError without a statusCode": [new HttpError("secret"), 500, hidden],
  "an error of the package": [new ForbiddenError("not yours"), 403, "not yours"],
  "a string": ["secret", 500, hidden],
  "a number": [42, 500, hidden],
  null: [null, 500, hidden],
  undefined: [undefined, 500, hidden],
  "an object": [{ secret: true }, 500, hidden],
  "an object with a statusCode": [{ statusCode: 404, message: "told" }, 404, "told"],
  "an object that has no string": [Object.create(null), 500, hidden],
  "a proxy that throws at every use": [
    new Proxy({}, { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse }),
    500,
    hidden,
  ],
};

for (const [way, start] of Object.entries(ways)) {
  describe(`what a function throws, served ${way}`, () => {
    for (const [name, [value, status, body]] of Object.entries(thrown)) {
      it(`is answered: ${name}`, async (t) => {
        const lines = catchErrors(t);
        const fns: RequestHandler[] = [
          () => {
            throw value;
          },
          async () => {
            throw value;
          },
          (req, res) => sendError(req, res, value),
        ];
        for (const [index, fn] of fns.entries()) {
          const answer = await (await start(t, fn))();
          assert.deepEqual([answer.status, answer.body], [status, body]);
          assert.equal(answer.headers.get("content-type"), plain);
          assert.equal(lines.length, index + 1);
        }
        if (!isProxy(value) && value instanceof Error)
          assert.match(lines[0] ?? "", /errors\.test/, "the stack");
      });
    }

    it("is answered with its stack in development only", async (t) => {
      catchErrors(t);
      const fail = await start(t, () => {
        throw createError(418, "a teapot");
      });
      for (const [mode, pattern] of [
        ["development", /^HttpError: a teapot\n {4}at .*errors\.test\.js/],
        ["production", /^a teapot$/],
        ["test", /^a teapot$/],
      ] as const) {
        setEnvironment(t, "NODE_ENV", mode);
        const { status, body } = await fail();
        assert.equal(status, 418);
        assert.match(body, pattern);
      }
    });

    it("replaces what was said of another body, and keeps other headers", async (t) => {
      catchErrors(t);
      const ask = await start(t, (_req, res) => {
        res.setHeader("Content-Type", "text/html");
        res.setHeader("Content-Encoding", "gzip");
        res.setHeader("Access-Control-Allow-Origin", "*");
        throw createError(400, "<script>");
      });
      const { headers, body } = await ask();
      assert.equal(headers.get("content-type"), plain);
      assert.equal(headers.get("content-encoding"), null);
      assert.equal(headers.get("access-control-allow-origin"), "*");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(body, "<script>");
    });

    it("has the headers of an error of the package", async (t) => {
      catchErrors(t);
      const ask = await start(t, () => {
        throw new UnauthorizedError("who?", { headers: { "WWW-Authenticate": "Basic" } });
      });
      assert.equal((await ask()).headers.get("www-authenticate"), "Basic");
    });

    it("does not end the process where an answer was given before", async (t) => {
      const lines = catchErrors(t);
      const fns: RequestHandler[] = [
        (_req, res) => {
          send(res, 200, "first");
          send(res, 200, "second");
        },
        (_req, res) => {
          send(res, 200, "first");
          return "second";
        },
        async (_req, res) => {
          send(res, 200, "first");
          throw new Error("afterwards");
        },
      ];
      for (const fn of fns) assert.equal((await (await start(t, fn))()).body, "first");
      // What an app drops because it comes late is a warning of its logger; what is thrown is told in any case.
      assert.ok(lines.length >= 1);
    });

    it("cuts an answer that has begun", async (t) => {
      catchErrors(t);
      const ask = await start(t, async (_req, res) => {
        await new Promise((resolve) => res.write("half", resolve));
        throw new Error("the rest is lost");
      });
      await assert.rejects(ask());
    });

    it("can be caught by a function around it", async (t) => {
      const handleErrors =
        (fn: RequestHandler): RequestHandler =>
        async (req, res) => {
          try {
            return await fn(req, res);
          } catch {
            send(res, 503, "My custom error!");
          }
        };
      const ask = await start(
        t,
        handleErrors(async () => {
          throw new Error("What happened here?");
        }),
      );
      const { status, body } = await ask();
      assert.deepEqual([status, body], [503, "My custom error!"]);
    });
  });
}

describe("createError", () => {
  it("makes an Error with statusCode, originalError and a code", () => {
    const original = new SyntaxError("before");
    const error = createError(400, "message", original);
    assert.ok(error instanceof HttpError && error instanceof Error);
    assert.deepEqual(
      [error.name, error.message, error.statusCode, error.originalError, error.cause, error.code],
      ["HttpError", "message", 400, original, original, "BAD_REQUEST"],
    );
  });
});
