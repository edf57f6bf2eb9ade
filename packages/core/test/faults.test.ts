import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  App,
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
import { sign, verify } from "@miqro/core/jwt";

// What plain JavaScript can pass.
// biome-ignore lint/suspicious/noExplicitAny: each call is a wrong one
type Wrong = any;

const handler = (): number => 1;
const declare = (declaration: Wrong) => new Router().route(declaration);
const secret = "0123456789abcdef0123456789abcdef";

/** Calls with several wrong options, and the paths of all of them. */
const calls: [string, () => unknown, string[]][] = [
  [
    "App",
    () => new App({ etag: 1, trustProxy: ["x"], bodyLimit: "1 m", zzz: 1 } as Wrong),
    ["bodyLimit", "etag", "trustProxy", "zzz"],
  ],
  ["Router", () => new Router({ handlerTimeout: -1, zzz: 1 } as Wrong), ["handlerTimeout", "zzz"]],
  ["listen", () => new App().listen({ port: -1, host: 5, hots: "x" } as Wrong), ["host", "hots", "port"]],
  ["close", () => new App().close({ timeout: "1s", drainIdle: -1 } as Wrong), ["drainIdle", "timeout"]],
  [
    "inject",
    () => new App().inject({ url: "a b", method: 5, headers: 5 } as Wrong),
    ["headers", "method", "url"],
  ],
  [
    "JSONParser",
    () => JSONParser({ limit: "lots", strict: 1, type: 5 } as Wrong),
    ["limit", "strict", "type"],
  ],
  ["TextParser", () => TextParser({ limit: -1, zzz: 1 } as Wrong), ["limit", "zzz"]],
  ["URLEncodedParser", () => URLEncodedParser({ limit: {}, zzz: 1 } as Wrong), ["limit", "zzz"]],
  ["ReadBuffer", () => ReadBuffer({ limit: "x", zzz: 1 } as Wrong), ["limit", "zzz"]],
  [
    "BodyParser",
    () => BodyParser({ limit: "x", type: "a/b", multipart: { files: -1, zzz: 1 } } as Wrong),
    ["limit", "multipart.files", "multipart.zzz", "type"],
  ],
  [
    "MultipartParser",
    () => MultipartParser({ files: -1, fileSize: "x", fieldSize: null } as Wrong),
    ["fieldSize", "fileSize", "files"],
  ],
  ["Static", () => Static("/nowhere/at/all", { index: 5, zzz: 1 } as Wrong), ["index", "root", "zzz"]],
  [
    "Logger",
    () => new Logger("X", "loud" as Wrong, { formatter: 5, zzz: 1 } as Wrong),
    ["formatter", "level", "zzz"],
  ],
  [
    "SessionHandler",
    () => SessionHandler({ tokenLocation: "body", path: "x", required: 1 } as Wrong),
    ["path", "required", "tokenLocation", "verify"],
  ],
  [
    "SessionHandler with a service",
    () => SessionHandler({ authService: {}, exclude: "x", options: { required: 1, path: "y" } } as Wrong),
    ["authService", "exclude", "options.path", "options.required"],
  ],
  [
    "WebSocketServer",
    () => new WebSocketServer({ path: "x", maxPayload: -1, validate: 5 } as Wrong),
    ["maxPayload", "path", "validate"],
  ],
  [
    "WebSocketServer with a bad pattern",
    () => new WebSocketServer({ path: "/a/**", origin: "x" } as Wrong),
    ["origin", "path"],
  ],
  ["route: keys", () => declare({ path: "/a", nmae: "x", tags: 5, handler }), ["nmae", "tags"]],
  [
    "route: keys, and what is in the others",
    () => declare({ path: "/a/**", method: "FETCH", nmae: "x", policy: { groups: "x", zzz: 1 }, handler: 5 }),
    ["handler", "method", "nmae", "path", "policy.groups", "policy.zzz"],
  ],
  [
    "route: what is in them",
    () =>
      declare({
        path: "/a",
        session: { tokenLocation: "x" },
        policy: { groups: [], groupPolicy: "x" },
        middleware: [handler, undefined],
        request: { bodyMode: "x", bdy: 1 },
        response: { status: 99, body: { a: "strng" } },
        handler: undefined,
      }),
    [
      "handler",
      "middleware.1",
      "policy.groupPolicy",
      "request.bdy",
      "request.bodyMode",
      "response.status",
      "session.tokenLocation",
      "session.verify",
    ],
  ],
  [
    "route: schemas",
    () =>
      declare({ path: "/a", request: { body: { a: "strng" } }, response: { body: { a: "nmber" } }, handler }),
    ["request", "response"],
  ],
  [
    "use with options",
    () => new Router().use({ path: "a", policy: { groups: 1 }, handler: 5 } as Wrong),
    ["handler", "path", "policy.groups"],
  ],
  [
    "sign",
    () => sign({}, secret, { alg: 5, expiresIn: Number.NaN, isuer: "x" } as Wrong),
    ["alg", "expiresIn", "isuer"],
  ],
  [
    "verify",
    () => verify("x", secret, { algorithms: ["none"], issuer: 5 } as Wrong),
    ["algorithms", "issuer"],
  ],
];

async function catchError(call: () => unknown): Promise<ArgumentError> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ArgumentError, String(error));
    return error;
  }
  throw new Error("Nothing was thrown.");
}

describe("ArgumentError.issues", () => {
  for (const [name, call, paths] of calls) {
    it(`tells of all that is wrong at once: ${name}`, async () => {
      const error = await catchError(call);
      assert.deepEqual(error.issues.map(({ path }) => path).sort(), paths, error.message);
      for (const { message } of error.issues) {
        assert.match(message, /^\S.*[.:]$/s);
        assert.ok(error.message.includes(message), message);
      }
      assert.match(error.message, new RegExp(` has ${paths.length} faults:\n- `));
    });
  }

  it("holds the one fault, and the message is its own", async () => {
    const error = await catchError(() => new App({ etag: 1 } as Wrong));
    assert.deepEqual(error.issues, [
      { path: "etag", message: '"etag" of an app must be true or false, not 1.' },
    ]);
    assert.equal(error.message, error.issues[0]?.message);
    assert.deepEqual(new ArgumentError("Wrong.").issues, [{ path: "", message: "Wrong." }]);
  });

  it("says of which route it is, and leaves that to whoever knows the file in the issues", async () => {
    const error = await catchError(() => declare({ path: "/a", policy: { groups: 1 }, handler }));
    assert.match(error.message, /^GET \/a: A policy needs an array of `groups`/);
    assert.match(error.issues[0]?.message ?? "", /^A policy needs an array of `groups`/);
  });

  it("is what reply methods reject with", async () => {
    const errors: ArgumentError[] = [];
    const app = new App()
      .get("/end", (_req, res) => res.asyncEnd({ satus: 201, body: 5 } as Wrong))
      .get("/file", (_req, res) => res.sendFile("x", { roots: "/" } as Wrong))
      .get("/events", (_req, res) => void res.sse({ heartbeat: "1s", retry: 1 } as Wrong))
      .catch((error) => {
        errors.push(error as ArgumentError);
        return { caught: true };
      });
    for (const path of ["/end", "/file", "/events"]) {
      assert.equal((await app.inject(path)).status, 500, path);
    }
    assert.deepEqual(
      errors.map((error) => error.issues.map((issue) => issue.path).sort()),
      [
        ["body", "satus"],
        ["root", "roots"],
        ["heartbeat", "retry"],
      ],
    );
  });

  it("registers nothing of what is wrong", () => {
    const router = new Router();
    for (const wrong of [
      { path: "/a", nmae: "x" },
      { path: "/a", policy: { groups: 1 } },
      { path: "/a", tags: 1, method: "use" },
    ]) {
      assert.throws(() => router.route({ ...wrong, handler } as Wrong), ArgumentError);
    }
    assert.deepEqual(router.routes(), []);
  });

  it("stays on the server, as the message of any 500 does", async () => {
    const app = new App({ loggerFactory: () => new Logger("X", "none") }).get("/", () => {
      throw new ArgumentError("A secret.");
    });
    for (const accept of ["text/plain", "application/json"]) {
      const answer = await app.inject({ url: "/", headers: { accept } });
      assert.equal(answer.status, 500);
      assert.doesNotMatch(answer.text(), /secret/);
    }
  });
});
