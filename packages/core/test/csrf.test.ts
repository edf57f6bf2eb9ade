import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ArgumentError, CSRF, isSameOrigin, parseOrigins } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const foreign = ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"];

describe("CSRF", () => {
  it("looks at requests that change something only", async () => {
    await using server = await serve((app) => {
      app.use(CSRF());
      app.all("/x", () => "ok");
    });
    const status = async (line: string) => Number((await server.raw(request(line, ...foreign))).slice(9, 12));
    for (const method of ["GET", "HEAD", "OPTIONS"]) assert.equal(await status(`${method} /x`), 200, method);
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "QUERY"])
      assert.equal(await status(`${method} /x`), 403, method);
  });

  it("lets in the origins that are listed, and leaves out paths by the patterns of routes", async () => {
    await using server = await serve((app) => {
      app.use(CSRF({ origins: "https://shop.example", exclude: ["/hooks/:name", "/p%C3%BCblic/*"] }));
      app.all("/*", () => "ok");
    });
    const status = async (path: string, ...headers: string[]) =>
      Number((await server.raw(request(`POST ${path}`, ...headers))).slice(9, 12));
    assert.equal(await status("/x", "Origin: https://shop.example", "Sec-Fetch-Site: same-site"), 200);
    assert.equal(await status("/x", "Origin: https://shop.example.evil.example"), 403);
    for (const path of ["/hooks/a", "/hooks/a/b", "//hooks/a", "/x/../hooks/%61", "/p%C3%BCblic/x"])
      assert.equal(await status(path, ...foreign), 200, path);
    for (const path of ["/hooks", "/Hooks/a", "/hooks%2Fa", "/x/hooks/a", "/hooks/../x"])
      assert.equal(await status(path, ...foreign), 403, path);
  });

  it("reads no token, and believes no header that a page can set", async () => {
    await using server = await serve((app) => {
      app.use(CSRF());
      app.post("/x", () => "ok");
    });
    for (const extra of [
      "X-CSRF-Token: a",
      "X-Requested-With: XMLHttpRequest",
      "X-HTTP-Method-Override: GET",
      "X-Forwarded-Host: evil.example",
      "Referer: http://localhost/",
      "Content-Type: application/json",
    ]) {
      const answer = await server.raw(request("POST /x", ...foreign, extra));
      assert.equal(answer.slice(9, 12), "403", extra);
    }
  });

  it("refuses wrong options, all at once", () => {
    assert.throws(
      () => CSRF({ origins: ["https://a.example", "b"], path: "admin", exclude: "/*", exempt: [] } as object),
      (error) => {
        assert.ok(error instanceof ArgumentError);
        assert.deepEqual(
          error.issues.map((issue) => issue.path),
          ["exempt", "origins", "path", "exclude"],
        );
        return true;
      },
    );
  });

  it("is there as a question as well", async () => {
    const origins = parseOrigins(["https://Shop.example"]);
    await using server = await serve((app) => {
      app.post("/sign-in", (req) => [isSameOrigin(req), isSameOrigin(req, origins)]);
    });
    const ask = async (headers: Record<string, string>) =>
      (await server.fetch("/sign-in", { method: "POST", headers })).json();
    assert.deepEqual(await ask({}), [true, true]);
    assert.deepEqual(await ask({ origin: "https://shop.example" }), [false, true]);
    assert.deepEqual(await ask({ origin: "https://evil.example" }), [false, false]);
  });
});
