import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type App, type Handler, Logger, type LogRecord, type Response, Router } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const uncaught: unknown[] = [];
const note = (error: unknown): void => void uncaught.push(error);
const get = (path: string, ...headers: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, "Host: a", ...headers].join("\r\n")}\r\n\r\n`;
const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

// The runner of tests listens too, and takes what is uncaught for a failure of the test.
describe("after an answer", () => {
  before(() => process.on("uncaughtException", note));
  after(() => process.off("uncaughtException", note));

  const answers: [name: string, handler: Handler][] = [
    ["a returned value", () => ({ a: 1 })],
    ["res.json", (_req, res) => res.json(1)],
    ["res.text", (_req, res) => res.text("1")],
    ["res.send of a promise", (_req, res) => res.send(Promise.resolve("1"))],
    ["res.redirect", (_req, res) => res.redirect("/")],
    ["res.end", (_req, res) => void res.end("1")],
    ["res.writeHead and res.end", (_req, res) => void res.writeHead(200).end("1")],
    [
      "res.write and res.end",
      (_req, res) => {
        res.write("1");
        res.end();
      },
    ],
    ["an error", () => Promise.reject(new Error("thrown"))],
    ["nothing", () => undefined],
  ];

  const calls: [name: string, call: (res: Response) => unknown][] = [
    ["end", (res) => res.end()],
    ["end with a body", (res) => res.end("late")],
    ["end with a callback", (res) => res.end("late", () => {})],
    ["write", (res) => res.write("late")],
    ["write with a callback", (res) => res.write("late", "utf8", () => {})],
    ["write of bytes", (res) => res.write(Buffer.from("late"))],
    ["pipe", (res) => Readable.from(["late", "later"]).pipe(res)],
    ["pipe of a file", (res) => createReadStream(import.meta.filename).pipe(res)],
    ["writeHead", (res) => res.writeHead(201, { "X-Late": "1" })],
    ["writeHead with a reason", (res) => res.writeHead(201, "Late", ["X-Late", "1"])],
    ["setHeader", (res) => res.setHeader("X-Late", "1")],
    ["appendHeader", (res) => res.appendHeader("X-Late", "1")],
    ["setHeaders", (res) => res.setHeaders(new Map([["X-Late", "1"]]))],
    ["removeHeader", (res) => res.removeHeader("Content-Type")],
    ["setCookie", (res) => res.setCookie("late", "1")],
    ["addVaryHeader", (res) => res.addVaryHeader("X-Late")],
    ["flushHeaders", (res) => res.flushHeaders()],
    ["writeContinue", (res) => res.writeContinue()],
    ["writeProcessing", (res) => res.writeProcessing()],
    ["writeEarlyHints", (res) => res.writeEarlyHints({ link: "</a>; rel=preload" })],
    ["addTrailers", (res) => res.addTrailers({ "X-Late": "1" })],
    ["json", (res) => res.json({})],
    ["send", (res) => res.send("late")],
    ["redirect", (res) => res.redirect("/late")],
    ["asyncEnd", (res) => res.asyncEnd({ body: "late" })],
    ["sendFile", (res) => res.sendFile("late", { root: "/" })],
    ["destroy", (res) => res.destroy()],
  ];

  for (const [how, handler] of answers) {
    for (const moment of ["at once", "in the next turn", "when it has left"] as const) {
      it(`by ${how}, calls that come ${moment} change nothing`, async () => {
        for (const [name, call] of calls) {
          // This one is meant to be noticed by the client.
          if (name === "destroy" && moment !== "when it has left") continue;
          uncaught.length = 0;
          let hasCalled = (): void => {};
          const called = new Promise<void>((resolve) => {
            hasCalled = resolve;
          });
          await using server = await serve((app) => {
            app.get("/", (req, res) => {
              const late = (): void => {
                call(res);
                hasCalled();
              };
              const value = handler(req, res);
              if (moment === "at once" && res.headersSent) late();
              else if (moment === "in the next turn") setTimeout(late, 0);
              else res.once("close", () => setImmediate(late));
              return value as never;
            });
            app.get("/next", () => "next");
          });
          const answer = await server.raw(get("/") + get("/next", "Connection: close"));
          await called;
          await wait(0);
          assert.deepEqual(uncaught, [], name);
          assert.equal(statuses(answer).length, 2, `${name} got ${answer}`);
          assert.match(answer, /\r\n\r\nnext$/, name);
          assert.doesNotMatch(answer, /late/i, name);
        }
      });
    }
  }

  it("in place of a handler that took too long, calls change nothing, also where the 503 waits for its turn", async () => {
    for (const [name, call] of calls) {
      if (name === "destroy") continue;
      uncaught.length = 0;
      let hasCalled = (): void => {};
      const called = new Promise<void>((resolve) => {
        hasCalled = resolve;
      });
      let release = (): void => {};
      const isCalled = new Promise<void>((resolve) => {
        release = resolve;
      });
      await using server = await serve(
        (app) => {
          const slow = new Router({ handlerTimeout: 0 });
          slow.get("/slow", async () => {
            await isCalled;
            return "slow";
          });
          app.use("/s", slow);
          app.get("/late", async (req, res) => {
            await new Promise((resolve) => req.signal.addEventListener("abort", resolve));
            await wait(1);
            call(res);
            hasCalled();
            setImmediate(release);
          });
          app.get("/next", () => "next");
        },
        { handlerTimeout: 20 },
      );
      const answer = await server.raw(get("/s/slow") + get("/late") + get("/next", "Connection: close"));
      await called;
      await wait(0);
      assert.deepEqual(uncaught, [], name);
      assert.deepEqual(statuses(answer), [200, 503, 200], `${name} got ${answer}`);
      assert.doesNotMatch(answer, /late\b(?!")/i, name);
    }
  });

  it("without a connection, calls change nothing either", async () => {
    for (const [name, call] of calls) {
      if (name === "destroy") continue;
      uncaught.length = 0;
      await using server = await serve((app) => {
        app.get("/", (_req, res) => {
          res.json({ first: true });
          call(res);
          setTimeout(call, 0, res);
          return false;
        });
      });
      const { status, headers, body } = await server.app.inject("/");
      await wait(1);
      assert.deepEqual(uncaught, [], name);
      assert.deepEqual(
        [status, body.toString(), headers["x-late"]],
        [200, '{"first":true}', undefined],
        name,
      );
      const response = await server.app.fetch(new Request("http://localhost/"));
      assert.deepEqual(await response.json(), { first: true }, name);
    }
    assert.deepEqual(uncaught, []);
  });
});

describe("an error handler whose own answer fails", () => {
  const failing: [name: string, answer: (res: Response) => unknown][] = [
    ["throws", () => assert.fail("again")],
    ["rejects", () => Promise.reject(new Error("again"))],
    ["returns a stream that is not there", () => createReadStream("/not/there.html")],
    [
      "returns a stream that fails later",
      () =>
        new Readable({
          read() {
            setImmediate(() => this.destroy(new Error("again")));
          },
        }),
    ],
    ["returns a value without JSON", () => 1n],
    ["returns an error", () => new Error("again")],
    ["returns a value whose JSON fails", () => ({ toJSON: () => assert.fail("again") })],
    ["sends a file that is not there", (res) => void res.sendFile("not-there.html", { root: "/tmp" })],
    [
      "says that it sends such a file",
      (res) => {
        res.sendFile("not-there.html", { root: "/tmp" });
        return false;
      },
    ],
    ["awaits such a file", (res) => res.sendFile("not-there.html", { root: "/tmp" })],
    ["ends with a wrong status", (res) => void res.asyncEnd({ status: 9 })],
    ["sends a rejected promise", (res) => void res.send(Promise.reject(new Error("again")))],
    [
      "sets a status message that no head can carry",
      (res) => {
        res.statusMessage = "a\nb";
        res.json({});
      },
    ],
    ["never settles", () => new Promise(() => {})],
  ];

  for (const [name, answer] of failing) {
    it(`is asked once, and the next one then: ${name}`, async () => {
      for (const hasNext of [false, true]) {
        let count = 0;
        await using server = await serve(
          (app) => {
            app.get("/", () => assert.fail("first"));
            app.catch((_error, _req, res) => {
              count++;
              return answer(res) as never;
            });
            if (hasNext) app.catch((_error, _req, res) => res.text("taken", undefined, 599));
          },
          { handlerTimeout: 30 },
        );
        const text = await server.raw(request("GET /"));
        const [status] = statuses(text);
        if (hasNext) assert.match(text, /^HTTP\/1\.1 599 [\s\S]*taken$/);
        else assert.ok(status !== undefined && status >= 400, text);
        assert.equal(count, 1);
        await wait(2);
        assert.equal(count, 1);
      }
    });
  }

  it("is asked again for another request, and by each run of a router", async () => {
    let count = 0;
    const inner = new Router();
    inner.catch(() => void count++);
    inner.get("/", () => assert.fail("inner"));
    await using server = await serve((app) => {
      app.get("/", async (req, res) => {
        for (let run = 0; run < 3; run++) await assert.rejects(inner.run(req, res));
        return count;
      });
    });
    assert.equal(await (await server.fetch("/")).json(), 3);
    assert.equal(await (await server.fetch("/")).json(), 6);
  });

  it("is bounded by the timeout of its router, or of the app, and its late answer is dropped", async () => {
    const lines: LogRecord[] = [];
    const loggerFactory = (): Logger =>
      new Logger("", "info", { transports: [{ write: (line) => void lines.push(line) }] });
    for (const path of ["/handler", "/router", "/nothing"]) {
      await using server = await serve(
        (app: App) => {
          app.get("/handler", () => assert.fail("thrown"));
          const router = new Router({ handlerTimeout: 20 });
          router.get("/router", () => assert.fail("thrown"));
          app.use(router);
          app.catch(async () => {
            await wait(80);
            return "late";
          });
        },
        { loggerFactory, handlerTimeout: path === "/router" ? 0 : 20 },
      );
      const answer = await server.raw(request(`GET ${path}`));
      assert.match(
        answer,
        /^HTTP\/1\.1 503 [\s\S]*HANDLER_TIMEOUT|^HTTP\/1\.1 503 [\s\S]*SERVICE_UNAVAILABLE/,
        path,
      );
    }
  });
});
