import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import {
  type App,
  Logger,
  type LogRecord,
  Metrics,
  SealedSession,
  SecurityHeaders,
  SessionHandler,
  Timeout,
  WebSocketServer,
  type WebSocketServerOptions,
} from "@miqro/core";
import { WebSocket } from "ws";
import { createDeferred } from "./support/deferred.js";
import { serve } from "./support/serve.js";

function toRequest(path: string, ...headers: string[]): string {
  return `${[`GET ${path} HTTP/1.1`, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;
}

function toUpgrade(path: string, key = "dGhlIHNhbXBsZSBub25jZQ==", version = 13): string {
  const fixed = ["Connection: Upgrade", "Upgrade: websocket"];
  return toRequest(
    path,
    ...fixed,
    `Sec-WebSocket-Version: ${version}`,
    ...(key === "" ? [] : [`Sec-WebSocket-Key: ${key}`]),
  );
}

/** How a request leaves the server: what the client sends, and the line of the request in the log. */
interface Row {
  readonly bytes: string;
  readonly line: RegExp;
  /** When the client goes away: after its answer, or when the handler runs. Default: never. */
  readonly goes?: "answered" | "running";
  readonly options?: Partial<WebSocketServerOptions>;
}

const never = new Promise<never>(() => {});
const rows: Readonly<Record<string, Row>> = {
  "a socket that is open": { bytes: toUpgrade("/live"), line: /^GET \/live 101 [\d.]+ms/ },
  "a socket whose client goes": {
    bytes: toUpgrade("/live"),
    line: /^GET \/live 101 [\d.]+ms/,
    goes: "answered",
  },
  "a refused upgrade": {
    bytes: toUpgrade("/live"),
    line: /^GET \/live 403 /,
    options: { validate: () => false },
  },
  "an upgrade whose check fails": {
    bytes: toUpgrade("/live"),
    line: /^GET \/live 500 /,
    options: {
      validate: () => {
        throw new Error("broken");
      },
    },
  },
  "an upgrade without a key": { bytes: toUpgrade("/live", ""), line: /^GET \/live 400 / },
  "an upgrade of another version": { bytes: toUpgrade("/live", undefined, 7), line: /^GET \/live 400 / },
  "an upgrade above the limit": {
    bytes: toUpgrade("/live"),
    line: /^GET \/live 503 /,
    options: { maxConnections: 0 },
  },
  "an upgrade that its client leaves": {
    bytes: toUpgrade("/live"),
    line: /^GET \/live 200 \(cut\)/,
    goes: "running",
    options: { validate: () => never },
  },
  "an upgrade to an unknown path": { bytes: toUpgrade("/nowhere"), line: /^GET \/nowhere 404 / },
  "an upgrade to another protocol": {
    bytes: toRequest("/", "Connection: Upgrade", "Upgrade: h2c"),
    line: /^GET \/ 200 [\d.]+ms/,
  },
  "a request": { bytes: toRequest("/"), line: /^GET \/ 200 [\d.]+ms/ },
  "a request whose client leaves": {
    bytes: toRequest("/slow"),
    line: /^GET \/slow 200 \(cut\)/,
    goes: "running",
  },
  "a request behind another one, whose client leaves": {
    bytes: toRequest("/unwatched") + toRequest("/slow"),
    line: /^GET \/slow 200 \(cut\)/,
    goes: "running",
  },
  "an answered request behind another one, whose client leaves": {
    bytes: toRequest("/unwatched") + toRequest("/"),
    line: /^GET \/ 200 \(cut\)/,
    goes: "running",
  },
  "an answer that is destroyed": { bytes: toRequest("/destroy"), line: /^GET \/destroy 200 \(cut\)/ },
  "a connection that a handler takes": { bytes: toRequest("/taken"), line: /^GET \/taken 200 \(cut\)/ },
};

describe("the steps after an answer", () => {
  for (const [name, { bytes, line, goes, options }] of Object.entries(rows)) {
    it(`run for ${name}, once, with its line in the log`, async () => {
      const order: string[] = [];
      const running = createDeferred<void>();
      const over = createDeferred<void>();
      const logged = createDeferred<string>();
      const sockets = new WebSocketServer({ path: "/live", ...options });
      const write = ({ message }: LogRecord): void => {
        if (line.test(String(message))) logged.resolve(String(message));
      };
      await using metrics = Metrics({ process: false });
      const set = (app: App): void => {
        app.get("/unwatched", () => never);
        app.get("/metrics", metrics);
        app.use((req, res) => {
          if (req.path === "/unwatched" || req.path === "/metrics") return;
          res.defer(() => void order.push("defer"));
          running.resolve();
        });
        app.after([
          (req) => void (req.path === "/unwatched" || req.path === "/metrics" || order.push("after")),
          () => over.resolve(),
        ]);
        app.get("/", () => "x");
        app.get("/slow", () => never);
        app.get("/destroy", (_req, res) => void res.destroy());
        app.get("/taken", (req, res) => {
          const { socket } = req;
          res.detachSocket(socket);
          socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
          return false;
        });
        app.webSocket(sockets);
      };
      await using server = await serve(set, {
        logRequests: true,
        loggerFactory: (identifier) => new Logger(identifier, "info", { transports: [{ write }] }),
      });
      const client = connect(server.port, "127.0.0.1");
      client.on("error", () => {});
      client.write(bytes);
      if (goes === "answered") await once(client, "data");
      if (goes === "running") await running.promise;
      if (goes !== undefined) client.destroy();
      else client.resume();
      await over.promise;
      await logged.promise;
      assert.deepEqual(order, ["defer", "after"]);
      const figures = await (await server.fetch("/metrics")).text();
      const unwatched = bytes.includes("/unwatched") ? 1 : 0;
      // The request for the figures is one itself.
      if (unwatched === 0) assert.match(figures, /^http_server_active_requests 1$/m);
      client.destroy();
    });
  }

  it("do not end the signal of a socket's request, nor its time limit", async () => {
    const opened = createDeferred<AbortSignal>();
    const sockets = new WebSocketServer({
      path: "/live",
      onMessage: (client, data) => void client.send(String(data)),
      onConnection: ({ req }) => opened.resolve(req.signal),
    });
    await using server = await serve((app) => {
      app.use(Timeout({ timeout: 40 }));
      app.use((req) => void req.signal);
      app.webSocket(sockets);
    });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    await once(socket, "open");
    const signal = await opened.promise;
    // Longer than the time limit.
    await new Promise((resolve) => setTimeout(resolve, 80));
    socket.send("hello");
    assert.equal(String((await once(socket, "message"))[0]), "hello");
    assert.equal(signal.aborted, false);
    assert.deepEqual(server.lines, []);
    socket.close();
  });

  it("are awaited by `close`, with the code for the client", async () => {
    const finish = createDeferred<void>();
    let isOver = false;
    const sockets = new WebSocketServer({ path: "/live" });
    await using server = await serve((app) => {
      app.use((_req, res) => {
        res.defer(async () => {
          await finish.promise;
          isOver = true;
        });
      });
      app.webSocket(sockets);
    });
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/live`);
    await once(socket, "open");
    const closed = once(socket, "close");
    const closing = server.app.close({ drainIdle: 0, timeout: 5000, socketCode: 1012 });
    assert.equal((await closed)[0], 1012);
    finish.resolve();
    await closing;
    assert.equal(isOver, true);
  });

  for (const end of ["the server is disposed", "the app closes"])
    it(`are not delayed by an upgrade that is checked while ${end}`, async () => {
      const checked = createDeferred<boolean>();
      const entered = createDeferred<void>();
      const sockets = new WebSocketServer({
        path: "/live",
        validate: () => {
          entered.resolve();
          return checked.promise;
        },
      });
      await using server = await serve((app) => app.webSocket(sockets));
      const answer = server.raw(toUpgrade("/live"));
      await entered.promise;
      const ended =
        end === "the app closes" ? server.app.close({ drainIdle: 0, timeout: 60_000 }) : sockets.dispose();
      // By then, `close` has sent all clients away.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      checked.resolve(true);
      assert.match(await answer, /^HTTP\/1\.1 503 /);
      await ended;
    });
});

describe("the answer that opens a socket", () => {
  async function readHead(socket: Socket): Promise<string> {
    let head = "";
    while (!head.includes("\r\n\r\n")) head += String((await once(socket, "data"))[0]);
    return head;
  }

  it("has the headers and cookies that guards and hooks have set", async () => {
    const sockets = new WebSocketServer({ path: "/live" });
    await using server = await serve((app) => {
      app.use(SecurityHeaders());
      app.hook("send", (_req, res, head) => void res.setHeader("X-Seen", head.status));
      app.use((_req, res) => {
        res.setHeader("Content-Type", "text/plain");
        res.setCookie("a", "1");
        res.setCookie("b", "2");
        res.setHeader("Sec-WebSocket-Protocol", "forged");
      });
      app.webSocket(sockets);
    });
    const socket = connect(server.port, "127.0.0.1");
    socket.write(toUpgrade("/live"));
    const head = await readHead(socket);
    assert.match(head, /^HTTP\/1\.1 101 /);
    assert.match(head, /\r\nset-cookie: a=1[^\r]*\r\nset-cookie: b=2/i);
    assert.match(head, /\r\nx-seen: 101\r\n/i);
    assert.match(head, /\r\nx-content-type-options: nosniff\r\n/i);
    assert.doesNotMatch(head, /content-type:|forged/i);
    assert.equal(head.match(/\r\nupgrade:/gi)?.length, 1);
    socket.destroy();
  });

  it("renews a sealed session that is due", async () => {
    const old = "o".repeat(32);
    const first = SealedSession({ secrets: [old] });
    const second = SealedSession({ secrets: ["n".repeat(32), old], path: "/live" });
    const names: (string | undefined)[] = [];
    const sockets = new WebSocketServer({
      path: "/live",
      onConnection: ({ session }) => void names.push(session?.username),
    });
    await using server = await serve((app) => {
      app.get("/sign-in", async (req, res) => {
        await first.signIn(req, res, { account: "a", username: "ada", groups: [] });
        return "x";
      });
      app.use(second);
      app.webSocket(sockets);
    });
    const [cookie = ""] = (await server.fetch("/sign-in")).headers.getSetCookie()[0]?.split(";") ?? [];
    const socket = connect(server.port, "127.0.0.1");
    socket.write(toUpgrade("/live").replace("\r\n\r\n", `\r\nCookie: ${cookie}\r\n\r\n`));
    const head = await readHead(socket);
    assert.match(head, /^HTTP\/1\.1 101 [\s\S]*\r\nset-cookie: /i);
    assert.deepEqual(names, ["ada"]);
    socket.destroy();
  });
});

const uuid = "0b6e1d3c-6d0c-4d3e-9a2d-3f2a1b4c5d6e";
const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

describe("the subprotocol of a socket", () => {
  const rows: [offered: string[], chosen: string, protocols?: string[]][] = [
    [["chat"], "chat"],
    [["v10.stomp", "v11.stomp"], "v10.stomp"],
    [["graphql-transport-ws", "graphql-ws"], "graphql-transport-ws"],
    [["vnd.example.live-prices+json"], "vnd.example.live-prices+json"],
    [["chat", "token.t1"], "chat"],
    [["token.t1", "chat"], "chat"],
    [["ticket.t1", "chat"], "chat"],
    [["token.t1"], ""],
    [["ticket.t1"], ""],
    [["bearer", jwt], "bearer"],
    [[jwt, "bearer"], "bearer"],
    [[jwt], ""],
    [["access_token", "abc123"], "access_token"],
    [["Authorization.abc", "json"], "json"],
    [[`bearer.${jwt}`, "json"], "json"],
    [["base64url.bearer.authorization.k8s.io.YWJj", "base64.channel.k8s.io"], "base64.channel.k8s.io"],
    [["openai-insecure-api-key.sk-1", "realtime"], "realtime"],
    [["header-eyJob3N0IjoiYSJ9", "graphql-ws"], "graphql-ws"],
    [[uuid, "chat"], "chat"],
    [["d41d8cd98f00b204e9800998ecf8427e"], ""],
    [["x".repeat(65), "chat"], "chat"],
    [["v2", "v1"], "v1", ["v1", "v2"]],
    [["abc123", "v1"], "v1", ["v1"]],
    [["abc123"], "", ["v1"]],
    [["abc123"], "", []],
    [["auth-chat"], "auth-chat", ["auth-chat"]],
  ];
  for (const [offered, chosen, protocols] of rows) {
    it(`of ${offered.join(", ")}${protocols === undefined ? "" : ` and [${protocols}]`} is ${chosen || "none"}`, async () => {
      const seen: string[] = [];
      const sockets = new WebSocketServer({
        path: "/live",
        ...(protocols && { protocols }),
        onConnection: ({ socket }) => void seen.push(socket.protocol),
      });
      await using server = await serve((app) => {
        const verify = (): null => null;
        app.use(SessionHandler({ verify, required: false, tokenLocation: ["header", "subprotocol"] }));
        const ticket = { tokenLocation: "subprotocol", tokenLocationName: "ticket" } as const;
        app.use(SessionHandler({ verify, required: false, ...ticket }));
        app.webSocket(sockets);
      });
      const socket = connect(server.port, "127.0.0.1");
      socket.write(
        toUpgrade("/live").replace("\r\n\r\n", `\r\nSec-WebSocket-Protocol: ${offered.join(", ")}\r\n\r\n`),
      );
      const head = String((await once(socket, "data"))[0]);
      assert.match(head, /^HTTP\/1\.1 101 /);
      assert.equal(/\r\nsec-websocket-protocol: ([^\r]*)/i.exec(head)?.[1] ?? "", chosen);
      assert.deepEqual(seen, [chosen]);
      socket.destroy();
    });
  }

  it("has to be a name that a header can carry", () => {
    for (const protocols of [["a b"], ["a,b"], [""], "chat", [1]])
      assert.throws(
        () => new WebSocketServer({ path: "/", protocols: protocols as string[] }),
        /`protocols` of a WebSocket server|protocols/,
      );
  });
});
