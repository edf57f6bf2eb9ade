import assert from "node:assert/strict";
import { isBuiltin } from "node:module";
import { after, before, describe, it } from "node:test";
import { eventually } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";
import { type RunningEditor, startEditor } from "./support/running-editor.js";

interface Status {
  readonly app: { readonly state: string; readonly serving?: boolean };
  readonly problems: readonly { readonly path?: string; readonly message: string }[];
}

const skip = isBuiltin("node:sqlite") ? false : "needs Node.js 22.13";

let project: Project;
let editor: RunningEditor;
let cookie: string;
before(async () => {
  project = await createProject({
    "app/http/posts/[id].api.js":
      'export default { method: "PUT", name: "change", policy: { groups: ["a"] }, session: () => null, request: { params: { id: "string1" }, query: { dry: "boolean?" }, body: { title: "string1" } }, handler: () => ({}) };\n',
    "app/http/echo.api.js":
      "export default (req) => ({ cookies: req.cookies, header: req.headers['x-a'], query: req.query });\n",
    "app/static/style.css": "",
    "app/ws.js": 'export default { path: "/chat" };\n',
    "other/http/echo.api.js": "export default () => 'never';\n",
    "app/db.js": `export default { name: "main", dialect: "node:sqlite", storage: ":memory:", disabled: ${skip !== false} };\n`,
    "app/migration/001.js": `export default {
  async up(db) {
    await db.query('CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, data BLOB, big INTEGER, note TEXT)');
    await db.query('INSERT INTO "odd ""name" VALUES (1, x\\'0102\\', 12, NULL)');
    await db.query("CREATE VIEW seen AS SELECT 1 AS one");
  },
  down: () => undefined,
};
`,
  });
  editor = await startEditor(project, ["--service", "other"]);
  cookie = await editor.signIn();
});
after(async () => {
  await editor?.stop();
  await project?.remove();
});

const save = async (path: string, text: string): Promise<void> => {
  const { etag } = (await editor.ask(`/api/read?path=${path}`)).json<{ etag: string }>();
  const { status } = await editor.ask("/api/save", { method: "POST", body: { path, text, etag } });
  assert.equal(status, 200);
};

describe("what the editor knows of the app", { skip }, () => {
  it("is its services in their order, with routes and the schemas of what they take", async () => {
    const { services } = (await editor.ask("/api/app")).json<{
      services: { name: string; routes: object[] }[];
    }>();
    assert.deepEqual(
      services.map(({ name }) => name),
      ["app", "other"],
    );
    assert.deepEqual(services[0], {
      name: "app",
      folder: "app",
      configs: [
        { name: "db", file: "app/db.js" },
        { name: "ws", file: "app/ws.js" },
      ],
      routes: [
        { method: "GET", path: "/echo", kind: "api", file: "app/http/echo.api.js" },
        {
          method: "PUT",
          path: "/posts/:id",
          kind: "api",
          file: "app/http/posts/[id].api.js",
          name: "change",
          guarded: true,
          request: {
            params: {
              type: "object",
              properties: { id: { type: "string", minLength: 1 } },
              required: ["id"],
              additionalProperties: false,
            },
            query: {
              type: "object",
              properties: { dry: { type: "boolean" } },
              additionalProperties: false,
            },
            body: {
              type: "object",
              properties: { title: { type: "string", minLength: 1 } },
              required: ["title"],
              additionalProperties: false,
            },
          },
        },
      ],
      sockets: ["/chat"],
      staticFolder: services[0] && `${project.path}/app/static`,
    });
  });

  it("is its tables, and their rows as they can be shown", async () => {
    const { databases } = (await editor.ask("/api/app")).json<{ databases: object[] }>();
    assert.deepEqual(databases, [
      {
        name: "main",
        dialect: "node:sqlite",
        tables: [
          { name: "miqro_migration", isView: false },
          { name: 'odd "name', isView: false },
          { name: "seen", isView: true },
        ],
      },
    ]);
    const table = encodeURIComponent('odd "name');
    const page = (await editor.ask(`/api/rows?database=main&table=${table}`)).json();
    assert.deepEqual(page, {
      columns: ["id", "data", "big", "note"],
      rows: [[1, "2 bytes", 12, null]],
      count: 1,
      offset: 0,
    });
  });

  it("is no table that the database does not have", async () => {
    for (const table of ["nothing", "sqlite_master", 'seen"; DROP TABLE seen; --']) {
      const { status } = await editor.ask(`/api/rows?database=main&table=${encodeURIComponent(table)}`);
      assert.equal(status, 409, table);
    }
    assert.equal((await editor.ask("/api/rows?database=none&table=seen")).status, 409);
    assert.equal((await editor.ask("/api/rows?database=main&table=seen&limit=100000")).status, 400);
  });
});

describe("a request that is tried", () => {
  const attempt = (body: object) => editor.ask("/api/try", { method: "POST", body });

  it("reaches the app with the cookies of the browser, but not with the editor's own", async () => {
    const headers = { cookie: `${cookie}; session=abc` };
    const body = { method: "get", path: "/echo?a=1", headers: { "x-a": "b" } };
    const answer = (await editor.ask("/api/try", { method: "POST", body, headers })).json<{
      text: string;
      status: number;
    }>();
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.text), {
      cookies: { session: "abc" },
      header: "b",
      query: { a: "1" },
    });
  });

  it("reaches no other address", async () => {
    for (const path of [
      "http://example.org/",
      "//example.org/",
      "@example.org/",
      "",
      "/a b",
      "/a\r\nHost: x",
    ]) {
      const answer = await attempt({ method: "GET", path, headers: {} });
      const { status } = answer.status === 200 ? answer.json<{ status: number }>() : answer;
      assert.ok([400, 404].includes(status), `${JSON.stringify(path)} ${status}`);
    }
  });

  it("is refused when it is none", async () => {
    const wrong = [
      { method: "G ET", path: "/", headers: {} },
      { method: "GET", path: "/", headers: { "a b": "c" } },
      { method: "GET", path: "/", headers: { a: "b\r\nc" } },
    ];
    for (const body of wrong) assert.equal((await attempt(body)).status, 400);
  });
});

describe("a save", () => {
  it("makes a new version, tells of one that does not start, and of the one that does again", async () => {
    const socket = await openSocket();
    await save("app/http/echo.api.js", "export default () => 'new';\n");
    await eventually(async () => assert.equal(await (await fetch(`${editor.appURL}/echo`)).text(), "new"));
    await save("app/http/echo.api.js", 'throw new Error("broken");\n');
    await eventually(async () => {
      const { app, problems } = socket.status();
      assert.deepEqual([app.state, app.serving, problems[0]?.path], ["failed", true, "app/http/echo.api.js"]);
      assert.match(problems[0]?.message ?? "", /broken/);
    });
    assert.equal(await (await fetch(`${editor.appURL}/echo`)).text(), "new");
    await save("app/http/echo.api.js", "export default () => 'mended';\n");
    await eventually(async () => {
      assert.deepEqual([socket.status().app.state, socket.status().problems], ["running", []]);
    });
    socket.close();
  });

  it("is told about another one, with status 409", async () => {
    const body = { path: "app/http/echo.api.js", text: "", etag: "old" };
    const answer = await editor.ask("/api/save", { method: "POST", body });
    assert.equal(answer.status, 409);
    assert.match(answer.json<{ message: string }>().message, /changed by another program/);
  });

  it("leads nowhere but into the project", async () => {
    for (const path of [
      "../x",
      "/tmp/x",
      ".git/hooks/post-commit",
      "app/../../x",
      "node_modules/x/index.js",
    ]) {
      const { status } = await editor.ask("/api/save", {
        method: "POST",
        body: { path, text: "x", etag: null },
      });
      assert.ok([400, 403].includes(status), path);
    }
    for (const path of [
      "%2e%2e%2fx",
      "..%2fx",
      "%2fetc%2fpasswd",
      "%252e%252e%252fx",
      "app%5c..%5cx",
      "a%00b",
    ]) {
      const { status } = await editor.ask(`/api/read?path=${path}`);
      assert.ok([400, 403, 404].includes(status), path);
    }
  });

  it("can have the app replaced whatever was saved", async () => {
    await project.write({ "app/data.json": "1" });
    const socket = await openSocket();
    const { version } = socket.status().app as { version?: number };
    assert.equal((await editor.ask("/api/reload", { method: "POST", body: {} })).status, 200);
    await eventually(async () => {
      assert.equal((socket.status().app as { version?: number }).version, (version ?? 0) + 1);
    });
    socket.close();
  });
});

/** A socket of the page, with the last status that it was told. */
async function openSocket(): Promise<{ status(): Status; close(): void }> {
  const { WebSocket } = await import("ws");
  const socket = new WebSocket(`${editor.url.replace("http", "ws")}/live`, {
    headers: { cookie, origin: editor.url },
  });
  let status: Status | undefined;
  socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { type: string; status: Status };
    if (message.type === "status") status = message.status;
  });
  await eventually(async () => assert.ok(status !== undefined));
  return { status: () => status ?? assert.fail("no status"), close: () => socket.close() };
}
