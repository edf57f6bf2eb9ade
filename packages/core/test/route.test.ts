import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";

import { type APIRoute, BodyParser, defineRoute, JSONParser, reply, TextParser } from "@miqro/core";

import { type Served, serve } from "./support/serve.js";

function json(server: Served, path: string, body: unknown): Promise<Response> {
  return server.fetch(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
}

function toForm(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

const create = defineRoute({
  method: "POST",
  path: "/posts/:id",
  request: {
    params: { id: "integer" },
    query: { draft: "boolean?" },
    headers: { "X-Kind": "string?" },
    body: { title: "string", tags: "string[]?" },
  },
  response: { status: [200, 201], body: { id: "number", title: "string" } },
  handler: (req, res) => {
    const row = { id: req.params.id, title: req.body.title, password: "secret" };
    return res.json(row, { "X-Draft": String(req.query.draft) });
  },
});

const page = { page: true };

describe("defineRoute", () => {
  it("parses, coerces and replaces the parts of the request, and filters the response", async () => {
    await using server = await serve((app) => app.route(create));
    const response = await json(server, "/posts/7?draft=true", { title: "x" });
    assert.equal(response.headers.get("x-draft"), "true");
    assert.deepEqual(await response.json(), { id: 7, title: "x" });
  });

  it("answers 400 with every issue of all parts", async () => {
    await using server = await serve((app) => app.route(create));
    const response = await json(server, "/posts/x?draft=1&extra=2", { tags: [1] });
    assert.equal(response.status, 400);
    const problem = (await response.json()) as { code: string; issues: { path: string; message: string }[] };
    assert.equal(problem.code, "INVALID_REQUEST");
    const paths = problem.issues.map((issue) => issue.path).sort();
    assert.deepEqual(paths, ["body.tags.0", "body.title", "params.id", "query.draft", "query.extra"]);
    assert.ok(problem.issues.every((issue) => issue.message.endsWith(".")));
  });

  it("leaves a request that does not fit to its handler, where it is told to", async () => {
    const form = defineRoute({
      method: ["GET", "POST"],
      path: "/form/:id",
      middleware: BodyParser(),
      request: { params: { id: "integer" }, body: { title: "string1" }, invalid: "pass" },
      handler: (req, res) => ({
        status: res.statusCode,
        paths: req.problem?.issues?.map(({ path }) => path),
        id: req.params.id,
        body: req.body,
      }),
    });
    await using server = await serve((app) => app.route(form));
    const send = async (path: string, title?: string): Promise<unknown> => {
      const body = title === undefined ? undefined : new URLSearchParams({ title });
      const response = await server.fetch(path, body === undefined ? {} : { method: "POST", body });
      return [response.status, await response.json()];
    };
    assert.deepEqual(await send("/form/7"), [200, { status: 200, id: 7 }]);
    assert.deepEqual(await send("/form/7", "a"), [200, { status: 200, id: 7, body: { title: "a" } }]);
    assert.deepEqual(await send("/form/7", ""), [
      400,
      { status: 400, paths: ["body.title"], id: "7", body: { title: "" } },
    ]);
    assert.deepEqual(await send("/form/x"), [400, { status: 400, paths: ["params.id"], id: "x" }]);
    const empty = await server.fetch("/form/7", { method: "POST", body: new URLSearchParams() });
    assert.deepEqual(((await empty.json()) as { paths: string[] }).paths, ["body.title"]);
    const bare = await server.fetch("/form/7", { method: "POST" });
    assert.equal(bare.status, 400, "a POST without a body does not fit");
    const foreign = await server.fetch("/form/7", {
      method: "POST",
      body: "x",
      headers: { "content-type": "image/png" },
    });
    assert.equal(foreign.status, 415, "no form sends this");
  });

  it("answers 400 to an absent body, and 415 to one of a foreign type or of none", async () => {
    await using server = await serve((app) => app.route(create));
    assert.equal((await server.fetch("/posts/1", { method: "POST" })).status, 400);
    const foreign = await server.fetch("/posts/1", { method: "POST", body: "{}" });
    assert.equal(foreign.status, 415);
    const none = await server.fetch("/posts/1", { method: "POST", body: new Uint8Array([123, 125]) });
    assert.equal(none.status, 415);
  });

  it("takes a single value of a query or a form for a list of one, and not one of JSON", async () => {
    const schema = {
      tag: "string[]",
      more: { type: "array", items: "string", minLength: 1 },
      id: "string?",
    } as const;
    await using server = await serve((app) => {
      app.route({
        path: "/q",
        request: { query: { n: "integer[]?", tag: "string[]" } },
        handler: (req) => req.query,
      });
      app.route({
        path: "/any",
        request: { query: [{ a: "integer" }, { b: "string[]" }] },
        handler: (req) => req.query,
      });
      const middleware = [BodyParser()];
      app.route({
        path: "/f",
        method: "POST",
        middleware,
        request: { body: schema },
        handler: (req) => req.body,
      });
    });
    const query = async (text: string): Promise<unknown> => (await server.fetch(text)).json();
    assert.deepEqual(await query("/q?tag=a"), { tag: ["a"] });
    assert.deepEqual(await query("/q?tag=&n=1"), { tag: [""], n: [1] });
    assert.deepEqual(await query("/q?tag=a&tag=b&n=1&n=2"), { tag: ["a", "b"], n: [1, 2] });
    assert.deepEqual(await query("/any?b=x"), { b: ["x"] });
    assert.equal((await server.fetch("/q")).status, 400);
    assert.equal((await server.fetch("/q?tag=a&n=x")).status, 400);
    for (const body of [new URLSearchParams("tag=a&more=b&id=c"), toForm({ tag: "a", more: "b", id: "c" })]) {
      const answer = await server.fetch("/f", { method: "POST", body });
      assert.deepEqual(await answer.json(), { tag: ["a"], more: ["b"], id: "c" });
    }
    assert.equal((await json(server, "/f", { tag: "a", more: ["b"] })).status, 400);
  });

  it("refuses a body that must be absent, also one that nobody has read", async () => {
    await using server = await serve((app) =>
      app.route({ path: "/", method: "POST", request: { body: false }, handler: () => "x" }),
    );
    assert.equal((await server.fetch("/", { method: "POST", body: "x" })).status, 400);
    assert.equal((await server.fetch("/", { method: "POST" })).status, 200);
  });

  it("keeps to a body parser that the route brings", async () => {
    const route = {
      method: "POST",
      path: "/",
      middleware: [TextParser()],
      request: { body: "string" },
    } as const;
    await using server = await serve((app) => app.route({ ...route, handler: (req) => req.body }));
    assert.equal(await (await server.fetch("/", { method: "POST", body: "x" })).text(), "x");
    assert.equal((await json(server, "/", "x")).status, 415);
  });

  it("takes alternatives, and `false` for what must be absent", async () => {
    await using server = await serve((app) =>
      app.route({
        method: "POST",
        path: "/",
        request: { query: false, body: [{ a: "string" }, { b: "number" }] },
        handler: (req) => req.body,
      }),
    );
    assert.deepEqual(await (await json(server, "/", { b: 1 })).json(), { b: 1 });
    assert.equal((await json(server, "/", { c: 1 })).status, 400);
    assert.equal((await json(server, "/?x", { b: 1 })).status, 400);
  });

  it("answers 500 and logs the fault when the answer does not fit", async () => {
    const answers: APIRoute["handler"][] = [
      () => ({ id: "not a number" }),
      (_req, res) => res.json({ id: "x" }),
      (_req, res) => res.json({ id: 1 }, {}, 202),
      () => null,
    ];
    for (const handler of answers) {
      await using server = await serve((app) =>
        app.route({ path: "/", response: { body: { id: "number" } }, handler }),
      );
      const response = await server.fetch("/");
      assert.equal(response.status, 500);
      assert.doesNotMatch(await response.text(), /number|declares/);
      assert.match(server.lines[0]?.out ?? "", /declares only 200|response\.body/);
    }
  });

  it("answers 500 to bytes, streams and web responses that cannot be held to the declared body", async () => {
    const secret = '{"id":1,"secret":1}';
    const cases: APIRoute["handler"][] = [
      () => Buffer.from(secret),
      () => new Uint16Array(2),
      () => reply(200, Buffer.from(secret)),
      () => Readable.from([secret]),
      () => new Response(secret),
      () => new Response(null),
      () => new Blob([secret]),
      (_req, res) => res.asyncEnd({ body: secret }),
      (_req, res) => res.asyncEnd({ body: Buffer.from(secret) }),
      (_req, res) => {
        res.asyncEnd({ body: secret });
      },
      (_req, res) => res.sendFile("route.test.js", { root: import.meta.dirname }),
      () => reply(200),
      () => page,
    ];
    for (const [index, handler] of cases.entries()) {
      await using server = await serve(
        (app) => app.route({ path: "/", response: { body: { id: "number" } }, handler }),
        { renderer: { test: (value) => value === page, render: () => "<b>" } },
      );
      const response = await server.fetch("/");
      assert.equal(response.status, 500, `case ${index}`);
      assert.doesNotMatch(await response.text(), /secret/);
      assert.match(server.lines[0]?.out ?? "", /InvalidResponseError/, `case ${index}`);
    }
  });

  it("lets bytes through where the body is declared so, or with a status that is not listed", async () => {
    await using server = await serve((app) => {
      for (const body of ["any", true] as const) {
        app.route({ path: `/${body}`, response: { body }, handler: () => Buffer.from("b") });
        app.route({ path: `/${body}/stream`, response: { body }, handler: () => Readable.from(["s"]) });
      }
      app.route({
        path: "/error",
        response: { body: { id: "number" } },
        handler: () => new Response("no", { status: 404 }),
      });
      app.route({ path: "/none", response: { body: false }, handler: () => null });
      app.route({ path: "/some", response: { body: false }, handler: () => Buffer.from("b") });
    });
    for (const path of ["/any", "/any/stream", "/true", "/true/stream"]) {
      assert.match(await (await server.fetch(path)).text(), /^[bs]$/, path);
    }
    assert.deepEqual(
      await Promise.all(["/error", "/none", "/some"].map(async (path) => (await server.fetch(path)).status)),
      [404, 204, 500],
    );
  });

  it("logs a warning where Node's own methods answer, since what they send is not checked", async () => {
    await using server = await serve((app) =>
      app.route({
        path: "/",
        response: { body: { id: "number" } },
        handler: (_req, res) => {
          res.end("anything");
        },
      }),
    );
    assert.equal(await (await server.fetch("/")).text(), "anything");
    assert.deepEqual(
      server.lines.map((line) => line.level),
      ["warn"],
    );
    assert.match(server.lines[0]?.out ?? "", /GET \/ was answered by a method of Node/);
  });

  it("sends null where the schema has it, and nothing where 204 is listed", async () => {
    const nullable = { type: "object", properties: { id: "number" }, nullable: true } as const;
    await using server = await serve((app) => {
      app.route({ path: "/null", response: { body: nullable }, handler: () => null });
      app.route({
        path: "/204",
        response: { status: [200, 204], body: { id: "number" } },
        handler: () => null,
      });
    });
    assert.equal(await (await server.fetch("/null")).text(), "null");
    assert.equal((await server.fetch("/204")).status, 204);
  });

  it("lets errors through a declared response", async () => {
    await using server = await serve((app) =>
      app.route({
        path: "/",
        response: { body: { id: "number" } },
        handler: (_req, res) => res.json({ no: 1 }, {}, 404),
      }),
    );
    assert.deepEqual(await (await server.fetch("/")).json(), { no: 1 });
  });

  it("runs session, policy, middleware and validation in this order", async () => {
    const order: string[] = [];
    await using server = await serve((app) =>
      app.route({
        path: "/",
        method: ["POST", "PUT"],
        session: (req) => {
          order.push("session");
          req.session = { account: "a", username: "u", groups: ["g"] };
        },
        policy: { groups: ["g"] },
        middleware: [() => void order.push("middleware"), JSONParser()],
        request: { body: { a: "string" } },
        handler: () => "never",
      }),
    );
    assert.equal((await json(server, "/", {})).status, 400);
    assert.deepEqual(order, ["session", "middleware"]);
  });

  it('mounts a router with `method: "use"`', async () => {
    const { Router } = await import("@miqro/core");
    const router = new Router().use((_req, res) => res.text("mine"));
    await using server = await serve((app) => app.route({ path: "/admin", method: "use", handler: router }));
    assert.equal(await (await server.fetch("/admin/x", { method: "DELETE" })).text(), "mine");
    assert.equal((await server.fetch("/other")).status, 404);
  });
});
