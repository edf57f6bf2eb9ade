import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import {
  ArgumentError,
  SessionHandler,
  type SessionHandlerOptions,
  type TokenOptions,
  WebSocketServer,
} from "@miqro/core";
import { encrypt, sign, verify } from "@miqro/core/jwt";
import { WebSocket } from "ws";
import { request, serve } from "./support/serve.js";

const secret = "s".repeat(32);
const options = (token: TokenOptions): SessionHandlerOptions => ({
  ...token,
  verify: ({ token: given }) => (given.startsWith("t") ? { account: "", username: given, groups: [] } : null),
});

async function ask(token: TokenOptions, path: string, ...headers: string[]): Promise<[number, string]> {
  await using server = await serve((app) => {
    app.use(SessionHandler(options(token)));
    app.get("/", (req) => req.session?.username ?? "nobody");
  });
  const answer = await server.raw(request(`GET ${path}`, ...headers));
  return [Number(answer.slice(9, 12)), answer.slice(answer.indexOf("\r\n\r\n") + 4)];
}

describe("tokenLocation", () => {
  const rows: [token: TokenOptions, path: string, headers: string[], username: string | undefined][] = [
    [{}, "/", ["Authorization: Bearer t1"], "t1"],
    [{}, "/", ["authorization: bEARER   t1 "], "t1"],
    [{}, "/", ["Authorization: Bearer t1", "Authorization: Bearer t2"], "t1"],
    [{}, "/", ["Authorization: Bearer x", "Authorization: Bearer t2"], undefined],
    [{}, "/", ["Authorization: Basic t1"], undefined],
    [{}, "/", ["Authorization: Bearer t1 t2"], undefined],
    [{}, "/", ["Authorization: t1"], undefined],
    [{}, "/?token=t1", ["Cookie: token=t1"], undefined],
    [{ tokenLocationName: "X-Token" }, "/", ["x-token: t1"], "t1"],
    [{ tokenLocation: "cookie" }, "/", ["Cookie: token=t1"], "t1"],
    [{ tokenLocation: "cookie" }, "/", ["Cookie: token=t1; token=t2"], "t1"],
    [{ tokenLocation: "cookie" }, "/", ["Cookie: token=t1", "Cookie: token=t2"], "t1"],
    [{ tokenLocation: "cookie" }, "/", ["Cookie: token="], undefined],
    [{ tokenLocation: "cookie", tokenLocationName: "s" }, "/", ["Cookie: s=t1"], "t1"],
    [{ tokenLocation: "query" }, "/?token=t1", [], "t1"],
    [{ tokenLocation: "query" }, "/?token=t1&token=t2", [], undefined],
    [{ tokenLocation: "query" }, "/?token[]=t1", [], undefined],
    [{ tokenLocation: "query" }, "/?token=", [], undefined],
    [{ tokenLocation: "query", tokenLocationName: "k" }, "/?k=t1", [], "t1"],
    [{ tokenLocation: "subprotocol" }, "/", ["Sec-WebSocket-Protocol: chat, token.t1"], "t1"],
    [{ tokenLocation: "subprotocol" }, "/", ["Sec-WebSocket-Protocol: token.t1.b.c"], "t1.b.c"],
    [
      { tokenLocation: "subprotocol" },
      "/",
      ["Sec-WebSocket-Protocol: token.t1", "Sec-WebSocket-Protocol: token.t2"],
      "t1",
    ],
    [{ tokenLocation: "subprotocol" }, "/", ["Sec-WebSocket-Protocol: token., chat"], undefined],
    [{ tokenLocation: "subprotocol" }, "/", ["Sec-WebSocket-Protocol: xtoken.t1"], undefined],
    [
      { tokenLocation: "subprotocol", tokenLocationName: "jwt" },
      "/",
      ["Sec-WebSocket-Protocol: jwt.t1"],
      "t1",
    ],
    [{ tokenLocation: ["header", "cookie"] }, "/", ["Authorization: Bearer t1", "Cookie: token=t2"], "t1"],
    [{ tokenLocation: ["cookie", "header"] }, "/", ["Authorization: Bearer t1", "Cookie: token=t2"], "t2"],
    [{ tokenLocation: ["header", "query", "cookie"] }, "/", ["Cookie: token=t2"], "t2"],
    // The first one that is there counts, valid or not.
    [
      { tokenLocation: ["header", "cookie"] },
      "/",
      ["Authorization: Bearer x", "Cookie: token=t2"],
      undefined,
    ],
  ];
  for (const [token, path, headers, username] of rows) {
    it(`${JSON.stringify(token)} finds ${username} in ${path} ${headers.join("; ")}`, async () => {
      assert.deepEqual(
        username === undefined ? [401] : [200, username],
        (await ask(token, path, ...headers)).slice(0, username === undefined ? 1 : 2),
      );
      const open = await ask({ ...token, required: false }, path, ...headers);
      assert.deepEqual(open, [200, username ?? "nobody"]);
    });
  }

  it("calls `verify` in any case where it is free", async () => {
    const seen: string[] = [];
    await using server = await serve((app) => {
      app.use(
        SessionHandler({
          tokenLocation: "free",
          required: false,
          verify: ({ token }) => void seen.push(token) as never,
        }),
      );
      app.get("/", () => "ok");
    });
    assert.equal((await server.fetch("/")).status, 200);
    assert.deepEqual(seen, [""]);
  });

  it("takes the token of a WebSocket from a subprotocol, and leaves the other one to the client", async () => {
    const names: (string | undefined)[] = [];
    const sockets = new WebSocketServer({
      path: "/live",
      onConnection: ({ req }) => void names.push(req.session?.username),
    });
    await using server = await serve((app) => {
      app.use(SessionHandler(options({ tokenLocation: ["header", "subprotocol"] })));
      app.webSocket(sockets);
    });
    const url = `ws://127.0.0.1:${server.port}/live`;
    const socket = new WebSocket(url, ["chat", "token.t1"]);
    await once(socket, "open");
    assert.equal(socket.protocol, "chat");
    assert.deepEqual(names, ["t1"]);
    const refused = new WebSocket(url, ["chat", "token.x"]);
    assert.match(String((await once(refused, "error"))[0]), /401/);
    const none = new WebSocket(url, ["chat"]);
    assert.match(String((await once(none, "error"))[0]), /401/);
    await sockets.dispose();
  });

  it("asks for the origin where the token came in a cookie, with what is listed", async () => {
    await using server = await serve((app) => {
      app.use(
        SessionHandler(options({ tokenLocation: ["header", "cookie"], origins: "https://shop.example" })),
      );
      app.post("/", () => "ok");
    });
    const status = async (...headers: string[]) =>
      Number((await server.raw(request("POST /", ...headers))).slice(9, 12));
    assert.equal(await status("Cookie: token=t1", "Origin: https://evil.example"), 403);
    assert.equal(
      await status("Cookie: token=t1", "Origin: https://shop.example", "Sec-Fetch-Site: cross-site"),
      200,
    );
    assert.equal(await status("Cookie: token=t1", "Origin: null"), 403);
    // No page sends this header by itself.
    assert.equal(await status("Authorization: Bearer t1", "Origin: https://evil.example"), 200);
  });

  it("refuses tokens of another algorithm, key, claim, type or size", async () => {
    const good = { sub: "ann" };
    const audience = "here";
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = await sign(good, secret, { audience });
    const [head = "", body = "", signature = ""] = token.split(".");
    const rows: Record<string, string> = {
      "no algorithm": `${encode({ alg: "none" })}.${body}.`,
      "another algorithm": await sign(good, secret + secret, { audience, alg: "HS512" }),
      "another name for it": `${encode({ alg: "hs256" })}.${body}.${signature}`,
      "another key": await sign(good, "x".repeat(32), { audience }),
      "another audience": await sign(good, secret, { audience: "there" }),
      "no audience": await sign(good, secret),
      expired: await sign({ ...good, exp: 1 }, secret, { audience }),
      "not yet": await sign({ ...good, nbf: 2 ** 33 }, secret, { audience }),
      "another type": await encrypt(good, secret, { audience }),
      "a changed body": `${head}.${encode({ sub: "eve", aud: audience })}.${signature}`,
      "no signature": `${head}.${body}.`,
      "more parts": `${token}.x`,
      large: `${head}.${"A".repeat(9000)}.${signature}`,
      garbage: "....",
    };
    const verifyToken = async ({ token: given }: { token: string }) => {
      const { sub } = await verify(given, secret, { audience });
      return { account: "", username: String(sub), groups: [] };
    };
    for (const required of [true, false]) {
      await using server = await serve((app) => {
        app.use(SessionHandler({ required, verify: verifyToken }));
        app.get("/", (req) => req.session?.username ?? "nobody");
      });
      const get = (given: string) => server.fetch("/", { headers: { authorization: `Bearer ${given}` } });
      assert.equal(await (await get(token)).text(), "ann");
      for (const [name, bad] of Object.entries(rows)) {
        const answer = await get(bad);
        assert.equal(answer.status, required ? 401 : 200, name);
        if (required) {
          assert.equal(answer.headers.get("www-authenticate"), 'Bearer error="invalid_token"', name);
          assert.equal(((await answer.json()) as { code: string }).code, "INVALID_TOKEN", name);
        } else {
          assert.equal(await answer.text(), "nobody", name);
        }
      }
      assert.deepEqual(server.lines, []);
    }
  });

  it("refuses locations that contradict each other, all at once", () => {
    const wrong: [token: object, paths: string[]][] = [
      [{ tokenLocation: "body" }, ["tokenLocation"]],
      [{ tokenLocation: [] }, ["tokenLocation"]],
      [{ tokenLocation: ["header", "free"] }, ["tokenLocation"]],
      [
        { tokenLocation: ["header", "cookie"], tokenLocationName: "x", origins: "evil" },
        ["tokenLocationName", "origins"],
      ],
    ];
    for (const [token, paths] of wrong) {
      const check = (run: () => unknown, prefix: string) =>
        assert.throws(run, (error) => {
          assert.ok(error instanceof ArgumentError);
          assert.deepEqual(
            error.issues.map((issue) => issue.path),
            paths.map((path) => prefix + path),
          );
          return true;
        });
      check(() => SessionHandler({ verify: () => null, ...token } as SessionHandlerOptions), "");
      check(
        () =>
          SessionHandler({ authService: { verify: () => null }, options: token } as SessionHandlerOptions),
        "options.",
      );
    }
  });
});
