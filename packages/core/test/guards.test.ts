import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { SessionHandler, type SessionHandlerOptions } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const session = { account: "a", username: "u", groups: [] };

describe("SessionHandler", () => {
  it("lets in nobody for whom verify returns no object", async () => {
    const rows: [value: unknown, status: number][] = [
      [session, 200],
      [Promise.resolve(session), 200],
      [Object.create(null), 200],
      ...[null, undefined, false, "", 0, Number.NaN, 0n].map((value): [unknown, number] => [value, 401]),
      ...[null, undefined, false, "", 0].map((value): [unknown, number] => [Promise.resolve(value), 401]),
      // Somebody is meant to enter, but nobody knows who.
      ...[true, "ann", 1, [session], [], Symbol("s"), () => session].map((value): [unknown, number] => [
        value,
        500,
      ]),
      [Promise.resolve(true), 500],
    ];
    for (const [value, status] of rows) {
      await using server = await serve((app) => {
        app.use(SessionHandler({ verify: () => value } as unknown as SessionHandlerOptions));
        app.get("/x", (req) => typeof req.session);
      });
      const answer = await server.fetch("/x", { headers: { authorization: "Bearer t" } });
      assert.equal(answer.status, status, inspect(await value));
      if (status === 500)
        assert.match(String(server.lines[0]?.out), /`verify` of a session handler returned/);
    }
  });

  it("guards the paths that a route of the same pattern answers, and those below", async () => {
    const rows: [path: string | string[], guarded: string[], open: string[]][] = [
      [
        "/admin",
        ["/admin", "/admin/", "/admin/x", "//admin", "/a/../admin", "/%61dmin"],
        ["/", "/administrator", "/x/admin"],
      ],
      ["/admin/*", ["/admin", "/admin/x", "/admin/x/y"], ["/adminx"]],
      ["//admin", ["/admin", "/admin/x"], ["/"]],
      ["/users/:id", ["/users/7", "/users/7/posts"], ["/users", "/user/7"]],
      ["/users/:id?", ["/users", "/users/7"], ["/user"]],
      ["/caf%C3%A9", ["/caf%C3%A9", "/caf%c3%a9/x"], ["/cafe"]],
      ["/my%20files", ["/my%20files/x"], ["/my"]],
      ["/café", ["/caf%C3%A9"], ["/caf"]],
      ["/a%2Fb", ["/a%2Fb", "/a%2fb/c"], ["/a/b"]],
      ["/", ["/", "/x"], []],
      [["/a", "/b/*"], ["/a", "/a/x", "/b/x"], ["/c"]],
    ];
    for (const [path, guarded, open] of rows) {
      await using server = await serve((app) => {
        app.use(SessionHandler({ path, verify: () => null }));
        app.all("/*", () => "inside");
        app.all("/", () => "inside");
      });
      for (const target of [...guarded, ...open]) {
        const status = Number((await server.raw(request(`GET ${target}`))).slice(9, 12));
        assert.equal(status, guarded.includes(target) ? 401 : 200, `${path} and ${target}`);
      }
    }
  });

  it("leaves out what `exclude` names by the same patterns", async () => {
    await using server = await serve((app) => {
      app.use(SessionHandler({ exclude: ["/login", "/files/:name", "/p%C3%BCblic/*"], verify: () => null }));
      app.all("/*", () => "inside");
    });
    const status = async (path: string) => (await server.fetch(path)).status;
    for (const path of ["/login", "/login/x", "/files/a", "/p%C3%BCblic/x"])
      assert.equal(await status(path), 200, path);
    for (const path of ["/logins", "/files", "/public/x", "/x"]) assert.equal(await status(path), 401, path);
  });

  it("does not care for case where routes do not", async () => {
    await using server = await serve(
      (app) => {
        app.use(SessionHandler({ path: "/Admin/:id", verify: () => null }));
        app.all("/*", () => "inside");
      },
      { caseSensitive: false },
    );
    for (const path of ["/admin/1", "/ADMIN/1", "/Admin/1"])
      assert.equal((await server.fetch(path)).status, 401);
  });

  it("refuses a guard that guards nothing", () => {
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ path: [] }, /no path would be guarded/],
      [{ path: "admin" }, /must begin with a slash/],
      [{ path: "" }, /must begin with a slash/],
      [{ path: "/a/../admin" }, /would match nothing/],
      [{ path: "/admin*" }, /would match nothing/],
      [{ path: "/*/admin" }, /must end it/],
      [{ path: "/admin?x=1" }, /would match nothing/],
      [{ path: "/%E0%A4" }, /malformed percent escape/],
      [{ path: "/:id/:id" }, /twice/],
      [{ exclude: "/" }, /no path would be guarded/],
      [{ exclude: ["/a", "/*"] }, /no path would be guarded/],
      [{ exclude: "/b/./c" }, /would match nothing/],
    ];
    for (const [options, message] of wrong) {
      assert.throws(
        () => SessionHandler({ ...options, verify: () => null }),
        message,
        JSON.stringify(options),
      );
      assert.throws(
        () => SessionHandler({ authService: { verify: () => null }, options }),
        message,
        JSON.stringify(options),
      );
    }
  });
});
