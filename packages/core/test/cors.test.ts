import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  App,
  type AppOptions,
  ArgumentError,
  CORS,
  type CORSOptions,
  Router,
  SessionHandler,
  Static,
} from "@miqro/core";
import { request, serve } from "./support/serve.js";

/** The status of an answer and its headers by name, as bytes brought them. */
function read(answer: string): { status: number; headers: Record<string, string>; body: string } {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    assert.equal(headers[name], undefined, `${name} is there twice`);
    headers[name] = line.slice(line.indexOf(":") + 2);
  }
  return { status: Number(first.slice(9, 12)), headers, body };
}

async function ask(
  options: CORSOptions | undefined,
  line: string,
  headers: string[],
  appOptions: AppOptions = {},
) {
  await using server = await serve((app) => {
    app.use(CORS(options));
    app.get("/x", () => "ok");
    app.post("/x", () => "ok");
  }, appOptions);
  return read(await server.raw(request(line, ...headers)));
}

const origin = "Origin: https://page.example";
const preflight = [origin, "Access-Control-Request-Method: POST"];
const listed = { origins: ["https://page.example", "http://LOCALHOST:3000"] };

describe("CORS", () => {
  it("lets every origin read by default, without credentials", async () => {
    for (const headers of [[], [origin], ["Origin: null"]]) {
      const answer = await ask(undefined, "GET /x", headers);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["access-control-allow-origin"], "*");
      assert.equal(answer.headers["access-control-allow-credentials"], undefined);
      assert.equal(answer.headers.vary, "Origin");
    }
  });

  it("answers a preflight with 204", async () => {
    const answer = await ask({ maxAge: 600 }, "OPTIONS /x", [
      ...preflight,
      "Access-Control-Request-Headers: x-one, x-two",
    ]);
    assert.equal(answer.status, 204);
    assert.equal(answer.body, "");
    assert.equal(answer.headers["access-control-allow-origin"], "*");
    assert.equal(answer.headers["access-control-allow-methods"], "GET, HEAD, PUT, PATCH, POST, DELETE");
    assert.equal(answer.headers["access-control-allow-headers"], "x-one, x-two");
    assert.equal(answer.headers["access-control-max-age"], "600");
    assert.equal(answer.headers.vary, "Origin, Access-Control-Request-Headers");
    assert.equal(answer.headers["content-length"], undefined);
  });

  it("lets in the listed origins, the server's own, and requests without an origin", async () => {
    const rows: [status: number, headers: string[], appOptions?: AppOptions][] = [
      [200, []],
      [200, [origin]],
      [200, ["Origin: HTTPS://Page.example:443"]],
      [200, ["Origin: http://localhost:3000"]],
      [200, ["Origin: http://localhost"]],
      [200, ["Origin: https://localhost"]],
      [200, ["Origin: null", "Sec-Fetch-Site: same-origin"]],
      [200, ["Sec-Fetch-Site: cross-site"]],
      [200, ["Origin: https://shop.example", "X-Forwarded-Host: shop.example"], { trustProxy: 1 }],
      [400, ["Origin: https://shop.example", "X-Forwarded-Host: shop.example"]],
      [400, ["Origin: https://shop.example", "X-Forwarded-Host: shop.example, localhost"], { trustProxy: 1 }],
      [400, ["Origin: https://shop.example", "Forwarded: host=shop.example"], { trustProxy: true }],
      [400, ["Origin: null"]],
      [400, ["Origin: "]],
      [400, ["Origin: *"]],
      [400, ["Origin: https://page.example.evil.example"]],
      [400, ["Origin: https://evil.example/https://page.example"]],
      [400, ["Origin: https://page.example@evil.example"]],
      [400, ["Origin: https://page.example evil"]],
      [400, ["Origin: http://page.example"]],
      [400, ["Origin: https://page.example:8443"]],
      [400, ["Origin: page.example"]],
      [400, ["Origin: file://"]],
      [400, [origin, "Origin: https://evil.example"]],
      [400, ["Origin: https://evil.example", origin]],
      [400, ["Origin: https://localhost.evil.example"]],
      [400, ["Origin: https://p\xe4ge.example"]],
    ];
    for (const [status, headers, appOptions] of rows) {
      const answer = await ask(listed, "GET /x", headers, appOptions);
      assert.equal(answer.status, status, headers.join());
      assert.equal(answer.headers.vary?.startsWith("Origin"), true, headers.join());
      if (status === 400) {
        assert.match(answer.body, /bad origin/);
        assert.equal(answer.headers["access-control-allow-origin"], undefined, headers.join());
      }
      const first = headers.find((line) => line.startsWith("Origin: "))?.slice(8);
      if (status === 200) assert.equal(answer.headers["access-control-allow-origin"], first);
    }
  });

  it("refuses the preflight of an origin that is not listed", async () => {
    const answer = await ask(listed, "OPTIONS /x", [
      "Origin: https://evil.example",
      "Access-Control-Request-Method: POST",
    ]);
    assert.equal(answer.status, 400);
    assert.match(answer.body, /bad origin/);
    const names = Object.keys(answer.headers).filter((name) => name.startsWith("access-control"));
    assert.deepEqual(names, []);
  });

  it("permits credentials only to origins that it names", async () => {
    const answer = await ask({ ...listed, credentials: true }, "GET /x", [origin]);
    assert.equal(answer.headers["access-control-allow-origin"], "https://page.example");
    assert.equal(answer.headers["access-control-allow-credentials"], "true");
    const none = await ask({ ...listed, credentials: true }, "GET /x", []);
    assert.equal(none.headers["access-control-allow-credentials"], undefined);
    for (const options of [{}, { origins: "*" }, { origins: ["https://a.example", "*"] }])
      assert.throws(() => CORS({ ...options, credentials: true }), /any page could act for its visitors/);
  });

  it("sends what is configured", async () => {
    const options = {
      ...listed,
      methods: ["get", "POST"],
      headers: ["X-One", "X-Two"],
      exposedHeaders: "X-Total",
    };
    const first = await ask(options, "OPTIONS /x", [...preflight, "Access-Control-Request-Headers: x-evil"]);
    assert.equal(first.headers["access-control-allow-methods"], "GET, POST");
    assert.equal(first.headers["access-control-allow-headers"], "X-One, X-Two");
    assert.equal(first.headers["access-control-expose-headers"], undefined);
    const second = await ask(options, "GET /x", [origin]);
    assert.equal(second.headers["access-control-expose-headers"], "X-Total");
    assert.equal(second.headers["access-control-allow-methods"], undefined);
    const commas = await ask({ methods: "GET,POST" }, "OPTIONS /x", preflight);
    assert.equal(commas.headers["access-control-allow-methods"], "GET, POST");
  });

  it("asks `validate` about origins that are not listed", async () => {
    const seen: unknown[][] = [];
    const validate = async (...given: unknown[]) => {
      seen.push(given.slice(0, 2));
      return given[0] === "https://v.example";
    };
    const options = { ...listed, validate } as CORSOptions;
    assert.equal((await ask(options, "GET /x", [origin])).status, 200);
    assert.equal((await ask(options, "GET /x", [])).status, 200);
    assert.equal((await ask(options, "GET /x", ["Origin: https://v.example"])).status, 200);
    assert.equal((await ask(options, "GET /x", ["Origin: https://w.example"])).status, 400);
    // Of no page in particular.
    assert.equal((await ask(options, "GET /x", ["Origin: null"])).status, 400);
    assert.deepEqual(seen, [
      ["https://v.example", listed.origins],
      ["https://w.example", listed.origins],
    ]);
    for (const value of [1, "yes", {}, null, undefined])
      assert.equal((await ask({ validate: () => value as never }, "GET /x", [origin])).status, 400);
  });

  it("holds an expression to the whole origin", async () => {
    for (const validate of [/https:\/\/\w+\.example\.org/, /https:\/\/\w+\.example\.org/g]) {
      const status = async (from: string) => (await ask({ validate }, "GET /x", [`Origin: ${from}`])).status;
      assert.equal(await status("https://a.example.org"), 200);
      assert.equal(await status("https://a.example.org.evil.example"), 400);
      assert.equal(await status("https://evil.example?https://a.example.org"), 400);
      assert.equal(await status("null"), 400);
    }
  });

  it("grants a private network only where it is told to", async () => {
    const headers = [...preflight, "Access-Control-Request-Private-Network: true"];
    const name = "access-control-allow-private-network";
    assert.equal((await ask(listed, "OPTIONS /x", headers)).headers[name], undefined);
    assert.equal(
      (await ask({ ...listed, privateNetwork: true }, "OPTIONS /x", headers)).headers[name],
      "true",
    );
    assert.equal(
      (await ask({ ...listed, privateNetwork: true }, "OPTIONS /x", preflight)).headers[name],
      undefined,
    );
  });

  it("leaves preflights to the next handlers with `preflightContinue`", async () => {
    await using server = await serve((app) => {
      app.use(CORS({ preflightContinue: true }));
      app.options("/x", (_req, res) => res.text("own"));
      app.post("/x", () => "ok");
    });
    const answer = read(await server.raw(request("OPTIONS /x", ...preflight)));
    assert.equal(answer.status, 200);
    assert.equal(answer.body, "own");
    assert.equal(answer.headers["access-control-allow-methods"], "GET, HEAD, PUT, PATCH, POST, DELETE");
  });

  it("does not reflect what is no list of header names", async () => {
    for (const asked of ["x y", "x:y", "x,,y", "\xe9", "a, b; c", ""]) {
      const answer = await ask(undefined, "OPTIONS /x", [
        ...preflight,
        `Access-Control-Request-Headers: ${asked}`,
      ]);
      assert.equal(answer.status, 204, asked);
      assert.equal(answer.headers["access-control-allow-headers"], undefined, asked);
    }
  });

  it("keeps the headers on errors, and `Vary` of others", async () => {
    await using server = await serve((app) => {
      app.use((_req, res) => void res.setHeader("Vary", "Cookie"));
      app.use(CORS(listed));
      app.get("/x", () => {
        throw new Error("broken");
      });
    });
    const answer = read(await server.raw(request("GET /x", origin)));
    assert.equal(answer.status, 500);
    assert.equal(answer.headers["access-control-allow-origin"], "https://page.example");
    assert.equal(answer.headers.vary, "Cookie, Origin, Accept");
  });

  it("tells all faults of its options at once", () => {
    const wrong: [options: object, paths: string[]][] = [
      [{ origin: "https://a.example" }, ["origin"]],
      [{ origins: ["https://a.example/", "null"] }, ["origins"]],
      [{ origins: "a.example", methods: "FETCH", maxAge: -1 }, ["maxAge", "origins", "methods"]],
      [{ headers: "X-A\r\nX-Evil: 1" }, ["headers"]],
      [{ exposedHeaders: ["X-A", "X B"] }, ["exposedHeaders"]],
      [{ validate: "https://a.example" }, ["validate"]],
      [{ origins: "*", validate: () => true }, ["validate"]],
      [{ origins: [1], credentials: "yes" }, ["origins", "credentials"]],
    ];
    for (const [options, paths] of wrong) {
      assert.throws(
        () => CORS(options),
        (error) => {
          assert.ok(error instanceof ArgumentError);
          assert.deepEqual(
            error.issues.map((issue) => issue.path),
            paths,
            JSON.stringify(options),
          );
          return true;
        },
      );
    }
  });
});

describe("CORS in a composition", () => {
  const from = (name: string): string => `https://${name}.example`;
  const service = (name: string, set: (router: Router) => void, cors = true): Router => {
    const router = new Router();
    if (cors) router.use(CORS({ origins: from(name), headers: `X-${name}` }));
    set(router);
    return router;
  };
  const compose = (app: App): void => {
    app.use(
      service("a", (router) => {
        router.get("/both", () => "a");
        router.get("/a", () => "a");
        router.use(CORS({ origins: from("deep"), headers: "X-deep" }), "/deep");
        router.get("/deep/x", () => "deep");
      }),
    );
    // A guard of a service in between must not see preflights of others, since these cannot show a session.
    app.use(
      service("b", (router) => {
        router.use(
          SessionHandler({
            path: "/b",
            verify: ({ token }) => (token === "t" ? { account: "", username: "", groups: [] } : null),
          }),
        );
        router.post("/both", () => "b");
        router.put("/b", () => "b");
      }),
    );
    app.use(service("bare", (router) => router.get("/bare", () => "bare"), false));
    app.use(
      service("c", (router) => {
        router.use(
          service("d", (inner) => inner.get("/x", () => "d")),
          "/d",
        );
        router.get("/c", () => "c");
      }),
    );
  };
  const rows: [method: string, path: string, owner: string | undefined][] = [
    ["GET", "/both", "a"],
    ["POST", "/both", "b"],
    ["HEAD", "/both", "a"],
    ["GET", "/a", "a"],
    ["GET", "/%61", "a"],
    ["GET", "//x/../a/", "a"],
    ["GET", "/deep/x", "deep"],
    ["PUT", "/b", "b"],
    ["GET", "/bare", undefined],
    ["GET", "/c", "c"],
    ["GET", "/d/x", "d"],
  ];
  const everybody = ["a", "b", "c", "d", "deep", "evil"];

  it("has the service of the route decide alone, about preflights and what follows", async () => {
    await using server = await serve(compose);
    for (const [method, path, owner] of rows) {
      for (const name of everybody) {
        const where = `${method} ${path} of ${name}`;
        const first = read(
          await server.raw(
            request(`OPTIONS ${path}`, `Origin: ${from(name)}`, `Access-Control-Request-Method: ${method}`),
          ),
        );
        const second = read(
          await server.raw(request(`${method} ${path}`, `Origin: ${from(name)}`, "Authorization: Bearer t")),
        );
        const allowed = owner === name ? from(name) : undefined;
        assert.equal(first.headers["access-control-allow-origin"], allowed, where);
        assert.equal(second.headers["access-control-allow-origin"], allowed, where);
        if (owner !== undefined) {
          assert.equal(first.status, owner === name ? 204 : 400, where);
          assert.equal(second.status, owner === name ? 200 : 400, where);
        } else {
          assert.equal(second.status, 200, where);
        }
        assert.equal(first.headers["access-control-allow-headers"], allowed && `X-${name}`, where);
      }
    }
  });

  it("is not tricked by methods that no route has", async () => {
    await using server = await serve(compose);
    const methods = ["DELETE", "get", "GET, POST", "(upgrade)", "ALL", "OPTIONS", "__proto__", ""];
    for (const method of methods) {
      const answer = read(
        await server.raw(
          request("OPTIONS /both", `Origin: ${from("b")}`, `Access-Control-Request-Method: ${method}`),
        ),
      );
      assert.equal(answer.headers["access-control-allow-origin"], undefined, method);
    }
  });

  it("decides also within another handler, for a route of its own, and in a router that runs by itself", async () => {
    const cors = CORS(listed);
    const inner = new Router();
    inner.use(CORS(listed));
    inner.get("/run", () => "ok");
    await using server = await serve((app) => {
      app.use((req, res) => cors(req, res), "/wrapped");
      app.get("/wrapped", () => "ok");
      app.route({ path: "/own", method: "GET", middleware: [CORS(listed)], handler: () => "ok" });
      app.get("/run", async (req, res) => void (await inner.run(req, res)));
    });
    for (const path of ["/wrapped", "/own", "/run"]) {
      const good = read(await server.raw(request(`GET ${path}`, origin)));
      assert.equal(good.headers["access-control-allow-origin"], "https://page.example", path);
      assert.equal(
        read(await server.raw(request(`GET ${path}`, "Origin: https://evil.example"))).status,
        400,
      );
    }
  });

  it("has the service of a file decide alone, and all of them where there is no file", async () => {
    const root = await mkdtemp(join(tmpdir(), "miqro-cors-"));
    for (const name of ["a", "b", "bare"]) {
      await mkdir(join(root, name));
      await writeFile(join(root, name, `${name}.txt`), name);
    }
    const withFiles = (name: string, cors = true): Router =>
      service(name, (router) => router.fallback(Static(join(root, name))), cors);
    await using server = await serve((app) => {
      app.use(withFiles("a"));
      app.use(withFiles("b"));
      app.use(withFiles("bare", false));
    });
    const ask = async (line: string, name: string, more: readonly string[] = []) =>
      read(await server.raw(request(line, `Origin: ${from(name)}`, ...more)));
    for (const owner of ["a", "b"]) {
      for (const name of everybody) {
        const path = `/${owner}.txt`;
        const first = await ask(`OPTIONS ${path}`, name, ["Access-Control-Request-Method: GET"]);
        const second = await ask(`GET ${path}`, name);
        assert.equal(first.status, owner === name ? 204 : 400, `${path} of ${name}`);
        assert.equal(second.status, owner === name ? 200 : 400, `${path} of ${name}`);
        const allowed = owner === name ? from(name) : undefined;
        assert.equal(second.headers["access-control-allow-origin"], allowed);
        assert.equal(first.headers["access-control-allow-headers"], allowed && `X-${name}`);
      }
    }
    const bare = await ask("GET /bare.txt", "a");
    assert.equal(bare.status, 200);
    assert.equal(bare.headers["access-control-allow-origin"], undefined);
    assert.equal((await ask("GET /none.txt", "a")).status, 400, "b refuses");
    await rm(root, { recursive: true });
  });

  it("holds without a connection too", async () => {
    const app = new App();
    compose(app);
    const headers = { origin: from("b"), "access-control-request-method": "PUT" };
    const injected = await app.inject({ method: "OPTIONS", url: "/b", headers });
    assert.equal(injected.status, 204);
    assert.equal(injected.headers["access-control-allow-origin"], from("b"));
    const other = await app.inject({
      method: "OPTIONS",
      url: "/b",
      headers: { ...headers, origin: from("a") },
    });
    assert.equal(other.status, 400);
  });
});
