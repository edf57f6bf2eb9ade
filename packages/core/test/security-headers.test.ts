import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  App,
  type AppOptions,
  ArgumentError,
  CORS,
  CSRF,
  SecurityHeaders,
  type SecurityHeadersOptions,
} from "@miqro/core";
import { request, serve } from "./support/serve.js";

async function ask(options?: SecurityHeadersOptions, headers: string[] = [], appOptions: AppOptions = {}) {
  await using server = await serve((app) => {
    app.use(SecurityHeaders(options));
    app.get("/", () => "ok");
  }, appOptions);
  const answer = await server.raw(request("GET /", ...headers));
  const lines = answer.slice(0, answer.indexOf("\r\n\r\n")).split("\r\n").slice(1);
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
}

const https: [string[], AppOptions] = [["X-Forwarded-Proto: https"], { trustProxy: 1 }];
// OWASP's list of secure headers, with their values but for the lists in the two policies.
const owasp: Readonly<Record<string, string | RegExp>> = {
  "content-security-policy":
    /^default-src 'self'; .*form-action 'self'; .*frame-ancestors 'none'; .*object-src 'none'; .*upgrade-insecure-requests$/,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": /accelerometer=\(\), autoplay=\(\), camera=\(\), .*sync-xhr=\(self\)/,
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
};
const optional = ["cache-control", "clear-site-data", "cross-origin-embedder-policy"];

describe("SecurityHeaders", () => {
  it("sets those of OWASP's list, whatever the answer is", async () => {
    await using server = await serve(
      (app) => {
        app.use([SecurityHeaders(), CORS(), CSRF()]);
        app.get("/text", () => "ok");
        app.get("/json", () => ({ ok: true }));
        app.get("/page", (_req, res) => res.html("<p>ok</p>"));
        app.get("/nothing", () => null);
        app.get("/node", (_req, res) => void res.end("ok"));
        app.get("/web", () => new Response("ok"));
        app.get("/thrown", () => {
          throw new Error("broken");
        });
        app.get("/away", (_req, res) => res.redirect("/text"));
      },
      { trustProxy: 1, etag: true },
    );
    const rows: [path: string, status: number][] = [
      ["/text", 200],
      ["/json", 200],
      ["/page", 200],
      ["/nothing", 204],
      ["/node", 200],
      ["/web", 200],
      ["/thrown", 500],
      ["/away", 302],
      ["/missing", 404],
    ];
    for (const [path, status] of rows) {
      const answer = await server.fetch(path, { headers: { "x-forwarded-proto": "https" } });
      assert.equal(answer.status, status, path);
      for (const [name, expected] of Object.entries(owasp)) {
        const sent = answer.headers.get(name) ?? "";
        if (typeof expected === "string") assert.equal(sent, expected, `${name} of ${path}`);
        else assert.match(sent, expected, `${name} of ${path}`);
      }
      for (const name of [...optional, "server", "x-powered-by"])
        assert.equal(answer.headers.get(name), null, `${name} of ${path}`);
    }
  });

  it("asks for HTTPS over HTTPS only", async () => {
    const rows: [isSecure: boolean, headers: string[], options: AppOptions][] = [
      [false, [], {}],
      [true, ...https],
      [false, ["X-Forwarded-Proto: https"], {}],
      [false, ["X-Forwarded-Proto: https"], { trustProxy: ["10.0.0.0/8"] }],
      [false, ["X-Forwarded-Proto: http"], { trustProxy: 1 }],
      [false, ["X-Forwarded-Proto: https, http"], { trustProxy: 1 }],
      [true, ["X-Forwarded-Proto: http, https"], { trustProxy: 1 }],
      [false, ["X-Forwarded-Proto: wss"], { trustProxy: 1 }],
      [false, ["Forwarded: proto=https", "X-Forwarded-Ssl: on"], { trustProxy: true }],
    ];
    for (const [isSecure, headers, options] of rows) {
      const sent = await ask({}, headers, options);
      assert.equal(sent.has("strict-transport-security"), isSecure, headers.join());
      assert.equal(
        /upgrade-insecure/.test(sent.get("content-security-policy") ?? ""),
        isSecure,
        headers.join(),
      );
    }
  });

  it("sends what options say in place of the defaults", async () => {
    const sent = await ask(
      {
        contentSecurityPolicy: {
          "img-src": ["'self'", "data:", "https://*.cdn.example"],
          "object-src": false,
          sandbox: true,
          "base-uri": undefined,
        },
        strictTransportSecurity: { maxAge: 60, includeSubDomains: false, preload: true },
        permissionsPolicy: { camera: ["self", "https://meet.example"], fullscreen: ["*"], usb: false },
        referrerPolicy: "same-origin",
        xFrameOptions: "SAMEORIGIN",
        xPermittedCrossDomainPolicies: false,
        crossOriginEmbedderPolicy: "require-corp",
        cacheControl: "no-store, max-age=0",
        clearSiteData: ["cache", "cookies", "storage"],
      },
      ...https,
    );
    assert.equal(
      sent.get("content-security-policy"),
      "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; style-src 'self'; upgrade-insecure-requests; img-src 'self' data: https://*.cdn.example; sandbox",
    );
    assert.equal(sent.get("strict-transport-security"), "max-age=60; preload");
    assert.match(sent.get("permissions-policy") ?? "", /camera=\(self "https:\/\/meet.example"\)/);
    assert.match(sent.get("permissions-policy") ?? "", /fullscreen=\*/);
    assert.doesNotMatch(sent.get("permissions-policy") ?? "", /usb/);
    assert.equal(sent.get("referrer-policy"), "same-origin");
    assert.equal(sent.get("x-frame-options"), "SAMEORIGIN");
    assert.equal(sent.has("x-permitted-cross-domain-policies"), false);
    assert.equal(sent.get("cross-origin-embedder-policy"), "require-corp");
    assert.equal(sent.get("cache-control"), "no-store, max-age=0");
    assert.equal(sent.get("clear-site-data"), '"cache", "cookies", "storage"');
  });

  it("leaves the last word to handlers, and `no-store` on errors", async () => {
    await using server = await serve((app) => {
      app.use(SecurityHeaders({ cacheControl: "no-store" }));
      app.get("/own", (_req, res) => {
        res.setHeader("X-Frame-Options", "SAMEORIGIN");
        res.text("ok", { "Cache-Control": "max-age=60" });
      });
    });
    const own = await server.fetch("/own");
    assert.equal(own.headers.get("x-frame-options"), "SAMEORIGIN");
    assert.equal(own.headers.get("cache-control"), "max-age=60");
    assert.equal((await server.fetch("/missing")).headers.get("cache-control"), "no-store");
  });

  it("refuses what cannot be sent, and what browsers would read in another way, all at once", () => {
    const wrong: [options: object, paths: string[]][] = [
      [
        { referrerPolicy: "no-referrer\r\nX-Evil: 1", xFrameOptions: "deny" },
        ["referrerPolicy", "xFrameOptions"],
      ],
      [
        { cacheControl: "no-store\n", crossOriginOpenerPolicy: "\u2603" },
        ["cacheControl", "crossOriginOpenerPolicy"],
      ],
      [{ contentSecurityPolicy: { "script-scr": "'self'" } }, ["contentSecurityPolicy.script-scr"]],
      [{ contentSecurityPolicy: { "script-src": "self" } }, ["contentSecurityPolicy.script-src"]],
      [{ contentSecurityPolicy: { "img-src": ["'self'; script-src *"] } }, ["contentSecurityPolicy.img-src"]],
      [{ contentSecurityPolicy: { "img-src": "a.example\r\nX-Evil:1" } }, ["contentSecurityPolicy.img-src"]],
      [
        { contentSecurityPolicy: { "img-src": "a.example,b.example", "frame-ancestors": ["none"] } },
        ["contentSecurityPolicy.img-src", "contentSecurityPolicy.frame-ancestors"],
      ],
      [{ contentSecurityPolicy: { "img-src": 1 } }, ["contentSecurityPolicy.img-src"]],
      [{ contentSecurityPolicy: true }, ["contentSecurityPolicy"]],
      [{ permissionsPolicy: { "camera=*, usb": [] } }, ["permissionsPolicy.camera=*, usb"]],
      [
        { permissionsPolicy: { camera: ['https://a.example" *'], usb: true } },
        ["permissionsPolicy.camera", "permissionsPolicy.usb"],
      ],
      [{ strictTransportSecurity: { maxAge: "1y" } }, ["strictTransportSecurity.maxAge"]],
      [
        { strictTransportSecurity: { maxage: 1 }, clearSiteData: ["everything"] },
        ["clearSiteData", "strictTransportSecurity.maxage"],
      ],
      [{ hsts: false }, ["hsts"]],
    ];
    for (const [options, paths] of wrong) {
      assert.throws(
        () => SecurityHeaders(options),
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

describe("res.cspNonce", () => {
  const policyOf = (answer: globalThis.Response): string =>
    answer.headers.get("content-security-policy") ?? "";

  it("is made when it is read, another one for each answer, and in the policy of that", async () => {
    await using server = await serve((app) => {
      app.use(SecurityHeaders());
      app.get("/read", (_req, res) => res.html(`${res.cspNonce} ${res.cspNonce}`));
      app.get("/unread", (_req, res) => res.html("x"));
      app.get("/returned", (_req, res) => `${res.cspNonce} ${res.cspNonce}`);
    });
    const seen = new Set<string>();
    for (const path of ["/read", "/read", "/returned"]) {
      const answer = await server.fetch(path);
      const [nonce = "", again] = (await answer.text()).split(" ");
      assert.equal(nonce, again);
      assert.match(nonce, /^[A-Za-z0-9+/]{22}==$/);
      assert.ok(
        policyOf(answer).includes(`script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'`),
      );
      seen.add(nonce);
    }
    assert.equal(seen.size, 3);
    const unread = policyOf(await server.fetch("/unread"));
    assert.ok(unread.includes("script-src 'self'; style-src 'self'"));
    assert.doesNotMatch(unread, /nonce/);
  });

  it("takes the entity tag from its page", async () => {
    await using server = await serve(
      (app) => {
        app.use(SecurityHeaders());
        const long = "x".repeat(2000);
        app.get("/plain", (_req, res) => res.html(long));
        app.get("/nonce", (_req, res) => res.html(`${res.cspNonce}${long}`));
        app.get("/own", (_req, res) => {
          res.setHeader("ETag", '"own"');
          res.html(`${res.cspNonce}`);
        });
      },
      { etag: true },
    );
    assert.match((await server.fetch("/plain")).headers.get("etag") ?? "", /^W\//);
    for (const path of ["/nonce", "/own"])
      assert.equal((await server.fetch(path)).headers.get("etag"), null, path);
    const again = await server.fetch("/nonce", { headers: { "if-none-match": "*" } });
    assert.equal(again.status, 200);
  });

  it("is in a policy that is only reported, and in every directive that has a place for it", async () => {
    await using server = await serve((app) => {
      const contentSecurityPolicy = {
        "script-src": ["'nonce'", "'strict-dynamic'"],
        "style-src": "'nonce'",
        "report-uri": "/csp",
      };
      app.use(SecurityHeaders({ reportOnly: true, contentSecurityPolicy }));
      app.get("/", (_req, res) => res.html(`${res.cspNonce}`));
      app.get("/unread", () => "x");
    });
    const answer = await server.fetch("/");
    const nonce = await answer.text();
    assert.equal(policyOf(answer), "");
    const reported = answer.headers.get("content-security-policy-report-only") ?? "";
    assert.ok(
      reported.includes(
        `script-src 'strict-dynamic' 'nonce-${nonce}'; style-src 'nonce-${nonce}'; report-uri /csp`,
      ),
    );
    const unread = (await server.fetch("/unread")).headers.get("content-security-policy-report-only");
    assert.match(unread ?? "", /script-src 'strict-dynamic'; style-src 'none'/);
  });

  it("is undefined where no policy takes it", async () => {
    const rows: [name: string, set: (app: App) => void][] = [
      ["no middleware", () => {}],
      ["no policy", (app) => app.use(SecurityHeaders({ contentSecurityPolicy: false }))],
      [
        "no place",
        (app) =>
          app.use(
            SecurityHeaders({ contentSecurityPolicy: { "script-src": "'self'", "style-src": "'self'" } }),
          ),
      ],
      [
        "a policy of the handler",
        (app) =>
          app.use([
            SecurityHeaders(),
            (_req, res) => void res.setHeader("Content-Security-Policy", "default-src *"),
          ]),
      ],
    ];
    for (const [name, set] of rows) {
      await using server = await serve((app) => {
        set(app);
        app.get("/", (_req, res) => `${res.cspNonce}`);
      });
      assert.equal(await (await server.fetch("/")).text(), "undefined", name);
    }
    await using server = await serve((app) => {
      app.use(SecurityHeaders());
      app.get("/", (_req, res) => {
        res.write("begun ");
        res.end(String(res.cspNonce));
      });
    });
    assert.equal(await (await server.fetch("/")).text(), "begun undefined");
  });

  it("is there without a connection too", async () => {
    const app = new App();
    app.use(SecurityHeaders()).get("/", (_req, res) => `${res.cspNonce}`);
    const answer = await app.inject("/");
    assert.ok(String(answer.headers["content-security-policy"]).includes(`'nonce-${answer.text()}'`));
  });
});
