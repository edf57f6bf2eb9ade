import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type App,
  BodyParser,
  createError,
  defineRoute,
  ForbiddenError,
  HttpError,
  JSONParser,
  ReadBuffer,
  type Response,
  Router,
  reply,
  SessionHandler,
  Static,
  TextParser,
  URLEncodedParser,
  WebSocketServer,
} from "@miqro/core";

const long = "0123456789abcdef".repeat(100);

/** Writes the files that the recorded app serves, all of one age, so that their entity tags are always the same. */
export function writeFiles(folder: string): void {
  const files: Record<string, string> = {
    "hello.txt": "Hello, file.",
    "page.html": "<p>Hé</p>",
    "data.bin": "\u0000\u0001",
    "large.txt": "x".repeat(70_000),
    "sub/index.html": "<p>index</p>",
    ".hidden": "secret",
    "sub/secret.txt": "secret",
  };
  mkdirSync(join(folder, "sub"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
  }
}

/** Gives an app everything that an answer can come from. */
export function setRecordedApp(app: App, folder: string): void {
  app.use((req, res) => {
    if (req.headers["x-mark"] !== undefined) res.setHeader("X-Marked", String(req.headers["x-mark"]));
    if (req.query.deny === "returned") return new ForbiddenError("Returned.");
    if (req.query.deny === "web") return new Response("refused", { status: 403 });
    return undefined;
  });
  setValues(app);
  setMethods(app);
  setStreams(app);
  setForeign(app);
  setErrors(app);
  setBodies(app);
  setDeclared(app);
  setRouters(app);
  setFiles(app, folder);
}

function setValues(app: App): void {
  app.get("/", () => "root");
  app.get("/value/text", () => "häh");
  app.get("/value/empty", () => "");
  app.get("/value/json", () => ({ a: 1, b: ["x", null] }));
  app.get("/value/array", () => [1, 2]);
  app.get("/value/number", () => 7);
  app.get("/value/zero", () => 0);
  app.get("/value/null", () => null);
  app.get("/value/bytes", () => Buffer.from([1, 2, 255]));
  app.get("/value/dataview", () => new DataView(new ArrayBuffer(2)));
  app.get("/value/blob", () => new Blob(["blob"], { type: "text/csv" }));
  app.get("/value/map", () => new Map());
  app.get("/value/function", () => () => 1);
  app.get("/value/status", (_req, res) => {
    res.statusCode = 201;
    return { made: true };
  });
  app.get("/value/null-status", (_req, res) => {
    res.statusCode = 202;
    return null;
  });
  app.get("/value/later", async () => "later");
  app.get("/value/long", () => long);
  app.get("/value/rendered", () => ({ rendered: "<html><p>x</p></html>" }));
  app.get("/value/rendered-later", () => ({ later: "<p>later</p>" }));
  app.get("/value/rendered-broken", () => ({ broken: true }));
  app.get("/value/nothing", () => undefined);
  app.get("/reply/created", () => reply(201, { id: 1 }, { Location: "/x/1", "X-List": ["a", "b"] }));
  app.get("/reply/empty", () => reply(204));
  app.get("/reply/teapot", () => reply(418, "tea"));
  app.get("/reply/wrong", () => reply(99, "x"));
  app.get("/reply/cookies", () => reply(200, "x", { "Set-Cookie": ["a=1", "b=2"] }));
  app.get("/web/text", () => new Response("web", { status: 203, headers: { "X-Web": "1" } }));
  app.get("/web/empty", () => new Response(null, { status: 204 }));
  app.get("/web/cookies", () => {
    const headers = new Headers({ "Set-Cookie": "a=1" });
    headers.append("Set-Cookie", "b=2");
    return new Response("x", { headers });
  });
  app.get("/web/json", () => Response.json({ web: true }));
  app.get("/web/redirect", () => Response.redirect("http://localhost/there", 303));
  app.get("/web/state", (req) => {
    req.responseState.status = 202;
    req.responseState.headers.set("X-State", "1");
    return { state: true };
  });
  app.get("/web/carried", (req) => {
    req.responseState.headers.append("Set-Cookie", "c=3");
    return new Response("carried", req.responseState);
  });
}

function setMethods(app: App): void {
  app.get("/res/json", (_req, res) => res.json({ a: "ä" }, { "X-A": 1 }, 206));
  app.get("/res/html", (_req, res) => res.html("<p>ä</p>"));
  app.get("/res/text", (_req, res) => res.text("text", undefined, 404));
  app.get("/res/js", (_req, res) => res.js("let a"));
  app.get("/res/send", (_req, res) => res.send({ sent: 1 }));
  app.get("/res/send-null", (_req, res) => res.send(null));
  app.get("/res/redirect", (_req, res) => res.redirect("/a b\\c?ä=1"));
  app.get("/res/moved", (_req, res) => res.redirect("/x", { "X-R": "1" }, 308));
  app.get("/res/async-end", (_req, res) => res.asyncEnd({ status: 207, headers: { "X-E": "1" }, body: "e" }));
  app.get("/res/async-end-empty", (_req, res) => res.asyncEnd());
  app.get("/res/cookie", (_req, res) => {
    res.setCookie("a", "1 2", { maxAge: 60 });
    res.clearCookie("b");
    return "cookie";
  });
  app.get("/res/vary", (_req, res) => {
    res.addVaryHeader("Accept");
    res.addVaryHeader("accept");
    res.addVaryHeader("Origin");
    return "vary";
  });
  app.get("/res/twice", (_req, res) => {
    res.json({ first: true });
    res.text("second");
  });
  app.get("/res/tagged", (_req, res) => res.text(long, { ETag: '"own"' }));
  app.get("/res/typed", (_req, res) => {
    res.setHeader("Content-Type", "text/csv");
    return "a,b";
  });
  app.get("/res/sniff", (_req, res) => res.text("x", { "X-Content-Type-Options": "off" }));
  app.get("/res/reason", (_req, res) => {
    res.statusMessage = "Fine";
    return "reason";
  });
  app.get("/res/bad-header", (_req, res) => res.text("x", { "X-Bad": "a\nb" }));
  app.get("/res/sse", (_req, res) => {
    const events = res.sse({ heartbeat: 0 });
    void events.send({ event: "tick", id: 1, data: { n: 1 } });
    void events.send("two\nlines");
    events.close();
  });
}

function setStreams(app: App): void {
  app.get("/stream/node", () => Readable.from([Buffer.from("one"), Buffer.from("two")]));
  app.get("/stream/web", () => new Blob(["web stream"]).stream());
  app.get("/stream/iterable", async function* () {
    yield "a";
    yield { b: 1 };
  });
  app.get("/stream/status", () => reply(203, Readable.from(["s"]), { "Content-Type": "text/plain" }));
  app.get("/stream/no-content", () => reply(204, Readable.from(["s"])));
  app.get("/stream/broken", () =>
    Readable.from(
      // biome-ignore lint/correctness/useYield: it fails before it comes to that
      (async function* () {
        throw createError(502, "The source failed.");
      })(),
    ),
  );
  app.get("/stream/length", () => reply(200, Readable.from([Buffer.from("12345")]), { "Content-Length": 5 }));
}

function setForeign(app: App): void {
  app.get("/node/end", (_req, res) => void res.end("ended"));
  app.get("/node/head", (_req, res) => {
    res.writeHead(202, "Sure", { "X-Node": "1" });
    res.end("body");
  });
  app.get("/node/flat", (_req, res) => {
    res.writeHead(200, ["X-Node", "1", "Content-Length", "2"]);
    res.end("ok");
  });
  app.get("/node/write", (_req, res) => {
    res.setHeader("X-W", "1");
    res.write("a");
    res.write("b");
    res.end("c");
  });
  app.get("/node/pipe", (_req, res) => {
    Readable.from([Buffer.from("piped")]).pipe(res);
    return false;
  });
  app.get("/node/flush", (_req, res) => {
    res.flushHeaders();
    setImmediate(() => res.end("late"));
    return false;
  });
  app.get("/node/500", (_req, res) => {
    res.statusCode = 500;
    res.end("own");
  });
  app.get("/node/304", (_req, res) => {
    res.statusCode = 304;
    res.end();
  });
  app.get("/node/later", (_req, res) => {
    setImmediate(() => res.end("later"));
    return false;
  });
}

function setErrors(app: App): void {
  app.get("/error/thrown", () => {
    throw new Error("secret");
  });
  app.get("/error/returned", () => new HttpError(409, "Conflict here."));
  app.get("/error/rejected", async () => {
    throw createError(402, "Pay.");
  });
  app.get("/error/text", () => {
    throw "no error";
  });
  app.get("/error/headers", () => {
    throw new HttpError(401, "Who?", { headers: { "WWW-Authenticate": "Basic" } });
  });
  app.get("/error/clears", (_req, res) => {
    res.setHeader("Content-Type", "text/csv");
    res.setHeader("Cache-Control", "max-age=5");
    res.setHeader("X-Stays", "1");
    throw createError(404, "Gone.");
  });
  app.get("/error/hidden", () => {
    throw Object.assign(new Error("hide"), { statusCode: 422, expose: false });
  });
  app.get("/error/bad-header", () => {
    throw new HttpError(400, "x", { headers: { "X-Bad": "a\nb" } });
  });
  app.get("/error/after-json", (_req, res) => {
    res.json({ sent: true });
    throw new Error("late");
  });
  const caught = new Router();
  caught.get("/data", () => {
    throw createError(418, "tea");
  });
  caught.get("/answered", () => {
    throw new Error("answer");
  });
  caught.get("/next", () => {
    throw new Error("next");
  });
  caught.get("/fails", () => {
    throw new Error("fails");
  });
  caught.get("/later", () => {
    throw new Error("later");
  });
  caught.catch([
    (error) => (error.message === "tea" ? { caught: error.message } : undefined),
    (error, _req, res) => {
      if (error.message === "answer") res.text("answered", undefined, 503);
      if (error.message === "fails") throw createError(410, "The error handler failed.");
    },
    async (error) => (error.message === "later" ? "later" : true),
  ]);
  app.use("/caught", caught);
  app.catch((error) => (error.message === "next" ? reply(409, { app: true }) : undefined));
}

function setBodies(app: App): void {
  app.post("/body/json", JSONParser(), (req) => ({ got: req.body as unknown }));
  app.post("/body/strict", JSONParser({ strict: true, limit: 100 }), (req) => ({ got: req.body as unknown }));
  app.post("/body/form", URLEncodedParser(), (req) => ({ got: req.body as unknown }));
  app.post("/body/text", TextParser(), (req) => ({ got: req.body as unknown }));
  app.post("/body/bytes", ReadBuffer({ limit: 10 }), (req) => req.buffer);
  app.post("/body/any", BodyParser(), (req) => ({ got: req.body as unknown }));
  app.post("/body/unread", () => "unread");
  app.post("/body/stream", async (req) => {
    let size = 0;
    for await (const chunk of req) size += chunk.length;
    return { size };
  });
  app.put("/body/json", JSONParser(), (req) => req.body as unknown);
}

function setDeclared(app: App): void {
  app.route(
    defineRoute({
      path: "/declared/:id",
      method: "POST",
      request: {
        params: { id: "number" },
        query: { q: "string?" },
        body: { name: "string", tags: "string[]?" },
      },
      response: { status: [200, 201], body: { id: "number", name: "string" } },
      handler: (req, res) => {
        const { name } = req.body;
        if (name === "wrong") return { id: "x" };
        if (name === "status") return reply(202, "x");
        if (name === "created") return res.json({ id: 1, name }, undefined, 201);
        return { id: req.params.id, name, secret: true };
      },
    }),
  );
  app.route({ path: "/declared-null", response: { body: { a: "string" } }, handler: () => null });
  app.route({ path: "/declared-none", response: { body: false }, handler: () => null });
  app.route({
    path: "/declared-bytes",
    response: { body: { a: "string" } },
    handler: () => Buffer.from("x"),
  });
  app.route({
    path: "/declared-query",
    request: { query: { n: "number", all: "string[]?" } },
    handler: (req) => ({ ...req.query }),
  });
  app.route({ path: "/declared-headers", request: { headers: { "X-Need": "string" } }, handler: () => "ok" });
  app.route({
    path: "/session",
    session: {
      verify: ({ token }) =>
        token === "good" || token === "admin"
          ? { account: "a", username: "u", groups: token === "admin" ? ["admin"] : [] }
          : null,
    },
    policy: { groups: ["admin"] },
    handler: (req) => ({ user: req.session?.username }),
  });
  app.use(
    "/cookie-session",
    SessionHandler({
      tokenLocation: "cookie",
      verify: ({ token }) => (token === "good" ? { account: "a", username: "u", groups: [] } : null),
    }),
  );
  app.all("/cookie-session", (req) => ({ user: req.session?.username }));
}

function setRouters(app: App): void {
  app.get("/params/:a/:b", (req) => ({ ...req.params, path: req.path, pathname: req.pathname }));
  app.get("/wild/*", (req) => ({ rest: req.params["*"] }));
  app.get("/request", (req) => ({
    query: req.query,
    cookies: req.cookies,
    host: req.hostname,
    protocol: req.protocol,
    accepts: req.accepts("html", "json"),
  }));
  app.get("/only-get", () => "get");
  app.delete("/only-delete", () => null);
  app.head("/own-head", (_req, res) => void res.setHeader("X-Head", "1").end());
  app.get("/own-head", () => "get");
  app.options("/own-options", () => "options");
  app.all("/all", (req) => req.method);
  const inner = new Router()
    .use((_req, res) => void res.setHeader("X-Inner", "1"))
    .get("/leaf", () => "leaf");
  const outer = new Router().use("/inner", inner).get("/", () => "outer");
  outer.fallback((req) => (req.path.endsWith("fallen") ? reply(404, "fallback") : undefined));
  app.use("/outer", outer);
  const ran = new Router()
    .get("/run/inside", () => "inside")
    .get("/run/caught", () => {
      throw new Error("inside");
    })
    .get("/run/thrown", () => {
      throw createError(409, "outside");
    })
    .catch((error) => (error.message === "inside" ? { run: "caught" } : undefined));
  app.use("/run", async (req, res) => {
    await ran.run(req, res);
  });
  app.get("/run/after", () => "after");
  app.webSocket(new WebSocketServer({ path: "/socket", validate: (req) => req.query.open !== undefined }));
}

function setFiles(app: App, folder: string): void {
  app.use("/files", Static(folder, { exclude: (path) => path === "sub/secret.txt" }));
  const send = (name: string) => (_req: unknown, res: Response) => res.sendFile(name, { root: folder });
  app.get("/send/hello", send("hello.txt"));
  app.get("/send/large", send("large.txt"));
  app.get("/send/missing", send("nowhere.txt"));
  app.get("/send/hidden", send(".hidden"));
  app.get("/send/unawaited", (_req, res) => void res.sendFile("hello.txt", { root: folder }));
}
