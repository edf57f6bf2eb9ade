import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import * as core from "@miqro/core";
import { ConflictError, createError, HttpError, NotFoundError, Router, reply } from "@miqro/core";
import * as jwt from "@miqro/core/jwt";
import { request, serve } from "./support/serve.js";

describe("errors", () => {
  it("answer problem details, with the request id and without the message of a 5xx", async () => {
    await using server = await serve((app) => {
      app.get("/4", () => {
        throw new ConflictError("Taken.");
      });
      app.get("/5", async () => {
        throw new Error("secret");
      });
    });
    const conflict = await server.fetch("/4");
    assert.equal(conflict.status, 409);
    assert.equal(conflict.headers.get("content-type"), "application/problem+json; charset=utf-8");
    const problem = (await conflict.json()) as Record<string, unknown>;
    assert.match(String(problem.requestId), /^[0-9a-f-]{36}$/);
    delete problem.requestId;
    assert.deepEqual(problem, {
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "Taken.",
      code: "CONFLICT",
    });
    const failure = await (await server.fetch("/5")).text();
    assert.doesNotMatch(failure, /secret|stack|\.js/);
    assert.equal(server.lines.length, 1);
    const id = (JSON.parse(failure) as { requestId: string }).requestId;
    assert.ok(server.lines[0]?.out.includes(id));
    assert.ok(server.lines[0]?.out.includes("secret"));
  });

  it("offer what no service answered to the handlers of the app only, since it is the error of none of them", async () => {
    const service = new Router();
    service.get("/here", () => {
      throw new ConflictError("Taken.");
    });
    service.catch((_err, _req, res) => res.text("by the service", {}, 418));
    await using server = await serve((app) => app.use(service));
    assert.equal((await server.fetch("/here")).status, 418);
    assert.equal((await server.fetch("/nowhere")).status, 404);
    assert.equal((await server.fetch("/here", { method: "POST" })).status, 405);

    await using whole = await serve((app) => {
      app.use(service);
      app.catch((err: Error & { status?: number }, _req, res) => res.text("by the app", {}, err.status));
    });
    const response = await whole.fetch("/nowhere");
    assert.deepEqual([response.status, await response.text()], [404, "by the app"]);
  });

  it("go to the handlers of the router whose handler threw them, a NotFoundError too", async () => {
    const posts = new Router()
      .get("/:id", (req) => {
        throw new NotFoundError(`There is no post ${req.params.id}.`);
      })
      .catch((err, _req, res) => res.json({ by: "posts", message: err.message }, {}, 404));
    await using server = await serve((app) =>
      app.use("/posts", posts).catch((err: Error & { status?: number }, _req, res) => {
        res.json({ by: "app" }, {}, err.status);
      }),
    );
    const thrown = await server.fetch("/posts/7");
    assert.deepEqual(
      [thrown.status, await thrown.json()],
      [404, { by: "posts", message: "There is no post 7." }],
    );
    // What nobody answered below the same path is nobody's error.
    for (const [path, method, status] of [
      ["/posts/7/x", "GET", 404],
      ["/posts/7", "POST", 405],
      ["/%zz", "GET", 400],
    ] as const) {
      const answer = await server.fetch(path, { method });
      assert.deepEqual([answer.status, await answer.json()], [status, { by: "app" }]);
    }
  });

  it("answer text to who prefers it", async () => {
    await using server = await serve(() => {});
    const response = await server.fetch("/", {
      headers: { accept: "text/html,application/xml;q=0.9,*/*;q=0.8" },
    });
    assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
    assert.match(await response.text(), /^Not Found\n/);
  });

  it("take the status of an error from 400 to 599, and 500 for any other", async () => {
    for (const [status, answered] of [
      [418, 418],
      [200, 500],
      ["404", 500],
      [600, 500],
    ] as const) {
      await using server = await serve((app) =>
        app.get("/", () => {
          throw Object.assign(new Error("x"), { status });
        }),
      );
      assert.equal((await server.fetch("/")).status, answered);
    }
  });

  it("wrap what is not an Error", async () => {
    for (const thrown of [undefined, null, 1, "x", { a: 1 }, Object.create(null)]) {
      let seen: Error | undefined;
      await using server = await serve((app) => {
        app.get("/", () => {
          throw thrown;
        });
        app.catch((error) => {
          seen = error;
        });
      });
      assert.equal((await server.fetch("/")).status, 500);
      assert.ok(seen instanceof Error);
      assert.equal(seen.cause, thrown);
    }
  });

  it("are answered when any use of the thrown value throws", async () => {
    const refuse = (): never => {
      throw new Error("trap");
    };
    const traps: ProxyHandler<object> = { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse };
    for (const target of [{}, new Error("x")]) {
      await using server = await serve((app) => {
        app.get("/", () => {
          throw new Proxy(target, traps);
        });
      });
      assert.equal((await server.fetch("/")).status, 500);
    }
  });

  it("go to the error handlers from the innermost router outwards", async () => {
    const order: string[] = [];
    const inner = new Router()
      .get("/x", () => {
        throw createError(418, "x");
      })
      .catch([() => void order.push("inner 1"), async () => void order.push("inner 2")]);
    const service = new Router().use("/n", inner).catch((error) => {
      order.push("service");
      throw new HttpError(409, `again: ${error.message}`);
    });
    await using server = await serve((app) =>
      app.use(service).catch((error) => {
        order.push("app");
        return { caught: error.message };
      }),
    );
    const response = await server.fetch("/n/x");
    assert.equal(response.status, 409);
    assert.deepEqual(await response.json(), { caught: "again: x" });
    assert.deepEqual(order, ["inner 1", "inner 2", "service", "app"]);
  });

  it("keep the status that an error handler answers with", async () => {
    await using server = await serve((app) =>
      app
        .get("/", () => {
          throw new Error("x");
        })
        .catch((err, _req, res) => res.json({ error: err.message }, {}, 500)),
    );
    const response = await server.fetch("/");
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: "x" });
  });

  it("are errors also when they are returned, in middleware too, and never show their fields", async () => {
    const secret = Object.assign(new Error("connect"), { host: "10.0.0.5", password: "hunter2" });
    await using server = await serve((app) => {
      app.get("/", () => new ConflictError("Taken."));
      app.get("/async", async () => secret);
      app.get("/reply", () => reply(200, secret));
      app.get("/send", (_req, res) => res.send(secret));
      app.use("/guarded", async () => new ConflictError("Not for you."));
      app.get("/guarded", () => "open");
      app.get("/again", () => {
        throw new Error("first");
      });
      app.catch((err) => (err.message === "first" ? new ConflictError("second") : undefined));
    });
    const answers: [number, string][] = [];
    for (const path of ["/", "/async", "/reply", "/send", "/guarded", "/again"]) {
      const response = await server.fetch(path);
      const text = await response.text();
      assert.doesNotMatch(text, /hunter2/);
      answers.push([response.status, (JSON.parse(text) as { detail: string }).detail]);
    }
    assert.deepEqual(answers, [
      [409, "Taken."],
      [500, undefined],
      [500, undefined],
      [500, undefined],
      [409, "Not for you."],
      [409, "second"],
    ]);
  });

  it("are logged once with the request id when 5xx goes out by a method of Node, with what was thrown", async () => {
    await using server = await serve((app) => {
      app.get("/head", (_req, res) => {
        res.writeHead(503).end();
      });
      app.get("/later", (_req, res) => {
        setImmediate(() => res.writeHead(502).end());
        return false;
      });
      app.get("/thrown", () => {
        throw new Error("the cause");
      });
      app.get("/json", (_req, res) => res.json({}, {}, 500));
      app.get("/fine", (_req, res) => {
        res.writeHead(404).end();
      });
      app.catch((_err, req, res) => {
        if (req.path !== "/thrown") return;
        res.statusCode = 500;
        res.end("sorry");
      });
    });
    for (const path of ["/head", "/later", "/thrown", "/json", "/fine"]) {
      await (await server.fetch(path, { headers: { connection: "close" } })).text();
    }
    while (server.lines.length < 4) await new Promise((resolve) => setImmediate(resolve));
    const lines = server.lines.map((line) => line.out.split("\n")[0] ?? "").sort();
    assert.equal(lines.length, 4);
    for (const line of lines) assert.match(line, /ERROR .* answered 50\d \[[0-9a-f-]{36}\]/);
    assert.ok(lines.some((line) => line.includes("/thrown answered 500") && line.includes("the cause")));
  });

  it("are answered with a bare 500 when they cannot be answered as they ask for", async () => {
    const hostile: (() => Error)[] = [
      () => new HttpError(409, "x", { headers: { "bad name": "x" } }),
      () => new HttpError(409, "x", { headers: { "X-A": "a\r\nX-B: b" } }),
      () =>
        Object.defineProperty(new Error("x"), "issues", {
          get() {
            throw new Error("no issues");
          },
        }),
      () =>
        Object.defineProperty(new ConflictError("x"), "message", {
          get() {
            throw new Error("no message");
          },
        }),
    ];
    for (const make of hostile) {
      await using server = await serve((app) => {
        app.get("/", () => {
          throw make();
        });
      });
      const response = await server.fetch("/");
      assert.equal(response.status, 500);
      assert.equal(((await response.json()) as { code: string }).code, "INTERNAL_ERROR");
      assert.match(server.lines[0]?.out ?? "", /could not be answered/);
    }
  });

  it("end nothing when the logger throws too", async () => {
    const broken = (): never => {
      throw new Error("no logger");
    };
    const stderr = process.stderr.write;
    const told: string[] = [];
    process.stderr.write = (text: string | Uint8Array) => told.push(String(text)) > 0;
    try {
      const logger = { error: broken, warn: broken, info: broken, debug: broken, trace: broken };
      await using server = await serve(
        (app) => {
          app.get("/", (_req, res) => {
            res.defer(broken);
            res.sse().send({ event: "a\nb" });
            res.end();
          });
          app.get("/head", (_req, res) => {
            res.writeHead(503).end();
          });
        },
        { loggerFactory: () => logger },
      );
      assert.equal((await server.fetch("/")).status, 200);
      assert.equal((await server.fetch("/head")).status, 503);
      while (told.length < 5) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.stderr.write = stderr;
    }
    for (const line of told) assert.match(line, /^A line could not be logged: Error: no logger/);
  });

  it("keep their message where they are marked as not to be exposed", async () => {
    await using server = await serve((app) => {
      app.get("/", () => {
        throw Object.assign(new Error("secret"), { statusCode: 404, expose: false });
      });
    });
    const response = await server.fetch("/");
    assert.equal(response.status, 404);
    assert.equal(response.headers.get("vary"), "Accept");
    assert.doesNotMatch(await response.text(), /secret/);
  });

  it("answer 400 for malformed targets, and the server lives", async () => {
    await using server = await serve((app) => app.all("/*", () => "x"));
    for (const target of ["/%", "/%zz", "/%ff", "/a%00b", "ftp://x/"]) {
      assert.match(await server.raw(request(`GET ${target}`)), /^HTTP\/1.1 400 /, target);
    }
    assert.equal((await server.fetch("/")).status, 200);
  });

  it("cut an answer that failed half way", async () => {
    await using server = await serve((app) =>
      app.get("/", (_req, res) => {
        res.writeHead(200, { "Content-Length": 10 });
        res.write("half");
        throw new Error("x");
      }),
    );
    const answer = await server.raw(request("GET /"));
    assert.ok(!answer.includes("problem"));
    assert.equal(server.lines.length, 1);
  });

  it("have codes that the README lists, and no others, each with its class and status", async () => {
    const root = new URL("../", import.meta.url);
    const source = await readFile(new URL("src/errors.ts", root), "utf8");
    const union = source.slice(source.indexOf("CoreErrorCode ="), source.indexOf(";"));
    const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map((match) => match[1]).sort();
    const readme = await readFile(new URL("README.md", root), "utf8");
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| ([^|]*)\| (\d*)[^|]*\|$/gm)];
    assert.ok(codes.length > 10);
    assert.deepEqual(rows.map((row) => row[1]).sort(), codes);
    const classes = { ...core, ...jwt } as Record<string, unknown>;
    // Given with an error of another code's class.
    const special = new Set(["INVALID_REQUEST", "HANDLER_TIMEOUT"]);
    for (const [, code = "", text = "", status = ""] of rows) {
      const name = /^`(\w+Error)`/.exec(text)?.[1];
      const made =
        name === undefined || name === "HttpError"
          ? createError(Number(status) || 499, "x")
          : new (classes[name] as new (message: string) => HttpError)("x");
      if (status !== "") assert.equal(made.status, Number(status), code);
      if (!special.has(code)) assert.equal(made.code, code);
    }
    // Each is given somewhere.
    const files = await readdir(new URL("src/", root), { recursive: true });
    const sources = await Promise.all(
      files
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFile(new URL(`src/${file}`, root), "utf8")),
    );
    const all = sources.join("\n").replace(union, "");
    for (const code of codes) assert.ok(all.includes(`"${code}"`), code);
  });
});
