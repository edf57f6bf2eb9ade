import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Policy,
  Router,
  SessionHandler,
  type SessionHandlerOptions,
  type VerifySession,
} from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

const verify: VerifySession = async ({ token }) =>
  token.startsWith("good") ? { account: "a", username: "u", groups: token.split("-").slice(1), token } : null;

function guarded(options: SessionHandlerOptions, policy?: Policy): Promise<Served> {
  return serve((app) =>
    app.use(SessionHandler(options)).route({
      path: "/*",
      method: "ALL",
      policy,
      handler: (req) => req.session?.username ?? "nobody",
    }),
  );
}

describe("SessionHandler", () => {
  it("calls verify on the service that it belongs to", async () => {
    class Sessions {
      readonly #known = "good";
      verify({ token }: { token: string }) {
        return token === this.#known ? { account: "a", username: "u", groups: [] } : null;
      }
    }
    await using server = await guarded({ authService: new Sessions() });
    assert.equal(await (await server.fetch("/", { headers: { authorization: "Bearer good" } })).text(), "u");
  });

  it("takes a bearer token, in both shapes of its options", async () => {
    for (const options of [{ verify }, { authService: { verify }, options: {} }]) {
      await using server = await guarded(options);
      const good = await server.fetch("/", { headers: { authorization: "bearer good" } });
      assert.equal(await good.text(), "u");
      const absent = await server.fetch("/");
      assert.equal(absent.status, 401);
      assert.equal(absent.headers.get("www-authenticate"), "Bearer");
      const bad = await server.fetch("/", { headers: { authorization: "Bearer bad" } });
      assert.equal(bad.status, 401);
      assert.equal(bad.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
      assert.equal((await server.fetch("/", { headers: { authorization: "good" } })).status, 401);
    }
  });

  it("takes a token from a query, another header, or nowhere", async () => {
    await using query = await guarded({ verify, tokenLocation: "query", tokenLocationName: "t" });
    assert.equal((await query.fetch("/?t=good")).status, 200);
    assert.equal((await query.fetch("/?t=good&t=good")).status, 401);
    await using header = await guarded({ verify, tokenLocationName: "X-Token" });
    assert.equal((await header.fetch("/", { headers: { "x-token": "good" } })).status, 200);
    await using free = await guarded({
      verify: ({ token }) => (token === "" ? { account: "a", username: "free", groups: [] } : null),
      tokenLocation: "free",
    });
    assert.equal(await (await free.fetch("/")).text(), "free");
  });

  it("lets a cookie change things only from pages of the server itself", async () => {
    await using server = await guarded({ verify, tokenLocation: "cookie" });
    const post = (headers: Record<string, string>) =>
      server.fetch("/", { method: "POST", headers: { cookie: "token=good", ...headers } });
    assert.equal((await post({ origin: server.url })).status, 200);
    assert.equal((await post({})).status, 200);
    assert.equal((await post({ origin: "https://evil.example" })).status, 403);
    assert.equal((await post({ origin: "null" })).status, 403);
    const get = await server.fetch("/", {
      headers: { cookie: "token=good", origin: "https://evil.example" },
    });
    assert.equal(get.status, 200);
  });

  it("goes on without a session when it is not required, and applies to its paths only", async () => {
    await using optional = await guarded({ verify, required: false });
    assert.equal(await (await optional.fetch("/")).text(), "nobody");
    await using some = await guarded({ verify, path: "/a", exclude: ["/a/open"] });
    assert.deepEqual(
      await Promise.all(
        ["/a", "/a/b", "//a//b", "/%61/b", "/a/open/x", "/ab", "/x/../a"].map(
          async (path) => (await some.fetch(path)).status,
        ),
      ),
      [401, 401, 401, 401, 200, 200, 401],
    );
  });

  it("guards later services, and unknown paths too", async () => {
    const first = new Router().use(SessionHandler({ verify }));
    await using server = await serve((app) =>
      app.use(first).use(new Router().get("/x", (req) => req.session?.account)),
    );
    assert.equal((await server.fetch("/x")).status, 401);
    assert.equal((await server.fetch("/unknown")).status, 401);
    assert.equal(await (await server.fetch("/x", { headers: { authorization: "Bearer good" } })).text(), "a");
  });

  it("leaves an answer of verify alone", async () => {
    await using server = await guarded({
      tokenLocation: "free",
      verify: ({ res }) => {
        res.redirect("/login");
        return null;
      },
    });
    assert.equal((await server.fetch("/")).headers.get("location"), "/login");
  });
});

describe("signIn of a session handler", () => {
  const html = "text/html,application/xhtml+xml,*/*;q=0.8";
  const policy: Policy = { groups: ["g"] };
  const cases: [title: string, options: Partial<SessionHandlerOptions>, policy: Policy | undefined][] = [
    ["without the session that a handler requires", {}, undefined],
    ["without the session that a policy asks for", { required: false }, policy],
  ];
  for (const [title, more, asked] of cases) {
    it(`sends a person who reads a page ${title} to sign in, and nobody else`, async () => {
      await using server = await guarded({ verify, signIn: "/sign-in?from=here", ...more }, asked);
      const ask = async (path: string, method: string, headers: Readonly<Record<string, string>>) => {
        const answer = await server.fetch(path, { method, headers, redirect: "manual" });
        return [answer.status, answer.headers.get("location")];
      };
      const target = "/sign-in?from=here&next=%2Fa%3Fb%3D1%26c%3D%2F%2Fevil.example";
      const path = "/a?b=1&c=//evil.example";
      assert.deepEqual(await ask(path, "GET", { accept: html }), [303, target]);
      assert.deepEqual(await ask(path, "HEAD", { accept: html }), [303, target]);
      assert.deepEqual(await ask(path, "POST", { accept: html }), [401, null]);
      for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.5"]) {
        assert.deepEqual(await ask(path, "GET", { accept }), [401, null], accept);
      }
      assert.deepEqual(await ask("/sign-in", "GET", { accept: html }), [401, null], "it would not end");
      const good = { accept: html, authorization: "Bearer good-g" };
      assert.deepEqual(await ask(path, "GET", good), [200, null]);
      if (asked !== undefined) {
        const other = { accept: html, authorization: "Bearer good-other" };
        assert.deepEqual(await ask(path, "GET", other), [403, null], "who is signed in is refused");
      }
    });
  }

  it("gets a path on this server as the requested address, whatever a link contains", async () => {
    await using server = await guarded({ verify, signIn: "/sign-in" });
    for (const [target, next] of [
      ["/a?b=1", "/a?b=1"],
      ["//evil.example/a", "/evil.example/a"],
      ["///evil.example", "/evil.example"],
      ["/\\evil.example", "/evil.example"],
      ["/\\/evil.example?b=//c", "/evil.example?b=//c"],
      ["http://evil.example/a?b=1", "/a?b=1"],
      ["http://evil.example//evil.example", "/evil.example"],
      ["http://evil.example?b=1", "/?b=1"],
    ] as const) {
      const answer = await server.raw(request(`GET ${target}`, `Accept: ${html}`));
      const location = /^Location: (.*)\r$/m.exec(answer)?.[1];
      assert.equal(location, `/sign-in?next=${encodeURIComponent(next)}`, target);
    }
  });

  it("is a path on this server", () => {
    for (const signIn of ["sign-in", "//evil.example", "/\\evil.example", "https://evil.example", ""]) {
      assert.throws(
        () => SessionHandler({ verify, signIn }),
        /"signIn".*a path on this server such as "\/sign-in"/,
      );
    }
  });
});

describe("policy", () => {
  it("lets in groups: one of them, or all; an inner list means all of these", async () => {
    const cases: [Policy, string, number][] = [
      [{ groups: ["a", "b"] }, "good-b", 200],
      [{ groups: ["a", "b"] }, "good-c", 403],
      [{ groups: [["a", "b"], "c"] }, "good-a", 403],
      [{ groups: [["a", "b"], "c"] }, "good-a-b", 200],
      [{ groups: [["a", "b"], "c"], groupPolicy: "all" }, "good-a-b", 403],
      [{ groups: [["a", "b"], "c"], groupPolicy: "all" }, "good-a-b-c", 200],
    ];
    for (const [policy, token, status] of cases) {
      await using server = await guarded({ verify }, policy);
      const response = await server.fetch("/", { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, status, JSON.stringify([policy, token]));
    }
  });

  it("answers 401 without a session", async () => {
    await using server = await guarded({ verify, required: false }, { groups: ["a"] });
    assert.equal((await server.fetch("/")).status, 401);
  });

  it("refuses a policy that makes no sense", () => {
    const route = { path: "/", handler: () => 1 };
    assert.throws(
      () => new Router().route({ ...route, policy: { groups: ["a"], groupPolicy: "any" as "all" } }),
      /groupPolicy/,
    );
    for (const groups of [[""], [[]], [["a", ""]], ["a", ""], ["a", []]]) {
      for (const groupPolicy of ["at_least_one", "all"] as const) {
        assert.throws(
          () => new Router().route({ ...route, policy: { groups, groupPolicy } }),
          /would let in every session/,
          JSON.stringify(groups),
        );
      }
    }
  });

  it("lets in nobody without groups, and every session if all of no groups are asked for", async () => {
    const cases: [Policy, number][] = [
      [{ groups: [] }, 403],
      [{ groups: [], groupPolicy: "all" }, 200],
    ];
    for (const [policy, status] of cases) {
      await using server = await guarded({ verify }, policy);
      assert.equal((await server.fetch("/", { headers: { authorization: "Bearer good-a" } })).status, status);
    }
  });
});
