import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AppOptions, CSRF, type Middleware, SessionHandler, WebSocketServer } from "@miqro/core";
import { request, serve } from "./support/serve.js";

const session = { account: "a", username: "u", groups: [] };

const guards: Readonly<Record<string, Middleware>> = {
  "a session in a cookie": SessionHandler({ tokenLocation: "cookie", verify: () => session }),
  CSRF: CSRF(),
};

/** The status of a POST behind a guard that takes requests of its own origin only. */
async function post(
  guard: Middleware,
  headers: Readonly<Record<string, string>>,
  options: AppOptions = {},
): Promise<number> {
  await using server = await serve((app) => {
    app.use(guard);
    app.post("/save", () => "saved");
  }, options);
  const { host = "shop.example", ...rest } = headers;
  const lines = Object.entries({ cookie: "token=t", ...rest }).map(([name, value]) => `${name}: ${value}`);
  const answer = await server.raw(
    request("POST /save", ...lines).replace("Host: localhost", `Host: ${host}`),
  );
  return Number(answer.slice(9, 12));
}

const rows: [status: number, headers: Readonly<Record<string, string>>, options?: AppOptions][] = [
  // Programs that are no browsers.
  [200, {}],
  // The browser itself says where the page is from.
  [200, { "sec-fetch-site": "same-origin" }],
  [200, { "sec-fetch-site": "none" }],
  [403, { "sec-fetch-site": "same-site" }],
  [403, { "sec-fetch-site": "cross-site" }],
  [200, { origin: "null", "sec-fetch-site": "same-origin" }],
  [403, { origin: "null", "sec-fetch-site": "cross-site" }],
  [403, { origin: "https://shop.example", "sec-fetch-site": "same-site" }],
  [200, { origin: "https://elsewhere.example", "sec-fetch-site": "same-origin" }],
  // Older browsers send the origin only.
  [200, { origin: "https://shop.example" }],
  [200, { origin: "HTTPS://Shop.Example" }],
  [200, { origin: "https://shop.example:443" }],
  [200, { origin: "https://shop.example", host: "shop.example:443" }],
  [200, { origin: "http://shop.example", host: "shop.example:80" }],
  [200, { origin: "http://shop.example:8080", host: "shop.example:8080" }],
  [200, { origin: "http://[::1]:8080", host: "[::1]:8080" }],
  [200, { origin: "http://[::1]", host: "[::1]:80" }],
  [403, { origin: "http://shop.example", host: "shop.example:443" }],
  [403, { origin: "https://shop.example:8443" }],
  [403, { origin: "https://shop.example.evil.example" }],
  [403, { origin: "https://evil.example" }],
  [403, { origin: "null" }],
  [403, { origin: "https://" }],
  [403, { origin: "https://evil.example@shop.example" }],
  [403, { origin: "file://shop.example" }],
  [403, { origin: "shop.example" }],
  // A proxy that the app trusts knows the public name and the scheme.
  [
    200,
    { origin: "https://shop.example", host: "10.0.0.7:8080", "x-forwarded-host": "shop.example" },
    { trustProxy: 1 },
  ],
  [
    200,
    {
      origin: "https://shop.example",
      host: "b",
      "x-forwarded-host": "shop.example",
      "x-forwarded-proto": "https",
    },
    { trustProxy: true },
  ],
  [
    403,
    { origin: "http://shop.example", "x-forwarded-proto": "https", "x-forwarded-host": "shop.example:80" },
    { trustProxy: 1 },
  ],
  [403, { origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
  [
    403,
    { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    { trustProxy: ["10.0.0.0/8"] },
  ],
  [
    403,
    { origin: "https://evil.example", "x-forwarded-host": "evil.example, shop.example" },
    { trustProxy: 1 },
  ],
];

describe("the origin of a request", () => {
  for (const [status, headers, options] of rows) {
    it(`${JSON.stringify({ ...headers, ...options })} answers ${status}`, async () => {
      for (const [name, guard] of Object.entries(guards))
        assert.equal(await post(guard, headers, options), status, name);
    });
  }

  it("holds for upgrades too, where `origins` lists other pages that may connect", async () => {
    const sockets = new WebSocketServer({
      path: "/live",
      origins: ["https://Other.example:443", "http://a.example:81"],
    });
    await using server = await serve((app) => app.webSocket(sockets), { trustProxy: 1 });
    const ask = async (...headers: string[]): Promise<string> => {
      const fixed = [
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ];
      const head = request("GET /live", ...fixed, ...headers).replace(
        "Connection: close",
        "Connection: Upgrade",
      );
      // The connection of an upgrade that succeeds ends by a frame without a mask.
      return (await server.raw(`${head}\x81\x01a`)).slice(9, 12);
    };
    const foreign = "Sec-Fetch-Site: cross-site";
    assert.equal(await ask("Origin: https://other.example", foreign), "101");
    assert.equal(await ask("Origin: https://other.example"), "101");
    assert.equal(await ask("Origin: http://a.example:81"), "101");
    assert.equal(await ask("Origin: http://other.example"), "403");
    assert.equal(await ask("Origin: http://a.example"), "403");
    assert.equal(await ask("Origin: https://localhost"), "101");
    assert.equal(await ask("Origin: https://shop.example", "X-Forwarded-Host: shop.example"), "101");
    assert.equal(await ask("Origin: null", "Sec-Fetch-Site: same-origin"), "101");
    assert.equal(await ask("Origin: null"), "403");
  });

  it("is checked when origins are listed", () => {
    for (const origins of [
      "other.example",
      "https://other.example/",
      "https://a@b",
      "*",
      "",
      ["https://a", "b"],
    ])
      assert.throws(
        () => new WebSocketServer({ path: "/live", origins }),
        /An origin must be a scheme and a host/,
      );
  });

  it("is the client's in the lines of the log", async () => {
    const seen: string[] = [];
    await using server = await serve(
      (app) => {
        app.get("/", (req) => {
          seen.push(req.ip);
          req.logger.info("asked");
          return "ok";
        });
      },
      { trustProxy: 1, loggerFactory: undefined as never },
    );
    const write = process.stdout.write;
    let text = "";
    process.stdout.write = ((part: string) => {
      text += part;
      return true;
    }) as never;
    try {
      await server.fetch("/", { headers: { "x-forwarded-for": "203.0.113.9" } });
    } finally {
      process.stdout.write = write;
    }
    assert.deepEqual(seen, ["203.0.113.9"]);
    assert.match(text, /203\.0\.113\.9/);
  });
});
