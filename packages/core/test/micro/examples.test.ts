// The examples of micro's documentation, with the import changed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import micro, { type RequestHandler } from "@miqro/core/micro";
import { type Ask, catchErrors, listen, setEnvironment } from "../support/micro.js";

const require = createRequire(import.meta.url);

/** Serves the text of a CommonJS module, as `require` would load it. */
function start(t: TestContext, source: string, modules: Record<string, unknown> = {}): Promise<Ask> {
  const module: { exports: unknown } = { exports: undefined };
  const load = (name: string): unknown =>
    modules[name] ?? require(name === "micro" ? "@miqro/core/micro" : name);
  new Function("module", "require", source)(module, load);
  return listen(t, micro(module.exports as RequestHandler));
}

const sleep = { "then-sleep": (ms: number) => new Promise((resolve) => setTimeout(resolve, ms / 100)) };
const post = (body: string): RequestInit => ({ method: "POST", body });

describe("the examples of micro", () => {
  it("res.end and a returned string", async (t) => {
    for (const source of [
      "module.exports = (req, res) => { res.end('Welcome to Micro') }",
      "module.exports = () => 'Welcome to Micro'",
    ]) {
      const { status, body } = await (await start(t, source))();
      assert.deepEqual([status, body], [200, "Welcome to Micro"]);
    }
  });

  it("async and await", async (t) => {
    const ask = await start(
      t,
      "const sleep = require('then-sleep'); module.exports = async (req, res) => { await sleep(500); return 'Ready!' }",
      sleep,
    );
    assert.equal((await ask()).body, "Ready!");
  });

  it("buffer, text and json of one request", async (t) => {
    const seen: unknown[] = [];
    const ask = await start(
      t,
      `const {buffer, text, json} = require('micro')
       module.exports = async (req, res) => {
         const buf = await buffer(req)
         const txt = await text(req)
         const js = await json(req)
         require('seen').push(buf, txt, js.price)
         return ''
       }`,
      { seen },
    );
    const { status, body } = await ask("/", post('{"price": 9.99}'));
    assert.deepEqual([status, body], [200, ""]);
    assert.deepEqual(seen, [Buffer.from('{"price": 9.99}'), '{"price": 9.99}', 9.99]);
  });

  it("another status", async (t) => {
    const ask = await start(
      t,
      `const {send} = require('micro')
       module.exports = async (req, res) => {
         const statusCode = 400
         const data = { error: 'Custom error message' }
         send(res, statusCode, data)
       }`,
    );
    const { status, body } = await ask();
    assert.deepEqual([status, JSON.parse(body)], [400, { error: "Custom error message" }]);
  });

  it("programmatic use", async (t) => {
    const ask = await listen(
      t,
      micro(async () => {
        await sleep["then-sleep"](500);
        return "Hello world";
      }),
    );
    assert.equal((await ask()).body, "Hello world");
  });

  const rateLimit = {
    "my-rate-limit": async (req: { url: string }) => {
      if (req.url === "/many") throw micro.createError(429, "Rate limit exceeded");
    },
  };

  it("a module for rate limits that throws", async (t) => {
    const lines = catchErrors(t);
    const ask = await start(
      t,
      "const rateLimit = require('my-rate-limit'); module.exports = async (req, res) => { await rateLimit(req); return 'your code' }",
      rateLimit,
    );
    assert.equal((await ask("/")).body, "your code");
    const { status, body } = await ask("/many");
    assert.deepEqual([status, body], [429, "Rate limit exceeded"]);
    assert.match(lines[0] ?? "", /HttpError: Rate limit exceeded\n {4}at /);
  });

  it("an Error with a statusCode", async (t) => {
    catchErrors(t);
    const ask = await start(
      t,
      "module.exports = () => { const err = new Error('Rate limit exceeded'); err.statusCode = 429; throw err }",
    );
    const { status, body } = await ask();
    assert.deepEqual([status, body], [429, "Rate limit exceeded"]);
  });

  it("a status that is only a suggestion", async (t) => {
    const ask = await start(
      t,
      `const rateLimit = require('my-rate-limit')
       const {send} = require('micro')
       module.exports = async (req, res) => {
         try {
           await rateLimit(req)
         } catch (err) {
           if (429 == err.statusCode) {
             send(res, 500)
           }
         }
       }`,
      rateLimit,
    );
    assert.equal((await ask("/many")).status, 500);
  });

  it("error handling by composition", async (t) => {
    const ask = await start(
      t,
      `const {send} = require('micro')
       const handleErrors = fn => async (req, res) => {
         try {
           return await fn(req, res)
         } catch (err) {
           send(res, 500, 'My custom error!')
         }
       }
       module.exports = handleErrors(async (req, res) => {
         throw new Error('What happened here?')
       })`,
    );
    const { status, body } = await ask();
    assert.deepEqual([status, body], [500, "My custom error!"]);
  });

  it("an error that is not caught: 500, its stack on stderr and in development in the answer", async (t) => {
    const lines = catchErrors(t);
    const ask = await start(t, "module.exports = async () => { throw new Error('Bang') }");
    assert.deepEqual((({ status, body }) => [status, body])(await ask()), [500, "Internal Server Error"]);
    setEnvironment(t, "NODE_ENV", "development");
    assert.match((await ask()).body, /^Error: Bang\n {4}at /);
    assert.match(lines[0] ?? "", /^Error: Bang\n {4}at /);
  });

  it("a test of an endpoint", async (t) => {
    const service = micro(async (_req, res) => {
      micro.send(res, 200, { test: "woot" });
    });
    assert.equal(JSON.parse((await (await listen(t, service))()).body).test, "woot");
  });

  it("are loaded by require in a CommonJS file too", async (t) => {
    const folder = await mkdtemp(join(import.meta.dirname, "commonjs-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "index.cjs");
    await writeFile(
      file,
      `const micro = require('@miqro/core/micro')
       const {buffer, text, json, send, sendError, createError} = require('@miqro/core/micro')
       console.log([micro, buffer, text, json, send, sendError, createError].map((one) => typeof one).join())`,
    );
    const { stdout } = spawnSync(process.execPath, [file], { encoding: "utf8" });
    assert.equal(stdout.trim(), Array(7).fill("function").join());
  });
});
