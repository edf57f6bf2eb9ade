import assert from "node:assert/strict";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import { createProject, type Project } from "./support/project.js";
import { type Asked, type RunningEditor, startEditor } from "./support/running-editor.js";

let project: Project;
let editor: RunningEditor;
let host: string;
let cookie: string;
before(async () => {
  project = await createProject({ "app/http/hello.api.js": "export default () => 'hello';\n" });
  editor = await startEditor(project);
  host = new URL(editor.url).host;
});
after(async () => {
  await editor?.stop();
  await project?.remove();
});

describe("the key of the start line", () => {
  it("is not taken when it is wrong", async () => {
    for (const key of ["", "x", "x".repeat(32), `${new URL(editor.keyURL).searchParams.get("key")}x`]) {
      const { status, headers } = await editor.ask(`/?key=${key}`);
      assert.equal(status, 401);
      assert.equal(headers["set-cookie"], undefined);
    }
  });

  it("is not used up by a browser that looks ahead", async () => {
    const path = editor.keyURL.slice(editor.url.length);
    const { status } = await editor.ask(path, { headers: { "sec-purpose": "prefetch" } });
    assert.equal(status, 401);
    assert.equal((await editor.ask(path, { method: "HEAD" })).status, 401);
  });

  it("gives a session in a cookie that scripts and other sites do not get", async () => {
    const { status, headers, text } = await editor.ask(editor.keyURL.slice(editor.url.length));
    assert.equal(status, 200);
    const [set = ""] = headers["set-cookie"] ?? [];
    assert.match(set, /^miqro_editor_\w+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.match(text, /http-equiv="refresh" content="0; url=\/"/);
    [cookie = ""] = set.split(";");
  });

  it("lets one browser in", async () => {
    assert.equal((await editor.ask(editor.keyURL.slice(editor.url.length))).status, 401);
  });

  it("is made for another browser on request", async () => {
    const { key } = (await editor.ask("/api/key", { method: "POST", body: {}, headers: { cookie } })).json<{
      key: string;
    }>();
    assert.equal((await editor.ask(`/?key=${key}`)).headers["set-cookie"]?.length, 1);
    assert.equal((await editor.ask(`/?key=${key}`)).status, 401);
  });
});

describe("the editor's routes", () => {
  it("answer the page of a session", async () => {
    const headers = { cookie };
    assert.equal((await editor.ask("/", { headers })).status, 200);
    assert.equal((await editor.ask("/api/tree", { headers })).status, 200);
  });

  it("say in every answer what the page may do, and that nobody keeps it", async () => {
    for (const headers of [{ cookie }, { cookie: "" }]) {
      const answer = await editor.ask("/", { headers });
      assert.match(
        String(answer.headers["content-security-policy"]),
        /default-src 'none'.*frame-ancestors 'none'/,
      );
      assert.match(String(answer.headers["cache-control"]), /no-store/);
    }
  });

  const refused: Readonly<Record<string, { path?: string; asked: () => Asked; status: number }>> = {
    "no cookie": { asked: () => ({}), status: 401 },
    "a wrong cookie": { asked: () => ({ headers: { cookie: `${cookie}x` } }), status: 401 },
    "a script without a cookie": { path: "/js/editor.js", asked: () => ({}), status: 401 },
    "a style sheet without a cookie": { path: "/editor.css", asked: () => ({}), status: 401 },
    "a write without a cookie": {
      path: "/api/save",
      asked: () => ({ method: "POST", body: {} }),
      status: 401,
    },
    "a write of another origin": {
      path: "/api/folder",
      asked: () => ({
        method: "POST",
        body: { path: "evil" },
        headers: { cookie, origin: "https://evil.example" },
      }),
      // The CORS of a server in development refuses it first.
      status: 400,
    },
    "a write of another port": {
      path: "/api/folder",
      asked: () => ({ method: "POST", body: { path: "evil" }, headers: { cookie, origin: editor.appURL } }),
      status: 403,
    },
    "a write of no origin": {
      path: "/api/folder",
      asked: () => ({ method: "POST", body: { path: "evil" }, headers: { cookie, origin: "null" } }),
      status: 400,
    },
    "a read of a page on another port": {
      asked: () => ({ headers: { cookie, "sec-fetch-site": "same-site" } }),
      status: 403,
    },
    "a read of another site": {
      asked: () => ({ headers: { cookie, "sec-fetch-site": "cross-site" } }),
      status: 403,
    },
    "a name that leads here": { asked: () => ({ headers: { cookie, host: "evil.example" } }), status: 403 },
    "a name that leads here, with the port": {
      asked: () => ({ headers: { cookie, host: `evil.example:${new URL(editor.url).port}` } }),
      status: 403,
    },
    "a form, which needs no permission": {
      path: "/api/folder",
      asked: () => ({
        method: "POST",
        headers: { cookie, "content-type": "text/plain", "sec-fetch-site": "cross-site" },
      }),
      status: 403,
    },
  };
  for (const [name, { path = "/api/tree", asked, status }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => {
      assert.equal((await editor.ask(path, asked())).status, status);
    });
  }
});

describe("the editor's socket", () => {
  const cases: Readonly<Record<string, { headers: () => Readonly<Record<string, string>>; status: number }>> =
    {
      "opens for a session": { headers: () => ({ cookie, origin: editor.url }), status: 101 },
      "is closed without a cookie": { headers: () => ({ origin: editor.url }), status: 401 },
      "is closed to another site": {
        headers: () => ({ cookie, origin: "https://evil.example" }),
        status: 403,
      },
      "is closed to the app": { headers: () => ({ cookie, origin: editor.appURL }), status: 403 },
      "is closed to a name that leads here": {
        headers: () => ({ cookie, host: "evil.example", origin: "http://evil.example" }),
        status: 403,
      },
    };
  for (const [name, { headers, status }] of Object.entries(cases)) {
    it(name, async () => {
      assert.equal(await upgrade(headers()), status);
    });
  }
});

describe("--editor", () => {
  it("listens on this machine only", async (t) => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.internal === false && one.family === "IPv4");
    if (outside === undefined) return t.skip("this machine has no other address");
    const port = Number(new URL(editor.url).port);
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      const socket = connect({ host: outside.address, port }, () => {
        socket.destroy();
        resolve(undefined);
      });
      socket.once("error", resolve);
    });
    assert.equal(error?.code, "ECONNREFUSED");
  });
});

describe("--editor-host", () => {
  it("opens it to other machines, whose names still have to be allowed", async () => {
    const other = await createProject({ "app/http/hello.api.js": "export default () => 'hello';\n" });
    const args = ["--editor-host", "0.0.0.0", "--allowed-host", "dev.test"];
    const running = await startEditor(other, args);
    try {
      assert.match(running.url, /^http:\/\/localhost:/);
      const statuses = await Promise.all(
        ["dev.test", "10.0.0.1:8081", "evil.example"].map(
          async (name) => (await running.ask("/", { headers: { host: name } })).status,
        ),
      );
      assert.deepEqual(statuses, [401, 401, 403]);
    } finally {
      await running.stop();
      await other.remove();
    }
  });
});

/** The status that an upgrade is answered with. */
function upgrade(headers: Readonly<Record<string, string>>): Promise<number> {
  const lines = { host, ...headers };
  const { port } = new URL(editor.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(port) }, () => {
      socket.write(
        `GET /live HTTP/1.1\r\n${Object.entries(lines)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join(
            "",
          )}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
    });
    socket.once("error", reject);
    socket.once("data", (chunk: Buffer) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString())?.[1]));
    });
  });
}
