import assert from "node:assert/strict";
import { createSecretKey, generateKeyPairSync } from "node:crypto";
import { afterEach, describe, it, mock } from "node:test";
import {
  type App,
  ArgumentError,
  SealedSession,
  type SealedSessionMiddleware,
  type SealedSessionOptions,
  type Session,
} from "@miqro/core";
import { encrypt, sign } from "@miqro/core/jwt";
import { request, type Served, serve } from "./support/serve.js";

const secret = "s".repeat(32);
const ann: Session = { account: "a", username: "ann", groups: ["staff"], theme: "dark" };
const day = 86_400_000;

/** An app with sign-in, sign-out, and a page for those who are signed in. */
function run(
  options: Partial<SealedSessionOptions> = {},
  more?: (app: App) => void,
): Promise<Served & { sessions: SealedSessionMiddleware }> {
  const sessions = SealedSession({ secrets: secret, exclude: ["/sign-in", "/open"], ...options });
  return serve((app) => {
    app.use(sessions);
    app.post("/sign-in", async (req, res) => {
      await sessions.signIn(req, res, ann);
      return "welcome";
    });
    app.all("/sign-out", (req, res) => {
      sessions.signOut(req, res);
      return "bye";
    });
    app.get("/open", (req) => String(req.session?.username));
    app.all("/", (req) => ({ ...req.session, id: sessions.signedIn(req)?.id }));
    more?.(app);
  }).then((server) => Object.assign(server, { sessions }));
}

const lineOf = (answer: globalThis.Response): string => answer.headers.getSetCookie().join("\n");
const tokenOf = (line: string): string => /^[^=]+=([^;]*)/.exec(line)?.[1] ?? "";

async function signIn(server: Served, headers: Record<string, string> = {}): Promise<string> {
  const answer = await server.fetch("/sign-in", { method: "POST", headers });
  assert.equal(answer.status, 200);
  return lineOf(answer);
}

const ask = (server: Served, token: string, path = "/", init: RequestInit = {}) =>
  server.fetch(path, { ...init, headers: { cookie: `session=${token}`, ...init.headers } });

describe("SealedSession", () => {
  afterEach(() => mock.timers.reset());

  it("keeps a session in a cookie that only the server reads", async () => {
    await using server = await run();
    assert.equal((await server.fetch("/")).status, 401);
    const line = await signIn(server);
    assert.match(line, /^session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    for (const part of tokenOf(line).split("."))
      assert.doesNotMatch(Buffer.from(part, "base64url").toString("latin1"), /ann|staff|account/);
    const answer = await ask(server, tokenOf(line));
    assert.equal(answer.status, 200);
    const { id, ...session } = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(session, ann);
    assert.match(String(id), /^[\da-f-]{36}$/);
    // Nothing to renew.
    assert.equal(lineOf(answer), "");
  });

  it("takes another id with each sign-in, and never the cookie that a client brings", async () => {
    await using server = await run();
    const first = tokenOf(await signIn(server));
    const second = tokenOf(await signIn(server, { cookie: `session=${first}` }));
    assert.notEqual(first, second);
    const idOf = async (token: string) => ((await (await ask(server, token)).json()) as { id: string }).id;
    assert.notEqual(await idOf(first), await idOf(second));
    assert.equal(
      (await server.fetch("/sign-in", { method: "POST", headers: { cookie: "session=chosen" } })).status,
      200,
    );
  });

  it("forgets it at sign-out", async () => {
    await using server = await run({ cookieOptions: { domain: "shop.example" } });
    const token = tokenOf(await signIn(server));
    const answer = await ask(server, token, "/sign-out", { method: "POST" });
    assert.match(
      lineOf(answer),
      /^session=; Domain=shop.example; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT/,
    );
    assert.equal(answer.headers.get("cache-control"), "no-store");
  });

  it("takes nothing that it has not sealed for this cookie", async () => {
    await using server = await run();
    const token = tokenOf(await signIn(server));
    const parts = token.split(".");
    const changed = (index: number): string =>
      parts
        .map((part, at) => (at === index ? `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}` : part))
        .join(".");
    const now = Math.floor(Date.now() / 1000);
    const audience = "session:session";
    const whole = { session: ann, id: "i", since: now };
    const rows: Record<string, string> = {
      "no token": "x",
      "an empty one": "",
      "a changed head": changed(0),
      "a key in it": [parts[0], "AAAA", ...parts.slice(2)].join("."),
      "a changed nonce": changed(2),
      "a changed body": changed(3),
      "a changed tag": changed(4),
      "a shorter tag": parts.map((part, at) => (at === 4 ? part.slice(0, 4) : part)).join("."),
      "one part less": parts.slice(0, 4).join("."),
      "one part more": `${token}.x`,
      "another secret": await encrypt(whole, "t".repeat(32), { audience }),
      "a signed token": await sign(whole, secret, { audience }),
      "one without a purpose": await encrypt(whole, secret),
      "one for another cookie": await encrypt(whole, secret, { audience: "session:other" }),
      "one that expired": await encrypt({ ...whole, exp: now - 1 }, secret, { audience }),
      "no session in it": await encrypt({ id: "i", since: now }, secret, { audience }),
      "a session that is a string": await encrypt({ ...whole, session: "ann" }, secret, { audience }),
      "no id": await encrypt({ session: ann, since: now }, secret, { audience }),
      "no time": await encrypt({ session: ann, id: "i" }, secret, { audience }),
      "one from long ago": await encrypt({ ...whole, since: now - 31 * 86_400 }, secret, { audience }),
      "no algorithm": `${Buffer.from('{"alg":"none"}').toString("base64url")}....`,
      "a large one": "x.".repeat(4) + "x".repeat(10_000),
    };
    for (const [name, bad] of Object.entries(rows)) {
      const answer = await ask(server, bad);
      assert.equal(answer.status, 401, name);
      assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/, name);
      assert.equal(await (await ask(server, bad, "/open")).text(), "undefined", name);
    }
    assert.equal((await ask(server, await encrypt(whole, secret, { audience }))).status, 200);
  });

  it("reads the first of doubled cookies, and none that is malformed", async () => {
    await using server = await run();
    const token = tokenOf(await signIn(server));
    const rows: [cookies: string, status: number][] = [
      [`session=${token}; session=x`, 200],
      [`session=x; session=${token}`, 401],
      [`a=b; session="${token}"`, 401],
      [`a;b=;=c; session=${token}`, 200],
      [`Session=${token}`, 401],
      [`session =${token}`, 200],
      [`session=%E0%A4%A; other=${token}`, 401],
      [`xsession=${token}`, 401],
      [`session=${token.slice(0, -1)}`, 401],
      [`__proto__=${token}; session`, 401],
    ];
    for (const [cookies, status] of rows) {
      const answer = await server.raw(request("GET /", `Cookie: ${cookies}`));
      assert.equal(Number(answer.slice(9, 12)), status, cookies.replaceAll(token, "TOKEN"));
    }
  });

  it("goes on without a session where none is required", async () => {
    await using server = await run({ required: false, exclude: undefined });
    assert.equal(await (await server.fetch("/open")).text(), "undefined");
    assert.equal(await (await ask(server, "x", "/open")).text(), "undefined");
    assert.equal(await (await ask(server, tokenOf(await signIn(server)), "/open")).text(), "ann");
  });

  it("refuses pages of other origins, at sign-in too, unless they are listed", async () => {
    await using server = await run({ origins: "https://shop.example" });
    const token = tokenOf(await signIn(server));
    const evil = { origin: "https://evil.example" };
    const shop = { origin: "https://shop.example", "sec-fetch-site": "cross-site" };
    assert.equal((await ask(server, token, "/", { method: "POST", headers: evil })).status, 403);
    assert.equal((await ask(server, token, "/", { method: "POST", headers: shop })).status, 200);
    assert.equal((await server.fetch("/sign-in", { method: "POST", headers: evil })).status, 403);
    assert.equal((await server.fetch("/sign-in", { method: "POST", headers: shop })).status, 200);
    assert.equal(
      (await server.fetch("/sign-in", { method: "POST", headers: { origin: "null" } })).status,
      403,
    );
  });

  it("renews a session in the second half of its life, and not beyond the whole of it", async () => {
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2030, 0, 1) });
    await using server = await run({ maxAge: "4d", maxLifetime: "9d" });
    let token = tokenOf(await signIn(server));
    const { id } = (await (await ask(server, token)).json()) as { id: string };
    mock.timers.tick(2 * day);
    assert.equal(lineOf(await ask(server, token)), "");
    mock.timers.tick(1000);
    const renewed = await ask(server, token);
    assert.match(lineOf(renewed), /^session=[\w.-]+; Max-Age=345600;/);
    assert.equal(renewed.headers.get("cache-control"), "private");
    const first = token;
    token = tokenOf(lineOf(renewed));
    mock.timers.tick(3 * day);
    assert.equal((await ask(server, first)).status, 401);
    const again = await ask(server, token);
    assert.equal(((await again.json()) as { id: string }).id, id);
    token = tokenOf(lineOf(again));
    mock.timers.tick(3 * day);
    const last = await ask(server, token);
    // One day less a second is left.
    assert.match(lineOf(last), /Max-Age=86399;/);
    token = tokenOf(lineOf(last));
    mock.timers.tick(day);
    assert.equal((await ask(server, token)).status, 401);
  });

  it("does not renew where it is told not to", async () => {
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2030, 0, 1) });
    await using server = await run({ maxAge: 100, sliding: false });
    const token = tokenOf(await signIn(server));
    mock.timers.tick(99_000);
    const answer = await ask(server, token);
    assert.equal(answer.status, 200);
    assert.equal(lineOf(answer), "");
    mock.timers.tick(1000);
    assert.equal((await ask(server, token)).status, 401);
  });

  it("gives no cookie to a cache that others share, and none after a sign-in or sign-out", async () => {
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2030, 0, 1) });
    const kinds = [
      "public, max-age=60",
      "max-age=60",
      "s-maxage=5",
      "immutable",
      "PUBLIC",
      "private, max-age=60",
      "no-store",
      "no-cache",
      "max-age=0",
    ];
    await using server = await run({ maxAge: "4d", exclude: undefined, required: false }, (app) => {
      app.get("/cached/:at", (req, res) =>
        res.text("x", { "Cache-Control": kinds[Number(req.params.at)] as string }),
      );
    });
    const token = tokenOf(await signIn(server));
    mock.timers.tick(3 * day);
    for (const [index, kind] of kinds.entries()) {
      const answer = await ask(server, token, `/cached/${index}`);
      assert.equal(answer.headers.get("cache-control"), kind);
      assert.equal(lineOf(answer) !== "", index >= 5, kind);
    }
    assert.equal((await ask(server, token, "/sign-in", { method: "POST" })).headers.getSetCookie().length, 1);
    const out = await ask(server, token, "/sign-out", { method: "POST" });
    assert.equal(out.headers.getSetCookie().length, 1);
    assert.match(lineOf(out), /^session=;/);
  });

  it("opens what an older secret has sealed, and seals it anew", async () => {
    const old = "o".repeat(40);
    await using before = await run({ secrets: old });
    const token = tokenOf(await signIn(before));
    await using server = await run({
      secrets: [createSecretKey(Buffer.alloc(32, 7)), Buffer.alloc(32, 1), old],
    });
    const answer = await ask(server, token);
    assert.equal(answer.status, 200);
    const renewed = tokenOf(lineOf(answer));
    assert.notEqual(renewed, "");
    await using after = await run({ secrets: createSecretKey(Buffer.alloc(32, 7)) });
    assert.equal((await ask(after, renewed)).status, 200);
    assert.equal((await ask(after, token)).status, 401);
  });

  it("does not make a session live longer by another secret alone", async () => {
    mock.timers.enable({ apis: ["Date"], now: Date.UTC(2030, 0, 1) });
    const old = "o".repeat(40);
    await using before = await run({ secrets: old, maxAge: 100, sliding: false });
    const token = tokenOf(await signIn(before));
    await using server = await run({ secrets: [secret, old], maxAge: 100, sliding: false });
    mock.timers.tick(60_000);
    const line = lineOf(await ask(server, token));
    assert.match(line, /Max-Age=40;/);
    mock.timers.tick(40_000);
    assert.equal((await ask(server, tokenOf(line))).status, 401);
  });

  it("asks whether a session is revoked", async () => {
    const revoked = new Set<string>();
    const seen: unknown[] = [];
    await using server = await run({
      revoke: async (session, { id, since }, req) => {
        seen.push(session.username, since instanceof Date, req.path);
        return revoked.has(id);
      },
    });
    const token = tokenOf(await signIn(server));
    const { id } = (await (await ask(server, token)).json()) as { id: string };
    assert.deepEqual(seen, ["ann", true, "/"]);
    revoked.add(id);
    const answer = await ask(server, token);
    assert.equal(answer.status, 401);
    assert.match(lineOf(answer), /^session=; /);
    const rows: [answer: () => unknown, status: number][] = [
      [() => false, 200],
      [() => true, 401],
      [() => undefined, 500],
      [() => "", 500],
      [() => Promise.reject(new Error("no database")), 500],
    ];
    for (const [revoke, status] of rows) {
      await using other = await run({ revoke: revoke as SealedSessionOptions["revoke"] });
      assert.equal((await ask(other, token)).status, status, String(revoke));
    }
  });

  it("refuses a session that no browser would keep", async () => {
    await using server = await run({}, (app) => {
      app.post("/open", async (req, res) => {
        const size = Number(req.query.size);
        return server.sessions.signIn(req, res, { ...ann, filler: "x".repeat(size) }).then(
          () => "kept",
          (error: Error) => error.message,
        );
      });
    });
    const at = async (size: number) => server.fetch(`/open?size=${size}`, { method: "POST" });
    assert.equal(await (await at(2000)).text(), "kept");
    const large = await at(4000);
    assert.match(
      await large.text(),
      /^The session takes \d+ bytes as a cookie, but browsers keep at most 4096: store an id/,
    );
    assert.equal(lineOf(large), "");
    for (const session of [null, "ann", 1, [ann], undefined])
      await assert.rejects(server.sessions.signIn({} as never, {} as never, session as never), ArgumentError);
  });

  it("is Secure under HTTPS, and takes a name that only this host can set", async () => {
    const sessions = SealedSession({ secrets: secret, cookie: "__Host-session" });
    await using server = await serve(
      (app) => app.post("/sign-in", async (req, res) => void res.json(await sessions.signIn(req, res, ann))),
      { trustProxy: 1 },
    );
    const answer = await server.fetch("/sign-in", {
      method: "POST",
      headers: { "x-forwarded-proto": "https" },
    });
    assert.match(
      lineOf(answer),
      /^__Host-session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("tells all faults of its options at once", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const wrong: [options: object, paths: string[]][] = [
      [{}, ["secrets"]],
      [{ secrets: [] }, ["secrets"]],
      [{ secrets: ["short", secret, 5, privateKey] }, ["secrets.0", "secrets.2", "secrets.3"]],
      [
        { secrets: secret, cookie: "a=b; c", maxAge: 0, maxLifetime: "soon", sliding: 1 },
        ["cookie", "maxAge", "maxLifetime", "sliding"],
      ],
      [{ secrets: secret, origins: "shop.example", path: "admin" }, ["origins", "path"]],
      [
        { secrets: secret, cookieOptions: { maxAge: 5, expires: new Date() } },
        ["cookieOptions.maxAge", "cookieOptions.expires"],
      ],
      [{ secrets: secret, cookie: "__Host-s", cookieOptions: { domain: "a.example" } }, ["cookie"]],
      [{ secret, revoke: true }, ["secret", "revoke", "secrets"]],
    ];
    for (const [options, paths] of wrong) {
      assert.throws(
        () => SealedSession(options as SealedSessionOptions),
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
