import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startServices } from "./support/start-services.js";

const cors = (name: string, more = "") =>
  `export default { origins: ["https://${name}.example"], headers: "X-${name}"${more} };`;
const answers = (text: string) => `export default () => "${text}";`;

/** Three services: `a` and `b` have rules of their own, `bare` has none. `b` asks for a session. */
const composition = {
  "a/cors.js": cors("a"),
  "a/http/a.api.js": answers("a"),
  "a/http/both.api.js": answers("a"),
  "a/static/a.txt": "a",
  "b/cors.js": cors("b", ", credentials: true"),
  "b/auth.js":
    'export default { path: "/b", verify: ({ token }) => (token === "t" ? { account: "1" } : null) };',
  "b/http/b.api.js": answers("b"),
  "b/http/both.api.js": 'export const apiOptions = { method: "POST" }; export default () => "b";',
  "b/http/page.html": "b",
  "b/static/b.txt": "b",
  "bare/http/bare.api.js": answers("bare"),
  "bare/static/bare.txt": "bare",
};
const services = ["a", "b", "bare"];

const rows: [method: string, path: string, owner: string | undefined][] = [
  ["GET", "/a", "a"],
  ["GET", "/%61", "a"],
  ["GET", "/both", "a"],
  ["POST", "/both", "b"],
  ["GET", "/b", "b"],
  ["GET", "/a.txt", "a"],
  ["GET", "/b.txt", "b"],
  ["HEAD", "/page.html", "b"],
  ["GET", "/bare", undefined],
  ["GET", "/bare.txt", undefined],
];

describe("cors.ts", () => {
  it("decides alone about the routes and files of its service, and about their preflights", async () => {
    await using server = await startServices(composition, { services });
    for (const [method, path, owner] of rows) {
      for (const name of ["a", "b", "bare", "evil"]) {
        const origin = `https://${name}.example`;
        const where = `${method} ${path} for ${name}`;
        const first = await fetch(server.url + path, {
          method: "OPTIONS",
          headers: { origin, "access-control-request-method": method },
        });
        const second = await fetch(server.url + path, {
          method,
          headers: { origin, authorization: "Bearer t" },
        });
        const allowed = owner === name ? origin : null;
        for (const answer of [first, second]) {
          assert.equal(answer.headers.get("access-control-allow-origin"), allowed, where);
          const credentials = owner === name && name === "b" ? "true" : null;
          assert.equal(answer.headers.get("access-control-allow-credentials"), credentials, where);
        }
        assert.equal(first.headers.get("access-control-allow-headers"), allowed && `X-${name}`, where);
        if (owner === undefined) assert.equal(second.status, 200, where);
        else {
          assert.equal(first.status, owner === name ? 204 : 400, where);
          assert.equal(second.status, owner === name ? 200 : 400, where);
        }
      }
    }
  });

  it("cannot be asked about another service than the one that answers what follows", async () => {
    await using server = await startServices(composition, { services });
    const tricks: [path: string, method: string][] = [
      ["/both", "DELETE"],
      ["/both", "get"],
      ["/both", "GET, POST"],
      ["/both", "OPTIONS"],
      ["/both", "__proto__"],
      ["/b.txt", "POST"],
      ["//b.txt/../a.txt", "GET"],
      ["/%2e%2e/b.txt", "PUT"],
      ["/none", "GET"],
    ];
    for (const [path, method] of tricks) {
      for (const name of ["b", "evil"]) {
        const origin = `https://${name}.example`;
        const headers = { origin, "access-control-request-method": method };
        const answer = await fetch(server.url + path, { method: "OPTIONS", headers });
        assert.notEqual(answer.status, 204, `${method} ${path} of ${name}`);
      }
    }
  });

  it("lets a request without an origin pass, and says `Vary: Origin`", async () => {
    await using server = await startServices(composition, { services });
    const answer = await fetch(`${server.url}/a`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("vary") ?? "", /Origin/);
  });

  it("is checked when it is loaded, all of it at once", async () => {
    const files = { "a/cors.js": 'export default { origins: "example.org/x", credentals: true };' };
    await assert.rejects(startServices(files, { services: ["a"] }), (error: Error) => {
      assert.match(error.message, /a\/cors\.js: .*origins/);
      assert.match(error.message, /no "credentals". Perhaps "credentials" was meant/);
      return true;
    });
  });
});

describe("services without cors.ts", () => {
  const files = { "a/http/a.api.js": answers("a"), "a/static/a.txt": "a" };
  const readBy = async (url: string, origin: string) => {
    const answer = await fetch(url, { headers: { origin } });
    return [answer.status, answer.headers.get("access-control-allow-origin")];
  };

  it("let pages of every origin read, without credentials", async () => {
    await using server = await startServices(files, { services: ["a"] });
    for (const path of ["/a", "/a.txt"]) {
      assert.deepEqual(await readBy(server.url + path, "https://evil.example"), [200, "*"]);
    }
  });

  it("let pages of this machine and of allowed hosts read where hosts are checked", async () => {
    await using server = await startServices(files, { services: ["a"], allowedHosts: ["dev.test"] });
    for (const good of [
      "http://localhost:5173",
      "http://app.localhost",
      "http://[::1]:1",
      "http://dev.test",
    ]) {
      assert.deepEqual(await readBy(`${server.url}/a`, good), [200, good]);
    }
    for (const bad of ["https://evil.example", "http://6.6.6.6", "http://127.0.0.1.evil.example", "null"]) {
      assert.deepEqual(await readBy(`${server.url}/a`, bad), [400, null]);
    }
  });
});

describe("req.server.middleware.cors", () => {
  it("is CORS for one route", async () => {
    const route = `export default async (req, res) => {
      await req.server.middleware.cors({ origins: "https://a.example" })(req, res);
      return res.headersSent ? undefined : "a";
    };`;
    await using server = await startServices(
      { "a/http/a.api.js": route, "a/cors.js": cors("a") },
      { services: ["a"] },
    );
    const answer = await fetch(`${server.url}/a`, { headers: { origin: "https://a.example" } });
    assert.equal(answer.headers.get("access-control-allow-origin"), "https://a.example");
  });
});
