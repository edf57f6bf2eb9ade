import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

// What people write who have not switched on `strict`: parameters without types, and nothing that may be absent.
const loose = `
import { type APIRoute, App, defineRoute, JSONParser, Router, SessionHandler } from "@miqro/core";

declare module "@miqro/core" {
  interface Request {
    server: { db: { get(name: string): { insert(table: string): { values(row: object): Promise<any[]> } } } };
  }
}

export const create = defineRoute({
  name: "create post",
  method: "POST",
  middleware: [JSONParser()],
  request: { body: { title: "string", content: "string" } },
  response: { status: [200], body: { id: "number" } },
  handler: async (req, res) => {
    const post = await req.server.db.get("mydb").insert("posts").values({ title: req.body.title });
    const title: string = req.body.title;
    return res.json({ id: post[0].id, title: undefined } as { id: number });
  },
});

export const untyped = {
  name: "create post",
  method: "POST",
  middleware: [JSONParser()],
  policy: { groups: ["admin"], groupPolicy: "at_least_one" },
  request: { body: { title: "string" } },
  response: { status: [200], body: { id: "number" } },
  handler: async (req, res) => {
    const post = await req.server.db.get("mydb").insert("posts").values({ title: req.body.title });
    return res.json({ id: post[0].id });
  },
} as APIRoute;

const router = new Router();
const myMiddleware = (req, res) => {
  req.startTime = Date.now();
};
router.use(myMiddleware);
router.use(async (req, res) => {
  req.logger.debug("took %dms", Date.now() - req.startTime);
});
router.catch(async (err, req, res) => {
  req.logger.error(err);
  return res.json({ error: err.message }, {}, 500);
});
export const mounted = { path: "/admin", method: "use", handler: router };
export const verify = async ({ token }) => (token === "x" ? { account: "a", username: "u", groups: [], token } : null);

const app = new App();
app.use(SessionHandler({ verify }));
app.route(create).route(untyped).use(router, "/admin").get("/", (req, res) => res.json({ ok: req.session.username }));
app.post("/x", [JSONParser()], (req, res) => res.json(req.body));
`;

const wrong = `
import { App, defineRoute, JSONParser, Static, WebSocketServer } from "@miqro/core";
const app = new App();
// @ts-expect-error no such option
new App({ bodylimit: 1 });
// @ts-expect-error a path is missing
app.get((req) => "x");
// @ts-expect-error an answer is no handler
app.get("/", "hello");
// @ts-expect-error no such type
JSONParser({ limit: {} });
// @ts-expect-error a socket needs a path
new WebSocketServer({});
// @ts-expect-error no such place for a token
app.use({ session: { verify: () => null, tokenLocation: "body" }, handler: () => undefined });
// @ts-expect-error a folder is a string
Static(1);
defineRoute({
  // @ts-expect-error no such type in a schema
  request: { body: { title: "strin" } },
  handler: () => undefined,
});
defineRoute({
  request: { headers: { "x-id": "integer" }, params: { id: "integer" }, query: { page: "number?" } },
  response: { body: { ok: "boolean" } },
  handler: (req, res) => {
    const id: number = req.params.id + req.headers["x-id"];
    const page: number | undefined = req.query.page;
    // @ts-expect-error not declared
    req.params.other;
    // @ts-expect-error not declared
    req.query.other;
    // @ts-expect-error a number
    req.params.id.toUpperCase();
    // @ts-expect-error a boolean
    res.json({ ok: 1 });
    return res.json({ ok: page === id });
  },
});
`;

async function compile(source: string, strict: boolean): Promise<string> {
  const folder = await mkdtemp(fileURLToPath(new URL("./compiled-", import.meta.url)));
  try {
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await writeFile(join(folder, "main.ts"), source);
    const compilerOptions = {
      target: "es2022",
      module: "nodenext",
      lib: ["es2023", "dom", "dom.iterable"],
      types: ["node"],
      strict,
      noEmit: true,
      // What is declared for others has to hold there too.
      skipLibCheck: false,
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
    const { stdout, stderr } = await run(process.execPath, [tsc, "-p", folder]).catch((error) => error);
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the types", () => {
  it("compile where `strict` is off, with parameters that have no types", async () => {
    assert.equal(await compile(loose, false), "");
  });

  it("are looked at in these tests", async () => {
    assert.match(await compile("export const text: string = 1;", false), /TS2322/);
  });

  it("refuse wrong use, whether `strict` is on or not", async () => {
    assert.equal(await compile(wrong, true), "");
    assert.equal(await compile(wrong, false), "");
  });
});
