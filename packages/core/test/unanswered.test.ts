import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ArgumentError,
  type ErrorHandler,
  NotFoundError,
  Router,
  Static,
  WebSocketServer,
} from "@miqro/core";
import { serve } from "./support/serve.js";

describe("router.unanswered", () => {
  /** A service that notes what it sees, and answers what its handler answers. */
  const service = (name: string, seen: string[], answer: ErrorHandler = () => undefined) =>
    new Router().unanswered((err, req, res) => {
      seen.push(`${name} ${(err as { status?: number }).status}`);
      return answer(err, req, res);
    });

  const refuse = new NotFoundError("thrown");
  const cases: readonly [title: string, path: string, method: string, seen: string[], status: number][] = [
    [
      "asks the service that was entered last first, then the app",
      "/no",
      "GET",
      ["b 404", "a 404", "app"],
      404,
    ],
    ["tells of a wrong method", "/a", "POST", ["b 405", "a 405", "app"], 405],
    ["tells of a request to a WebSocket that is no upgrade", "/ws", "GET", ["b 426", "a 426", "app"], 426],
    ["tells of a route that sent nothing", "/silent", "GET", ["b 404", "a 404", "app"], 404],
    [
      "asks a router at a path where it was entered",
      "/deep/no",
      "GET",
      ["b 404", "deep 404", "a 404", "app"],
      404,
    ],
    ["does not see what a handler threw", "/throws", "GET", ["app"], 404],
    ["does not see a request that no service was asked for", "/%zz", "GET", ["app"], 400],
    ["is not asked where something answered", "/a", "GET", [], 200],
    ["leaves OPTIONS alone", "/a", "OPTIONS", [], 204],
  ];
  for (const [title, path, method, expected, status] of cases) {
    it(title, async () => {
      const seen: string[] = [];
      const a = service("a", seen)
        .get("/a", () => "a")
        .get("/silent", () => undefined)
        .get("/throws", () => {
          throw refuse;
        })
        .webSocket(new WebSocketServer({ path: "/ws" }))
        .use("/deep", service("deep", seen));
      await using server = await serve((app) =>
        app
          .catch(() => void seen.push("app"))
          .use(a)
          .use(service("b", seen)),
      );
      assert.equal((await server.fetch(path, { method })).status, status);
      assert.deepEqual(seen, expected);
    });
  }

  it("ends with the first handler that answers, and takes the status of the error for a returned value", async () => {
    const seen: string[] = [];
    await using server = await serve((app) =>
      app
        .use(service("a", seen))
        .use(service("b", seen, () => ({ by: "b" })))
        .use(
          service("c", seen, () => {
            throw new NotFoundError("from c");
          }),
        ),
    );
    const response = await server.fetch("/no");
    assert.deepEqual([response.status, await response.json()], [404, { by: "b" }]);
    assert.deepEqual(seen, ["c 404", "b 404"]);
  });

  it("answers HEAD without a body", async () => {
    await using server = await serve((app) =>
      app.use(new Router().unanswered((_err, _req, res) => res.html("<p>gone", {}, 404))),
    );
    const response = await server.fetch("/no", { method: "HEAD" });
    assert.deepEqual([response.status, await response.text()], [404, ""]);
  });

  it("takes functions only, and is dropped by clear", async () => {
    assert.throws(() => new Router().unanswered("x" as never), ArgumentError);
    const router = service("a", []);
    await using server = await serve((app) => app.use(router));
    router.clear().unanswered((_err, _req, res) => res.text("new", {}, 404));
    assert.equal(await (await server.fetch("/no")).text(), "new");
  });
});

describe("the 404 of development", () => {
  it("names a route that sent nothing, and no fallback", async (context) => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = "development";
    context.after(() => {
      if (before === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = before;
    });
    await using server = await serve((app) =>
      app.get("/silent", () => undefined).fallback(Static(import.meta.dirname, { index: false })),
    );
    const detailOf = async (path: string) =>
      ((await (await server.fetch(path)).json()) as { detail?: string }).detail;
    assert.match((await detailOf("/silent")) ?? "", /^The handler of GET \/silent ran and sent no answer/);
    assert.equal(await detailOf("/nowhere"), "Nothing is found at this path.");
  });
});
