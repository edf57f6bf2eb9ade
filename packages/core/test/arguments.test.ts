import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  App,
  type AppOptions,
  ArgumentError,
  BodyParser,
  JSONParser,
  Logger,
  MultipartParser,
  ReadBuffer,
  Router,
  SessionHandler,
  Static,
  TextParser,
  URLEncodedParser,
  WebSocketServer,
} from "@miqro/core";

// What plain JavaScript can pass, and a compiler that is not strict.
// biome-ignore lint/suspicious/noExplicitAny: each call is a wrong one
type Wrong = any;

const handler = (): number => 1;

function refuses(call: () => unknown, message: RegExp): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof ArgumentError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

describe("ArgumentError", () => {
  it("names unknown options, and what was probably meant", () => {
    const calls: [string, (options: Wrong) => unknown, Wrong, string][] = [
      ["A logger", (options) => new Logger("X", "info", options), { transport: [] }, "transports"],
      ["An app", (options) => new App(options), { trustproxy: true }, "trustProxy"],
      ["A router", (options) => new Router(options), { handlerTimout: 1 }, "handlerTimeout"],
      ["JSONParser", JSONParser, { limt: 5 }, "limit"],
      ["URLEncodedParser", URLEncodedParser, { tpye: "a/b" }, "type"],
      ["TextParser", TextParser, { limits: 5 }, "limit"],
      ["ReadBuffer", ReadBuffer, { limt: 5 }, "limit"],
      ["BodyParser", BodyParser, { multiparts: false }, "multipart"],
      ["MultipartParser", MultipartParser, { filesize: 5 }, "fileSize"],
      ["Static", (options) => Static(import.meta.dirname, options), { indx: false }, "index"],
      ["A session handler", SessionHandler, { verify: handler, requird: false }, "required"],
      [
        "The `options` of a session handler",
        SessionHandler,
        { authService: { verify: handler }, options: { requird: false } },
        "required",
      ],
      [
        "A WebSocket server",
        (options) => new WebSocketServer(options),
        { path: "/", origin: "x" },
        "origins",
      ],
      ["A route declaration", route, { path: "/a", polcy: { groups: ["admin"] }, handler }, "policy"],
      ["A route declaration", (one) => new Router().use(one), { methd: "POST", handler }, "method"],
      ["The `request` of a route", route, { path: "/a", request: { bdy: true }, handler }, "body"],
      ["The `response` of a route", route, { path: "/a", response: { statsu: 201 }, handler }, "status"],
      ["A policy", route, { path: "/a", policy: { groups: [], groupPolcy: "all" }, handler }, "groupPolicy"],
    ];
    for (const [what, call, options, meant] of calls) {
      refuses(() => call(options), new RegExp(`${what} has no "\\w+"\\. Perhaps "${meant}" was meant\\.$`));
    }
    refuses(
      () => SessionHandler({ authService: { verify: handler }, required: false } as Wrong),
      /has no "required"/,
    );
    refuses(() => new App({ zzz: 1 } as Wrong), /It knows handlerTimeout, loggerFactory, /);
    for (const [, call] of calls) refuses(() => call(null), /./);
  });

  it("names options of the wrong kind", () => {
    const wrong: Wrong[] = [
      { stallTimeout: "1s" },
      { stallTimeout: Number.NaN },
      { headersTimeout: "20s" },
      { headersTimeout: -1 },
      { keepAliveTimeout: "5" },
      { handlerTimeout: 1e12 },
      { maxRequestsPerSocket: 1.5 },
      { bodyLimit: null },
      { bodyLimit: "1 m" },
      { etag: "weak" },
      { caseSensitive: "no" },
      { https: "yes" },
      { serverOptions: 5 },
      { onUpgrade: 5 },
      { loggerFactory: {} },
      { logRequests: 1 },
      { relay: {} },
      { renderer: { test: handler } },
    ];
    for (const options of wrong) {
      refuses(
        () => new App(options),
        new RegExp(`${Object.keys(options)[0]}"? (of an app )?must be .*, not .+\\.$`),
      );
    }
    assert.ok(new App({ stallTimeout: undefined, etag: undefined } as Wrong as AppOptions));
    refuses(
      () => new Logger("X", "info", { transports: [{}] } as Wrong),
      /must be an array of objects \{ write\(record\), level\?, flush\?\(\), close\?\(\) \}, not an array with other content\./,
    );
    refuses(() => new Logger("X", 5 as Wrong), /The level of a logger must be/);
    refuses(
      () => JSONParser({ strict: "no" } as Wrong),
      /"strict" of JSONParser must be true or false, not "no"/,
    );
    refuses(
      () => TextParser({ type: 5 } as Wrong),
      /"type" of TextParser must be a string or an array of strings, not 5/,
    );
    refuses(
      () => MultipartParser({ files: -1 }),
      /"files" of MultipartParser must be a whole number from 0 up, not -1/,
    );
    refuses(
      () => route({ path: "/a", request: { bodyMode: "remove" }, handler }),
      /^GET \/a: "bodyMode" of the `request` of a route must be one of "no_extra"/,
    );
    for (const status of ["200", 99, [], ["201"]]) {
      refuses(
        () => route({ path: "/a", response: { status }, handler }),
        /"status" .* must be a whole number from 200/,
      );
    }
    for (const part of [null, []]) {
      refuses(
        () => route({ path: "/a", request: { body: part }, handler }),
        /^GET \/a: .* a schema, or an array/,
      );
      refuses(
        () => route({ path: "/a", response: { body: part }, handler }),
        /^GET \/a: .* a schema, or an array/,
      );
    }
    refuses(() => route({ path: "/a", request: { headers: false }, handler }), /would refuse every request/);
    refuses(() => route({ path: "/a", policy: { groups: "admin" }, handler }), /an array of `groups`/);
    for (const key of ["policy", "session", "request", "response"]) {
      refuses(
        () => route({ path: "/a", [key]: null, handler }),
        new RegExp(`"${key}" of a route declaration must be`),
      );
    }
  });

  it("takes an empty variable for one that is not set", () => {
    process.env.BODY_PARSER_LIMIT = "";
    try {
      assert.equal(typeof JSONParser(), "function");
      process.env.BODY_PARSER_LIMIT = "lots";
      refuses(() => JSONParser(), /The limit of JSONParser must be a number of bytes/);
    } finally {
      delete process.env.BODY_PARSER_LIMIT;
    }
  });

  it("does not take a path that is undefined for every path", async () => {
    const app = new App() as Wrong;
    for (const method of ["get", "post", "put", "patch", "delete", "head", "options", "all"]) {
      for (const path of [undefined, null, 5]) {
        refuses(() => app[method](path, handler), /^The path of a route for [A-Z]+ must be a string such as/);
      }
      refuses(() => app[method]([], handler), /at least one/);
    }
    refuses(
      () => app.route({ path: undefined, method: "use", policy: { groups: ["a"] }, handler }),
      /`path` .* undefined/,
    );
    refuses(() => app.route({ handler }), /A route needs a `path`/);
    refuses(() => app.use(handler, undefined, "POST"), /A route needs a `path`/);
    assert.deepEqual(app.routes(), []);
    app.use(handler).use({ handler }).use(handler, null).route({ path: null, handler });
    assert.equal((await app.inject("/x")).text(), "1");
  });

  it("says of which route a handler is none", () => {
    const app = new App() as Wrong;
    refuses(
      () => app.get("/users/:id"),
      /^GET \/users\/:id: A handler must be a function \(req, res\) => ..., not undefined\.$/,
    );
    refuses(() => app.get("/x", undefined), /^GET \/x: .*not undefined/);
    refuses(
      () => route({ path: "/a", middleware: [undefined], handler }),
      /^GET \/a: A middleware must be .* not undefined/,
    );
    refuses(() => app.use("/x", undefined), /^The middleware of \/x: A middleware must be/);
    refuses(() => app.catch(), /An error handler must be a function \(err, req, res\)/);
    refuses(() => app.webSocket({}), /takes a WebSocketServer, not an object/);
    refuses(() => app.use((_req: Wrong, _res: Wrong, next: Wrong) => next()), /There is no `next`/);
    refuses(() => route({ path: "/a", request: { body: { a: "strng" } }, handler }), /^GET \/a: .*"strng"/);
  });

  it("refuses patterns that no path fits", async () => {
    const app = new App();
    for (const path of [
      "/user-:id",
      "/files*",
      "/a/**",
      "/a/../b",
      "/a/.",
      "/%2e",
      "/a?x",
      "/a#h",
      "/{a}",
      "/%",
    ]) {
      refuses(() => app.get(path, handler), /of \/.* (would match nothing|has a malformed percent escape)/);
    }
    app.get("/caf%C3%A9/b%3Ac", () => "found");
    assert.equal((await app.inject("/caf%C3%A9/b:c")).text(), "found");
    assert.deepEqual(
      app.routes().map(({ path }) => path),
      ["/café/b%3Ac"],
    );
    assert.deepEqual(Object.keys(app.getJSONDoc()), ["/café/b%3Ac"]);
  });

  it("finds a parameter that is there twice when routers are put together, in either order", () => {
    const inner = new Router().get("/:id", handler);
    refuses(() => new Router().use("/:id", inner), /":id" occurs twice in \/:id\/:id/);
    const late = new Router();
    const between = new Router().use("/b", late);
    const app = new App().use("/:id", between);
    refuses(() => late.get("/:id", handler), /":id" occurs twice in \/:id\/b\/:id/);
    refuses(() => late.use("/:id", () => {}), /":id" occurs twice/);
    refuses(() => app.use("/a/*", inner), /must end it/);
    assert.deepEqual(app.routes(), []);
  });

  it("refuses what no client can send in inject", async () => {
    const app = new App().get("/*", handler);
    for (const request of ["/é", "/a b", "", { url: "/", header: {} }, { url: "/", headers: 5 }]) {
      await assert.rejects(app.inject(request as Wrong), ArgumentError);
    }
    await assert.rejects(app.inject({ url: "/", headers: { "x-a": "a\r\nb: c" } }), TypeError);
  });
});

function route(declaration: Wrong): Router {
  return new Router().route(declaration);
}
