import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { StateError } from "@miqro/core";
import { abort, context, createContext, defer, onError, redirect } from "@miqro/core/context";
import { serve } from "../support/serve.js";

const run = promisify(execFile);

describe("context", () => {
  it("gives the request in whatever runs for it", async () => {
    const seen: string[] = [];
    const note = (what: string): void => void seen.push(`${what} ${context().req.path}`);
    await using server = await serve(
      (app) => {
        app.hook("request", () => note("request")).hook("send", () => note("send"));
        app.hook("error", () => note("error"));
        app.after(() => note("after"));
        app.post("/data", async (req) => {
          await wait(1);
          for await (const _part of req) note("body");
          defer(() => note("deferred"));
          return "x";
        });
        app.get("/late", () => new Promise(() => {}));
      },
      { handlerTimeout: 20 },
    );
    await (await server.fetch("/data", { method: "POST", body: "part" })).text();
    await (await server.fetch("/late")).text();
    await server.app.close({ drainIdle: 0 });
    assert.deepEqual(seen, [
      ...["request", "body", "send", "deferred", "after"].map((what) => `${what} /data`),
      ...["request", "error", "send", "after"].map((what) => `${what} /late`),
    ]);
  });

  it("is refused outside of a request", () => {
    for (const call of [context, () => defer(() => {}), () => onError(() => {}), createContext(1)[0]]) {
      assert.throws(call, (error) => error instanceof StateError && /no current request/.test(error.message));
    }
  });

  it("costs nothing where nobody imports it", async () => {
    const program = `
      import { App } from ${JSON.stringify(import.meta.resolve("@miqro/core"))};
      const contexts = (await import(${JSON.stringify(new URL("./exchange/async-context.js", import.meta.resolve("@miqro/core")).href)})).contexts;
      const app = new App().get("/", () => "x");
      await app.inject("/");
      const before = contexts.enter;
      await import(${JSON.stringify(import.meta.resolve("@miqro/core/context"))});
      console.log(before, typeof contexts.enter);
    `;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
    assert.equal(stdout, "undefined function\n");
  });
});

describe("abort", () => {
  it("answers with a message or a body, by way of the error hooks", async () => {
    const seen: string[] = [];
    await using server = await serve((app) => {
      app.hook("error", (error) => void seen.push(error.message));
      app.get("/default", () => abort());
      app.get("/text", () => abort("Not for you.", 403));
      app.get("/data", () => abort({ fields: ["name"] }, 422));
      app.get("/wrong", () => abort("x", 200));
    });
    const ask = async (path: string) => {
      const answer = await server.fetch(path);
      return [answer.status, answer.headers.get("content-type")?.split(";")[0], await answer.json()];
    };
    const [, type, problem] = await ask("/text");
    assert.deepEqual(
      [type, (problem as { detail: string }).detail],
      ["application/problem+json", "Not for you."],
    );
    assert.deepEqual(await ask("/data"), [422, "application/json", { fields: ["name"] }]);
    assert.equal((await server.fetch("/default")).status, 400);
    assert.equal((await server.fetch("/wrong")).status, 500);
    assert.equal(seen.length, 4);
  });
});

describe("redirect", () => {
  it("sends the client elsewhere, past the error hooks", async () => {
    const seen: unknown[] = [];
    await using server = await serve((app) => {
      app.hook("error", (error) => void seen.push(error));
      app.hook("send", (_req, res) => void res.setHeader("X-Send", "1"));
      app.get("/a", () => redirect("/b c\\d"));
      app.get("/moved", async () => redirect("/b", 308));
    });
    const a = await server.fetch("/a");
    assert.deepEqual(
      [a.status, a.headers.get("location"), a.headers.get("x-send")],
      [302, "/b%20c%5Cd", "1"],
    );
    assert.equal((await server.fetch("/moved")).status, 308);
    assert.deepEqual(seen, []);
    assert.throws(() => redirect("/", 200), /from 300 to 399, not 200/);
  });
});

describe("onError", () => {
  it("runs after the answer, only where something was thrown", async () => {
    const seen: string[] = [];
    await using server = await serve((app) => {
      app.hook("request", (req) => onError((error) => void seen.push(`${req.path} ${error.message}`)));
      app.hook("error", (_error, req) => (req.path === "/taken" ? "taken" : undefined));
      app.get("/fine", () => "fine");
      app.get("/moved", () => redirect("/fine"));
      for (const path of ["/broken", "/taken"])
        app.get(path, () => {
          throw new Error("broken");
        });
    });
    for (const path of ["/fine", "/moved", "/broken", "/taken"]) await (await server.fetch(path)).text();
    await server.app.close({ drainIdle: 0 });
    assert.deepEqual(seen, ["/broken broken", "/taken broken"]);
  });
});

describe("createContext", () => {
  it("keeps a value for each request", async () => {
    const [getUser, setUser] = createContext<string>();
    const [getList] = createContext<string[]>(() => []);
    let meet = (): void => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let waiting = 0;
    await using server = await serve((app) => {
      app.hook("request", (req) => setUser(String(req.query.user)));
      app.get("/", async () => {
        getList().push(getUser() ?? "");
        if (++waiting === 2) meet();
        await both;
        return [getUser(), ...getList()];
      });
    });
    const answers = await Promise.all(
      ["a", "b"].map(async (user) => (await server.fetch(`/?user=${user}`)).json()),
    );
    assert.deepEqual(answers, [
      ["a", "a"],
      ["b", "b"],
    ]);
  });
});
