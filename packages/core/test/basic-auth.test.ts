import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError, BasicAuth, type BasicAuthOptions, SessionHandler } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const basic = (text: string, encoding: BufferEncoding = "utf8"): string =>
  `Authorization: Basic ${Buffer.from(text, encoding).toString("base64")}`;
const users = { ann: "s3cret", "b\u00f6rge": "p\u00e4ss:word" };

async function ask(options: BasicAuthOptions, ...headers: string[]): Promise<string> {
  await using server = await serve((app) => {
    app.use(BasicAuth(options));
    app.get("/", (req) => req.session?.username);
  });
  return await server.raw(request("GET /", ...headers));
}

describe("BasicAuth", () => {
  it("lets in a name with its password, and nothing else", async () => {
    const rows: [status: number, header: string][] = [
      [200, basic("ann:s3cret")],
      [200, basic("ann:s3cret").replace("Basic", "bASIC  ")],
      [200, basic("b\u00f6rge:p\u00e4ss:word")],
      [401, "X: y"],
      [401, basic("ann:s3cret ")],
      [401, basic("ann:S3cret")],
      [401, basic("Ann:s3cret")],
      [401, basic("ann:")],
      [401, basic("ann")],
      [401, basic(":s3cret")],
      [401, basic("")],
      [401, basic("ann:s3cret\0")],
      [401, basic("ann:s3cret\n")],
      [401, basic("constructor:s3cret")],
      [401, basic("__proto__:undefined")],
      [401, basic("b\u00f6rge:p\u00e4ss:word", "latin1")],
      [401, basic("ann:s3cret").replace("Basic", "Bearer")],
      [401, basic("ann:s3cret").replace("Basic ", "Basic")],
      [401, `${basic("ann:s3cret")}!`],
      [401, `${basic("ann:s3cret")}, Basic x`],
      [401, basic(`ann:${"x".repeat(8000)}`)],
    ];
    for (const [status, header] of rows) {
      const answer = await ask({ users }, header);
      assert.equal(Number(answer.slice(9, 12)), status, header.slice(0, 60));
      if (status === 401)
        assert.match(answer, /\r\nWWW-Authenticate: Basic realm="Restricted", charset="UTF-8"\r\n/);
    }
    assert.match(await ask({ users }, basic("ann:x"), basic("ann:s3cret")), /^HTTP\/1.1 401/);
  });

  it("asks `verify`, which gives a session, true or nothing", async () => {
    const rows: [value: unknown, status: number][] = [
      [true, 200],
      [Promise.resolve(true), 200],
      [{ account: "a", username: "ann", groups: ["x"] }, 200],
      [Promise.resolve({ account: "a", username: "ann", groups: [] }), 200],
      ...[false, null, undefined, "", 0].map((value): [unknown, number] => [value, 401]),
      [Promise.resolve(null), 401],
      ["ann", 500],
      [[], 500],
    ];
    for (const [value, status] of rows) {
      const seen: unknown[] = [];
      const verify = (({ username, password }: { username: string; password: string }) => {
        seen.push(username, password);
        return value;
      }) as BasicAuthOptions["verify"];
      const answer = await ask({ verify, realm: "Staff only" }, basic("ann:a:b"));
      assert.equal(Number(answer.slice(9, 12)), status);
      assert.deepEqual(seen, ["ann", "a:b"]);
      if (status === 200) assert.match(answer, /\r\n\r\nann$/);
      if (status === 401) assert.match(answer, /Basic realm="Staff only"/);
    }
  });

  it("takes the patterns of routes, and works with policies", async () => {
    await using server = await serve((app) => {
      app.use(BasicAuth({ users, path: "/admin", exclude: "/admin/open" }));
      app.get("/admin/x", () => "ok");
      app.get("/admin/open", () => "ok");
      app.get("/", () => "ok");
      app.route({ path: "/admin/staff", policy: { groups: ["staff"] }, handler: () => "ok" });
    });
    assert.equal((await server.fetch("/admin/x")).status, 401);
    assert.equal((await server.fetch("/%61dmin//x")).status, 401);
    assert.equal((await server.fetch("/admin/open")).status, 200);
    assert.equal((await server.fetch("/")).status, 200);
    const [name = "", value = ""] = basic("ann:s3cret").split(": ");
    assert.equal((await server.fetch("/admin/x", { headers: { [name]: value } })).status, 200);
    assert.equal((await server.fetch("/admin/staff", { headers: { [name]: value } })).status, 403);
    assert.equal(typeof SessionHandler, "function");
  });

  it("tells all faults of its options at once", () => {
    const wrong: [options: object, paths: string[]][] = [
      [{}, ["users"]],
      [{ users, verify: () => true }, ["users"]],
      [
        { users: { "a:b": "x", ann: undefined, "": "x", bob: "" } },
        ["users.a:b", "users.ann", "users.", "users.bob"],
      ],
      [{ users, realm: 'a"\r\nX-Evil: 1', path: "admin" }, ["realm", "path"]],
      [{ users, realm: "caf\u00e9", exclude: "/" }, ["realm", "exclude"]],
      [{ user: users }, ["user", "users"]],
    ];
    for (const [options, paths] of wrong) {
      assert.throws(
        () => BasicAuth(options as BasicAuthOptions),
        (error) => {
          assert.ok(error instanceof ArgumentError);
          assert.deepEqual(
            error.issues.map((issue) => issue.path),
            paths,
          );
          return true;
        },
      );
    }
  });
});
