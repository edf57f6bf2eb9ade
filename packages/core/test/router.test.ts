import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { App, ArgumentError, type Request, Router } from "@miqro/core";
import fc from "fast-check";
import { request, serve } from "./support/serve.js";

describe("Router", () => {
  it("prefers static segments to parameters and those to wildcards, whatever the order", async () => {
    await using server = await serve((app) => {
      app.get("/a/*", (req) => `wildcard ${req.params["*"]}`);
      app.get("/a/:id", (req) => `parameter ${req.params.id}`);
      app.get("/a/b", () => "static");
    });
    const text = async (path: string) => (await server.fetch(path)).text();
    assert.equal(await text("/a/b"), "static");
    assert.equal(await text("/a/c"), "parameter c");
    assert.equal(await text("/a/c/d"), "wildcard c/d");
    assert.equal(await text("/a"), "wildcard ");
  });

  it("gives each of several fitting routes its own parameters, in order of specificity", async () => {
    await using server = await serve((app) => {
      app.get("/:y/b/c", (req) => ({ y: req.params.y, before: req.results }));
      app.get("/a/*", (req) => {
        req.results.push({ ...req.params });
      });
      app.get("/a/:x/c", (req) => {
        req.results.push({ ...req.params });
      });
    });
    const response = await server.fetch("/a/b/c");
    assert.deepEqual(await response.json(), { y: "a", before: [{ x: "b" }, { "*": "b/c" }] });
  });

  it("matches an optional last segment and ignores a trailing slash", async () => {
    await using server = await serve((app) => app.get("/users/:id?", (req) => ({ ...req.params })));
    assert.deepEqual(await (await server.fetch("/users")).json(), {});
    assert.deepEqual(await (await server.fetch("/users/7/")).json(), { id: "7" });
    assert.equal((await server.fetch("/users/7/8")).status, 404);
  });

  it("matches as a plain list of patterns would", async () => {
    const segment = fc.constantFrom("a", "b", ":x", ":y");
    const pattern = fc.tuple(fc.uniqueArray(segment, { maxLength: 3 }), fc.boolean());
    const path = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(pattern, { maxLength: 6 }),
        fc.array(path, { minLength: 1, maxLength: 6 }),
        async (list, paths) => {
          const patterns = list.map(([tokens, open]) => [...tokens, ...(open ? ["*"] : [])]);
          await using server = await serve((app) => {
            for (const [index, tokens] of patterns.entries())
              app.get(`/${tokens.join("/")}`, () => String(index));
          });
          for (const segments of paths) {
            const fitting = patterns
              .map((tokens, index) => ({ tokens, index }))
              .filter(({ tokens }) => fits(tokens, segments));
            fitting.sort((a, b) => rank(a.tokens).localeCompare(rank(b.tokens)) || a.index - b.index);
            const response = await server.fetch(`/${segments.join("/")}`);
            const expected = fitting[0] === undefined ? undefined : String(fitting[0].index);
            const text = await response.text();
            assert.equal(response.status === 404 ? undefined : text, expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("answers 405 with Allow, and OPTIONS with the union over all services", async () => {
    const a = new Router().get("/x", () => "a");
    const b = new Router().post("/x", () => "b");
    await using server = await serve((app) => app.use(a).use(b));
    const refused = await server.fetch("/x", { method: "DELETE" });
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.get("allow"), "GET, HEAD, OPTIONS, POST");
    const options = await server.fetch("/x", { method: "OPTIONS" });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get("allow"), "GET, HEAD, OPTIONS, POST");
    assert.equal(await (await server.fetch("/x", { method: "POST" })).text(), "b");
  });

  it("answers HEAD by GET with the length and without the body", async () => {
    await using server = await serve((app) => app.get("/", () => "hello"));
    const answer = await server.raw(request("HEAD /"));
    assert.match(answer, /^HTTP\/1.1 200 OK\r\n/);
    assert.match(answer, /Content-Length: 5\r\n/);
    assert.ok(answer.endsWith("\r\n\r\n"));
  });

  it("runs services one after the other: guards, routes, fallback, then the next", async () => {
    const order: string[] = [];
    const note = (name: string) => () => {
      order.push(name);
    };
    const a = new Router().get("/x", note("a route")).use(note("a guard")).fallback(note("a fallback"));
    const b = new Router()
      .fallback(note("b fallback"))
      .get("/x", () => "b")
      .use(note("b guard"));
    await using server = await serve((app) => app.use(a).use(b).use(note("app guard")));
    assert.equal(await (await server.fetch("/x")).text(), "b");
    assert.deepEqual(order, ["app guard", "a guard", "a route", "a fallback", "b guard"]);
  });

  it("joins the routes of a router at a path with those of its service", async () => {
    const nested = new Router().get("/:name", (req) => `nested ${req.params.tenant} ${req.params.name}`);
    await using server = await serve((app) => {
      app.use("/t/:tenant", nested);
      app.get("/t/:tenant/fixed", () => "own");
    });
    assert.equal(await (await server.fetch("/t/1/fixed")).text(), "own");
    assert.equal(await (await server.fetch("/t/1/other")).text(), "nested 1 other");
  });

  it("runs the routes of a nested router in the order of its mounting among those around it", async () => {
    const order: string[] = [];
    const note = (text: string) => (): undefined => void order.push(text);
    const inner = new Router().get("/x", note("inner first")).get("/:id", note("inner id"));
    const middle = new Router()
      .get("/b/x", note("middle first"))
      .use("/b", inner)
      .get("/b/x", note("middle last"));
    const app = new App().get("/a/b/x", note("app first"));
    app.use("/a", middle);
    app.get("/a/b/x", note("app last")).get("/a/b/:name", note("app name"));
    await app.inject("/a/b/x");
    assert.deepEqual(order, [
      "app first",
      "middle first",
      "inner first",
      "middle last",
      "app last",
      "inner id",
      "app name",
    ]);
  });

  it("runs middleware and routes once where several of their paths fit, with the most exact one", async () => {
    const seen: string[] = [];
    const note = (name: string) => (req: Request) => {
      seen.push(`${name} ${Object.entries(req.params).join()}`);
      return undefined;
    };
    const app = new App();
    app.use(["/api", "/api/:kind", "/api/*"], note("list"));
    app.use({ path: "/shop/:id?", session: note("session"), handler: note("optional") });
    app.get(["/api/users", "/api/:any", "/*", "/api/users/"], note("route"));
    await app.inject("/api/users");
    assert.deepEqual(seen.splice(0), ["list kind,users", "route "]);
    await app.inject("/api");
    assert.deepEqual(seen.splice(0), ["list *,", "route *,api"]);
    await app.inject("/shop/1");
    assert.deepEqual(seen.splice(0), ["session id,1", "optional id,1", "route *,shop/1"]);
    await app.inject("/shop");
    assert.deepEqual(seen.splice(0), ["session ", "optional ", "route *,shop"]);
  });

  it("keeps the middleware of a nested router to its own routes, and guards unknown paths below it", async () => {
    const admin = new Router().use((_req, res) => res.text("no", {}, 403)).get("/x", () => "secret");
    await using server = await serve((app) => {
      app.use("/admin", admin);
      app.get("/open", () => "open");
    });
    assert.equal((await server.fetch("/admin/x")).status, 403);
    assert.equal((await server.fetch("/admin/unknown")).status, 403);
    assert.equal((await server.fetch("/admin")).status, 403);
    assert.equal(await (await server.fetch("/open")).text(), "open");
  });

  it("runs middleware with a path there and below only", async () => {
    await using server = await serve((app) => {
      app.use("/a", () => "seen");
      app.get("/a/b", (req) => req.results);
      app.get("/ab", (req) => req.results);
    });
    assert.deepEqual(await (await server.fetch("/a/b")).json(), ["seen"]);
    assert.deepEqual(await (await server.fetch("/ab")).json(), []);
  });

  it("takes a handler, a path, a method and options", async () => {
    await using server = await serve((app) => {
      app.use((req) => `put ${req.params.id}`, "/a/:id", "put");
      app.use({ path: "/m", method: "use", handler: new Router().get("/x", () => "mounted") });
    });
    assert.equal(await (await server.fetch("/a/1", { method: "PUT" })).text(), "put 1");
    assert.equal(await (await server.fetch("/m/x")).text(), "mounted");
  });

  it("runs after-handlers when the answer has left, the innermost first, also after an error", async () => {
    const order: string[] = [];
    let done = (): void => {};
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const a = new Router().after(() => {
      order.push("a");
      done();
    });
    const b = new Router()
      .after(() => void order.push("b"))
      .get("/x", (_req, res) => {
        res.defer(() => void order.push("deferred"));
        throw new Error("x");
      });
    const never = new Router().after(() => void order.push("never"));
    await using server = await serve((app) => app.use(a).use(b).use(never));
    assert.equal((await server.fetch("/x")).status, 500);
    await finished;
    assert.deepEqual(order, ["deferred", "b", "a"]);
  });

  it("lets routes be added while it serves", async () => {
    const nested = new Router();
    await using server = await serve((app) => app.use("/n", nested));
    assert.equal((await server.fetch("/n/x")).status, 404);
    nested.get("/x", () => "now");
    assert.equal(await (await server.fetch("/n/x")).text(), "now");
  });

  it("lists its routes with their whole paths", () => {
    const app = new App()
      .use(
        "/v1",
        new Router().get("/users/:id?", () => "x"),
      )
      .post("/a", () => "y");
    assert.deepEqual(
      app.routes().map(({ method, path }) => `${method} ${path}`),
      ["POST /a", "GET /v1/users/:id", "GET /v1/users"],
    );
  });

  it("refuses wrong paths, methods and handlers with sentences", () => {
    const router = new Router();
    for (const wrong of ["a", "/:a?/b", "/*/a", "/:", "/:a/:a", "/:__proto__"]) {
      assert.throws(() => router.get(wrong, () => 1), ArgumentError, wrong);
    }
    assert.throws(() => router.use(() => 1, "/", "FETCH"), /is not a method of HTTP/);
    assert.throws(() => router.get("/", undefined as never), /A handler must be a function/);
    assert.throws(() => router.use(router), /cannot be mounted in itself/);
  });
});

function fits(tokens: readonly string[], segments: readonly string[]): boolean {
  const open = tokens.at(-1) === "*";
  const fixed = open ? tokens.slice(0, -1) : tokens;
  if (open ? segments.length < fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((token, index) => token.startsWith(":") || token === segments[index]);
}

function rank(tokens: readonly string[]): string {
  return tokens.map((token) => (token === "*" ? "2" : token.startsWith(":") ? "1" : "0")).join("");
}
