import assert from "node:assert/strict";
import { Readable } from "node:stream";
import {
  App,
  BadRequestError,
  defineRoute,
  JSONParser,
  Logger,
  reply,
  TextParser,
  WebSocketServer,
} from "@miqro/core";

/** A request, however it is brought to the app. */
export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** What came back, without what only a connection has. */
export interface Answered {
  readonly status: number;
  header(name: string): string | null;
  readonly cookies: readonly string[];
  readonly text: string;
}

export type Send = (asked: Asked) => Promise<Answered>;

/** The app that every implementation of requests and responses, on every runtime, has to serve alike. */
export function createContractApp(): App {
  const app = new App({ loggerFactory: (identifier) => new Logger(identifier, "none"), trustProxy: true });
  const seen: string[] = [];
  app.use((req, res) => {
    if (req.query.deferred !== undefined) res.defer(() => void seen.push(req.path));
  });
  app.get("/text", () => "text é");
  app.get("/json", (_req, res) => res.json({ a: [1, "é"] }, { "X-Own": "1" }, 201));
  app.get("/html", (_req, res) => res.html("<b>"));
  app.get("/none", () => null);
  app.get("/bytes", () => new Uint8Array([0, 255]));
  app.get("/stream", () => Readable.from(["one ", "two"]));
  app.get("/iterable", async function* () {
    yield "a";
    yield { b: 1 };
  });
  app.get("/web-stream", () => new Blob(["blob"]).stream());
  app.get("/blob", () => new Blob(["x"], { type: "image/png" }));
  app.get("/web", ({ responseState }) => {
    responseState.headers.set("X-State", "carried");
    responseState.headers.set("Content-Type", "text/x-web");
    responseState.status = 202;
    return new Response("web", responseState);
  });
  app.get("/state", (req) => {
    req.responseState.status = 203;
    req.responseState.headers.set("X-State", "1");
    return { data: true };
  });
  app.get("/reply", () => reply(418, "teapot", { "X-A": "1" }));
  app.get("/redirect", (_req, res) => res.redirect("/é"));
  app.get("/cookies", (req, res) => {
    res.setCookie("a", "1");
    res.setCookie("b", "2");
    return req.cookies;
  });
  app.get("/writes", (_req, res) => {
    res.statusCode = 206;
    res.setHeader("Content-Type", "text/plain");
    res.write("one,");
    setImmediate(() => res.end("two"));
    return false;
  });
  app.get("/write-head", (_req, res) => {
    res.writeHead(200, { "Content-Type": "a/b" }).end("x");
  });
  app.get("/things/:id", (req) => [
    req.method,
    req.path,
    req.params.id,
    req.query,
    req.searchParams.get("b"),
    req.hostname,
    req.ip,
    req.protocol,
    req.headers["x-twice"],
    req.accepts("html", "json"),
    req.uuid,
  ]);
  app.get("/events", (_req, res) => {
    const events = res.sse({ heartbeat: 0 });
    events.send({ event: "tick", data: { n: 1 }, id: 7, retry: 10 }).then(() => events.close());
  });
  app.get("/missing", (_req, res) => {
    res.sendFile("missing", { root: import.meta.dirname });
  });
  app.get(
    "/broken-stream",
    () =>
      new Readable({
        read() {
          this.destroy(new Error("broken"));
        },
      }),
  );
  app.get("/returned-error", () => new BadRequestError("returned"));
  app.get("/reset", () => reply(205));
  app.get("/no-status", (_req, res) => {
    res.statusCode = 1000;
    res.end("x");
  });
  app.route({ path: "/declared", response: { body: { a: "string" } }, handler: () => Buffer.from("{}") });
  app.get("/fails", () => {
    throw new BadRequestError("no");
  });
  app.get("/breaks", async () => {
    throw new Error("secret");
  });
  app.get("/seen", () => seen);
  app.post("/json", JSONParser({ limit: 64 }), (req) => ({ got: req.body }));
  app.post("/text", TextParser(), (req) => req.body);
  app.post("/parts", async (req) => {
    let size = 0;
    for await (const chunk of req) size += chunk.length;
    return size;
  });
  app.post(
    "/request",
    async (req) => `${req.request.method} ${new URL(req.request.url).pathname} ${await req.request.text()}`,
  );
  app.post("/unread", () => "unread");
  app.webSocket(new WebSocketServer({ path: "/socket" }));
  app.route(
    defineRoute({
      method: "POST",
      path: "/valid",
      request: { body: { n: "integer" } },
      response: { body: { n: "integer" } },
      handler: (req) => ({ n: req.body.n, hidden: 1 }),
    }),
  );
  return app;
}

type Case = readonly [fact: string, run: (send: Send) => Promise<void>];

const json = { "content-type": "application/json" };

/** The facts, each to be shown through every implementation. */
export const contract: readonly Case[] = [
  [
    "sends text with its type, its length and nosniff",
    async (send) => {
      const answer = await send({ path: "/text" });
      assert.equal(answer.status, 200);
      assert.equal(answer.text, "text é");
      assert.equal(answer.header("content-type"), "text/plain; charset=utf-8");
      assert.equal(answer.header("content-length"), "7");
      assert.equal(answer.header("x-content-type-options"), "nosniff");
    },
  ],
  [
    "sends JSON with a status and headers",
    async (send) => {
      const answer = await send({ path: "/json" });
      assert.deepEqual([answer.status, answer.text, answer.header("x-own")], [201, '{"a":[1,"é"]}', "1"]);
    },
  ],
  [
    "sends every kind of value",
    async (send) => {
      const expected: [string, number, string | null, string][] = [
        ["/html", 200, "text/html; charset=utf-8", "<b>"],
        ["/none", 204, null, ""],
        ["/stream", 200, "application/octet-stream", "one two"],
        ["/iterable", 200, "application/octet-stream", 'a{"b":1}'],
        ["/web-stream", 200, "application/octet-stream", "blob"],
        ["/blob", 200, "image/png", "x"],
        ["/web", 202, "text/x-web", "web"],
        ["/reply", 418, "text/plain; charset=utf-8", "teapot"],
        ["/writes", 206, "text/plain", "one,two"],
        ["/write-head", 200, "a/b", "x"],
      ];
      for (const [path, status, type, text] of expected) {
        const answer = await send({ path });
        assert.deepEqual(
          [answer.status, answer.header("content-type"), answer.text],
          [status, type, text],
          path,
        );
      }
    },
  ],
  [
    "sends nosniff also with what Node's own methods send",
    async (send) => {
      assert.equal((await send({ path: "/writes" })).header("x-content-type-options"), "nosniff");
    },
  ],
  [
    "carries the response state into web responses and data",
    async (send) => {
      assert.equal((await send({ path: "/web" })).header("x-state"), "carried");
      const data = await send({ path: "/state" });
      assert.deepEqual([data.status, data.header("x-state"), data.text], [203, "1", '{"data":true}']);
    },
  ],
  [
    "redirects, and sets several cookies",
    async (send) => {
      const redirect = await send({ path: "/redirect" });
      assert.deepEqual([redirect.status, redirect.header("location")], [302, "/%C3%A9"]);
      const cookies = await send({ path: "/cookies", headers: { cookie: "x=1; y=%202" } });
      assert.equal(cookies.text, '{"x":"1","y":" 2"}');
      assert.equal(cookies.cookies.length, 2);
    },
  ],
  [
    "gives the fields of a request",
    async (send) => {
      const answer = await send({
        path: "/things/a%2Fb?a=1&b=2&a=3",
        headers: {
          "x-forwarded-for": "1.2.3.4",
          "x-forwarded-host": "example.org:81",
          "x-forwarded-proto": "https",
          "x-request-id": "id-1",
          "x-twice": "1, 2",
          accept: "application/json, text/html;q=0.5",
        },
      });
      assert.deepEqual(JSON.parse(answer.text), [
        "GET",
        "/things/a%2Fb",
        "a/b",
        { a: ["1", "3"], b: "2" },
        "2",
        "example.org",
        "1.2.3.4",
        "https",
        "1, 2",
        "json",
        "id-1",
      ]);
    },
  ],
  [
    "answers HEAD without a body, OPTIONS and 405 with Allow, and 404",
    async (send) => {
      const head = await send({ method: "HEAD", path: "/text" });
      assert.deepEqual([head.status, head.text, head.header("content-length")], [200, "", "7"]);
      const options = await send({ method: "OPTIONS", path: "/text" });
      assert.deepEqual([options.status, options.header("allow")], [204, "GET, HEAD, OPTIONS, POST"]);
      const refused = await send({ method: "DELETE", path: "/text" });
      assert.deepEqual([refused.status, refused.header("allow")], [405, "GET, HEAD, OPTIONS, POST"]);
      const socket = await send({ path: "/socket" });
      assert.deepEqual([socket.status, JSON.parse(socket.text).code], [426, "UPGRADE_REQUIRED"]);
      assert.equal((await send({ path: "/nowhere" })).status, 404);
      assert.equal((await send({ path: "/%zz" })).status, 400);
    },
  ],
  [
    "answers errors as problems, and hides what a 5xx says",
    async (send) => {
      const failed = await send({ path: "/fails" });
      assert.equal(failed.status, 400);
      assert.equal(failed.header("content-type"), "application/problem+json; charset=utf-8");
      assert.equal(JSON.parse(failed.text).detail, "no");
      const broken = await send({ path: "/breaks" });
      assert.equal(broken.status, 500);
      assert.doesNotMatch(broken.text, /secret/);
    },
  ],
  [
    "reads bodies, and refuses large and broken ones",
    async (send) => {
      const post = (path: string, body: string, headers: Record<string, string> = json) =>
        send({ method: "POST", path, body, headers });
      assert.equal((await post("/json", '{"a":1}')).text, '{"got":{"a":1}}');
      assert.equal((await post("/json", "{")).status, 400);
      assert.equal((await post("/json", `"${"x".repeat(100)}"`)).status, 413);
      assert.equal((await post("/text", "text é", { "content-type": "text/plain" })).text, "text é");
      assert.equal((await post("/parts", "x".repeat(200_000))).text, "200000");
      assert.equal((await post("/request", "body")).text, "POST /request body");
      assert.equal((await post("/unread", "x".repeat(1000))).text, "unread");
    },
  ],
  [
    "validates requests and filters responses",
    async (send) => {
      const post = (body: string) => send({ method: "POST", path: "/valid", body, headers: json });
      assert.equal((await post('{"n":1}')).text, '{"n":1}');
      const invalid = await post('{"n":"1"}');
      assert.equal(invalid.status, 400);
      assert.equal(JSON.parse(invalid.text).issues[0].path, "body.n");
    },
  ],
  [
    "sends events",
    async (send) => {
      const answer = await send({ path: "/events" });
      assert.equal(answer.header("content-type"), "text/event-stream; charset=utf-8");
      assert.equal(answer.text, 'event: tick\nid: 7\nretry: 10\ndata: {"n":1}\n\n');
    },
  ],
  [
    "answers HEAD to a stream of events, and ends it",
    async (send) => {
      const answer = await send({ method: "HEAD", path: "/events" });
      assert.deepEqual([answer.status, answer.text], [200, ""]);
      assert.equal(answer.header("content-type"), "text/event-stream; charset=utf-8");
    },
  ],
  [
    "answers what goes wrong in a reply, also where nobody waits for it",
    async (send) => {
      const expected: [string, number][] = [
        ["/missing", 404],
        ["/broken-stream", 500],
        ["/returned-error", 400],
        ["/reset", 205],
        ["/no-status", 500],
        ["/declared", 500],
      ];
      for (const [path, status] of expected) assert.equal((await send({ path })).status, status, path);
    },
  ],
  [
    "runs what was deferred after the answer",
    async (send) => {
      await send({ path: "/none?deferred" });
      for (let tries = 0; tries < 100; tries++) {
        if ((await send({ path: "/seen" })).text.includes("/none")) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.fail("it never ran");
    },
  ],
];

/** Sends with a `fetch`, be it over a connection or that of an app. */
export function sendByFetch(
  origin: string,
  by: (request: globalThis.Request) => Promise<globalThis.Response>,
): Send {
  return async ({ path, method = "GET", headers = {}, body }) => {
    const response = await by(
      new Request(origin + path, {
        method,
        headers,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
      }),
    );
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      cookies: response.headers.getSetCookie(),
      text: await response.text(),
    };
  };
}

/** Sends by `app.inject`. */
export function sendByInject(app: App): Send {
  return async ({ path, ...rest }) => {
    const { status, headers, text } = await app.inject({ url: path, ...rest });
    return {
      status,
      header: (name) => {
        const value = headers[name];
        return value === undefined ? null : String(value);
      },
      cookies: [headers["set-cookie"] ?? []].flat(),
      text: text(),
    };
  };
}
