import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launchChromium } from "miqro-tests/chromium";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";
import { missingChromium } from "miqro-tests/parts";
import type { RunningProcess } from "miqro-tests/process";

const run = promisify(execFile);
const program = "miqro/bin/miqro.js";
const artefacts = fileURLToPath(new URL("../../artefacts/", import.meta.url));

/** A file of the apps that the examples of the documents are. */
const example = (path: string): string =>
  readFileSync(new URL(`../system/apps/${path}`, import.meta.url), "utf8");

const app = {
  "app/http/index.html.tsx": `import JSX from "@miqro/jsx";
export default async (req, res) => {
const posts = await req.server.db.get("mydb")
.select().from("posts").yield();
return <html>
<body>
{posts.map(p => <h2>{p.title}</h2>)}
<my-counter initial="0" />
<live-feed />
<script src="/js/app.js" />
</body>
</html>
}
`,
  "app/http/posts/list.api.ts": `export default async (req, res) => {
const db = req.server.db.get("mydb");
const rows = await db.select().from("posts").eq("title", "hello").yield();
const raw = await db.query("SELECT * FROM posts WHERE id = ?", [1]);
return res.json({ rows, raw });
}
`,
  "app/http/posts/create.api.ts": example("api/app/http/posts/create.api.ts"),
  "app/http/posts/add.api.ts": example("api/app/http/posts/add.api.ts"),
  "app/http/publish.api.ts": `import { JSONParser } from "@miqro/core";
import { APIOptions } from "miqro";
export const apiOptions: APIOptions = {
method: ["POST"],
middleware: [JSONParser()]
};
export default async (req, res) => {
const ws = req.server.ws.get("/updates");
await ws.broadcast(JSON.stringify({ text: req.body.text }));
return res.json({ ok: true });
}
`,
  "app/http/admin.api.ts": `export default {
policy: {
groups: ["admin"],
groupPolicy: "at_least_one"
},
handler: (req, res) => res.json({ account: req.session.account })
}
`,
  "app/http/token.api.ts": `import { createSecretKey } from "node:crypto";
export default async (req, res) => {
const secret = createSecretKey(Buffer.from(process.env.JWT_SECRET, "hex"));
const token = await req.server.jwt.sign({ account: "a", username: "u", groups: ["admin"] }, secret);
return res.json({ token });
}
`,
  "app/http/js/app.min.tsx": `import JSX, { useState, useEffect } from "@miqro/jsx";
import { define } from "@miqro/jsx-dom";
function Counter() {
const [n, setN] = useState(0);
return <button onClick={() => setN(n + 1)}>count: {n}</button>;
}
define("my-counter", Counter, {
observedAttributes: ["initial"],
shadowInit: false
});
function LiveFeed(props) {
const [messages, setMessages] = useState([]);
useEffect(() => {
const ws = new WebSocket(\`ws://\${location.host}/updates\`);
ws.onmessage = (e) => {
const msg = JSON.parse(e.data);
setMessages(prev => [...prev, msg]);
};
ws.onopen = () => document.body.setAttribute("data-live", "");
return () => ws.close();
}, []);
return <ul>{messages.map((m, i) => <li>{m.text}</li>)}</ul>;
}
define("live-feed", LiveFeed, { shadowInit: false });
`,
  "app/http/docs/guide.html.md": "# Guide\nsome **markdown** content.\n",
  "app/static/style.css": "h1 { color: red }\n",
  "app/db.ts": `import { DBConfig } from "miqro";
export default {
dialect: "node:sqlite", // node:sqlite | sqlite3 | pg
name: "mydb", // req.server.db.get("mydb")
storage: "./data.sqlite3", // sqlite only
// connectionString: "..." // postgres
} as DBConfig;
`,
  "app/migration/001_create_posts.ts": example("api/app/migration/001_create_posts.ts"),
  "app/ws.ts": `import { WSConfig } from "miqro";
export default {
path: "/updates", // req.server.ws.get("/updates")
disabled: false
} as WSConfig;
`,
  "app/auth.ts": example("auth/app/auth.ts").replace("verify:", "required: false,\nverify:"),
  "app/middleware.ts": example("middleware/app/middleware.ts"),
  "app/catch.ts": `import { ErrorConfig } from "miqro";
export default {
catch: [
async (err, req, res) => {
req.logger.error(err);
return res.json({ error: err.message }, {}, 500);
}
]
} as ErrorConfig;
`,
} as const;

describe("the quick start, from packed packages in an empty folder", () => {
  let packed: PackedPackages;
  let folder: EmptyFolder;
  let server: RunningProcess | undefined;

  const tsc = () =>
    run(process.execPath, [join(folder.path, "node_modules/typescript/bin/tsc")], { cwd: folder.path });
  const start = async (...args: string[]): Promise<string> => {
    server = folder.start(program, ["--no-build", "--port", "0", "--host", "127.0.0.1", ...args], {
      JWT_SECRET: "11".repeat(32),
    });
    const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
    return url;
  };

  before(async () => {
    packed = await packPackages();
    folder = await createEmptyFolder({ name: "quick-start", version: "1.0.0" });
    await folder.install(...packed.tarballs.values(), "typescript@7");
  });
  after(async () => {
    await server?.stop();
    await folder.remove();
    await packed.remove();
  });

  it("installs at most 22 packages beside the compiler, within 10 MB, and no bundler", async () => {
    const { stdout } = await run("npm", ["ls", "--all", "--parseable"], { cwd: folder.path });
    const paths = stdout.trim().split("\n").slice(1);
    const own = paths.filter((path) => !/node_modules\/(@typescript\/|typescript$)/.test(path));
    assert.ok(own.length <= 22, own.join("\n"));
    const { stdout: size } = await run("du", ["-skc", "--apparent-size", ...own]);
    const kilobytes = Number(/(\d+)\s+total/.exec(size)?.[1]);
    console.log(`${own.length} packages, ${kilobytes} kB`);
    assert.ok(kilobytes < 10_240, `${kilobytes} kB`);
    assert.ok(!existsSync(join(folder.path, "node_modules/esbuild")));
  });

  it("writes a tsconfig.json, and sets the module type", async () => {
    const command = folder.start(program, ["--install-tsconfig"]);
    assert.equal(await command.exited, 0, command.output());
    assert.match(command.output(), /Wrote tsconfig\.json, and set "type": "module"/);
  });

  it("serves the first page", async () => {
    await folder.write({ "example/http/index.html.tsx": example("start/example/http/index.html.tsx") });
    await tsc();
    const url = await start("--service", "example/");
    const response = await fetch(`${url}/index.html`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(await response.text(), "<!DOCTYPE html><html><body><h1>Good morning</h1></body></html>");
    assert.equal(await server?.stop(), 0);
  });

  describe("grown to every kind of file", () => {
    let url: string;
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });

    before(async () => {
      await folder.write(app);
      await tsc();
      url = await start("--service", "app/");
    });
    after(() => server?.stop());

    it("has run the migration, and takes rows through a validated route", async () => {
      const created = await post("/posts/create", { title: "hello", content: "<b>" });
      assert.equal(created.status, 200);
      assert.deepEqual(await created.json(), { id: 1 });
      const list = await (await fetch(`${url}/posts/list`)).json();
      assert.deepEqual(list, {
        rows: [{ id: 1, title: "hello", content: "<b>" }],
        raw: [{ id: 1, title: "hello", content: "<b>" }],
      });
      assert.deepEqual(await (await post("/posts/add", { title: "x", content: "y" })).json(), {
        id: 2,
      });
    });

    it("shows rows on the page, escaped", async () => {
      await post("/posts/create", { title: "<script>alert(1)</script>", content: "" });
      const html = await (await fetch(`${url}/index.html`)).text();
      assert.match(html, /<h2>hello<\/h2>/);
      assert.match(html, /<h2>&lt;script&gt;alert/);
      assert.match(html, /<link rel="modulepreload" href="\/_miqro\/[^"]+">.*<script src="\/js\/app\.js">/);
    });

    it("sends what a route does not accept to catch.ts", async () => {
      const answer = await post("/posts/create", { title: 1, more: true });
      assert.equal(answer.status, 500);
      assert.match(((await answer.json()) as { error: string }).error, /title/);
    });

    it("lets a group in by its token, and no one else", async () => {
      const { token } = (await (await fetch(`${url}/token`)).json()) as { token: string };
      const asked = await fetch(`${url}/admin`, { headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual([asked.status, await asked.json()], [200, { account: "a" }]);
      const stranger = await fetch(`${url}/admin`, { headers: { authorization: "Bearer nonsense" } });
      assert.notEqual(stranger.status, 200);
    });

    it("serves Markdown, static files, and nothing else of the folder", async () => {
      assert.match(await (await fetch(`${url}/docs/guide`)).text(), /<strong>markdown<\/strong>/);
      assert.equal((await fetch(`${url}/docs/guide.html`)).status, 200);
      const css = await fetch(`${url}/style.css`);
      assert.match(css.headers.get("content-type") ?? "", /^text\/css/);
      for (const path of [
        "/db.ts",
        "/posts/list.api.ts",
        "/../package.json",
        "/%2e%2e/data.sqlite3",
        "/js/app.min.tsx",
      ]) {
        const answer = await fetch(url + path);
        // Its catch.ts takes every error, that of a request that nothing answered too.
        assert.deepEqual(
          [answer.status, await answer.json()],
          [500, { error: "Nothing is found at this path." }],
          path,
        );
      }
    });

    it("serves client code as ES modules at addresses that never change", async () => {
      const stub = await fetch(`${url}/js/app.js`);
      assert.equal(stub.headers.get("cache-control"), "no-cache");
      const [, address] = /import\("([^"]+)"\)/.exec(await stub.text()) ?? [];
      const module = await fetch(new URL(address ?? "", `${url}/js/app.js`));
      assert.match(new URL(module.url).pathname, /^\/_miqro\/[\w-]{10,}\//);
      assert.match(module.headers.get("cache-control") ?? "", /immutable/);
      assert.match(module.headers.get("content-type") ?? "", /^text\/javascript/);
      assert.doesNotMatch(await module.text(), /from ?"@miqro/);
    });

    it("counts in a real browser, and shows what was broadcast", { skip: missingChromium() }, async () => {
      const browser = await launchChromium();
      try {
        const tab = await browser.newPage();
        const errors: string[] = [];
        tab.on("pageerror", (error) => errors.push(error.message));
        tab.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        await tab.goto(`${url}/index.html`);
        const button = tab.locator("my-counter button");
        await button.click();
        await button.click();
        await tab.getByText("count: 2").waitFor();
        await tab.locator("body[data-live]").waitFor();
        await post("/publish", { text: "news" });
        await tab.locator("live-feed li", { hasText: "news" }).waitFor();
        await mkdir(artefacts, { recursive: true });
        await tab.screenshot({ path: join(artefacts, "quick-start.png") });
        assert.deepEqual(
          errors.filter((text) => !text.includes("favicon")),
          [],
        );
      } finally {
        await browser.close();
      }
    });

    it("ends on SIGTERM with 0, and keeps its rows for the next start", async () => {
      assert.equal(await server?.stop(), 0, server?.output());
      url = await start("--service", "app/");
      const { rows } = (await (await fetch(`${url}/posts/list`)).json()) as { rows: unknown[] };
      assert.equal(rows.length, 1);
    });
  });

  describe("with a mistake", () => {
    const mistakes: readonly (readonly [what: string, file: string, text: string, told: RegExp])[] = [
      [
        "an unknown key",
        "db.ts",
        "export default { dialct: 'node:sqlite', name: 'x' };",
        /db\.ts: .*"dialct".*\bdialect\b/,
      ],
      [
        "no default export",
        "http/x.api.ts",
        "export const x = 1;",
        /http\/x\.api\.ts: it has no default export/,
      ],
      [
        "a missing package",
        "http/x.api.ts",
        "// @ts-nocheck\nimport 'not-there'; export default () => 1;",
        /http\/x\.api\.ts: .*npm install not-there/,
      ],
      [
        "a throw while loading",
        "auth.ts",
        "throw new Error('no secret'); export default {};",
        /auth\.ts: Error: no secret \(.*auth/,
      ],
      [
        "a driver that is not installed",
        "db.ts",
        "export default { dialect: 'pg', name: 'x' } as any;",
        /db\.ts: .*npm install pg/,
      ],
      [
        "a socket without a path",
        "ws.ts",
        "export default { disabled: false };",
        /ws\.ts: .*`path` that begins with a slash/,
      ],
      [
        "client code that reaches the server",
        "http/js/a.min.ts",
        "import 'node:fs';",
        /http\/js\/a\.min\.ts: .*node:fs/,
      ],
      ["an option of the wrong kind", "cors.ts", "export default { origins: 5 };", /cors\.ts: .*origins/],
      [
        "a failing migration",
        "migration/001_x.ts",
        "export default { dbName: 'm', up: async (db) => { await db.query('NONSENSE'); } };",
        /001_x.*/,
      ],
    ];
    for (const [what, file, text, told] of mistakes) {
      it(`says so: ${what}`, async () => {
        await rm(join(folder.path, "broken"), { recursive: true, force: true });
        await folder.write({ [`broken/${file}`]: text });
        if (file.startsWith("migration/")) {
          await folder.write({
            "broken/db.ts": "export default { dialect: 'node:sqlite', name: 'm', storage: ':memory:' };",
          });
        }
        await tsc().catch(() => undefined);
        const command = folder.start(program, ["--no-build", "--service", "broken/"]);
        assert.equal(await command.exited, 20, command.output());
        const lines = command
          .output()
          .trim()
          .split("\n")
          .filter((line) => line.startsWith("miqro: "));
        assert.equal(lines.length, 1, command.output());
        assert.match(lines[0] ?? "", told);
        assert.doesNotMatch(command.output(), /^\s+at /m);
      });
    }

    for (const mode of [[], ["--watch"]]) {
      it(`says so: a port that is taken ${mode.join()}`, async () => {
        const other = createServer().listen(0, "127.0.0.1");
        await once(other, "listening");
        const { port } = other.address() as AddressInfo;
        const args = [
          "--no-build",
          ...mode,
          "--host",
          "127.0.0.1",
          "--port",
          String(port),
          "--service",
          "example/",
        ];
        const command = folder.start(program, args);
        assert.equal(await command.exited, 20, command.output());
        assert.match(
          command.output(),
          new RegExp(`^miqro: Port ${port} is already in use by another process\\.`, "m"),
        );
        other.close();
      });
    }

    it("says so: a source that tsc has not compiled, after waiting for it", async () => {
      await rm(join(folder.path, "broken"), { recursive: true, force: true });
      await folder.write({ "broken/http/late.api.ts": "export default () => 'late';" });
      const waiting = folder.start(program, ["--no-build", "--port", "0", "--service", "broken/"]);
      await waiting.waitFor(/Waiting for tsc to write/);
      await tsc().catch(() => undefined);
      const [, url = ""] = await waiting.waitFor(/on (http:\/\/\S+) \(/);
      assert.equal(await (await fetch(`${url}/late`)).text(), "late");
      assert.equal(await waiting.stop(), 0);
    });
  });
});
