import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Apps, type Seen, type StartOptions, temporaryFolder } from "./seed-examples.js";

/** What an app of an example promises. */
export interface Expectation {
  readonly app: string;
  /** The fact, in the present tense. */
  readonly does: string;
  /** A file of the packages without which the example cannot run yet. */
  readonly needs?: string;
  /** Asserts it, and returns what all ways must have in common. */
  check(apps: Apps): Promise<unknown>;
}

const json = (body: unknown, method = "POST"): RequestInit => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const html = "text/html; charset=utf-8";

/** Starts an app, asks it, ends it. */
async function withApp<T>(
  apps: Apps,
  name: string,
  work: (app: Awaited<ReturnType<Apps["start"]>>) => Promise<T>,
  options: StartOptions = {},
): Promise<T> {
  const app = await apps.start(name, options);
  try {
    return await work(app);
  } finally {
    await app.process.stop();
  }
}

const parse = ({ text }: Seen): unknown => JSON.parse(text);
const withoutHashes = (text: string) => text.replaceAll(/\/_miqro\/[\w-]+\//g, "/_miqro/HASH/");

/** A token as `auth.ts` of the example takes it. */
function token(groups: readonly string[]): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part({ alg: "HS256", typ: "JWT" })}.${part({ account: "acme", username: "ann", groups })}`;
  return `${head}.${createHmac("sha256", Buffer.from(secret, "hex")).update(head).digest("base64url")}`;
}
const secret = "0f".repeat(32);

export const expectations: readonly Expectation[] = [
  {
    app: "start",
    does: "serves the page of the quick start",
    check: (apps) =>
      withApp(
        apps,
        "start",
        async ({ ask }) => {
          const page = await ask("/index.html");
          assert.deepEqual(page, {
            status: 200,
            type: html,
            text: "<!DOCTYPE html><html><body><h1>Good morning</h1></body></html>",
          });
          assert.equal((await ask("/index.html.tsx")).status, 404);
          return page;
        },
        { args: ["--service", "example/"] },
      ),
  },
  {
    app: "pages",
    does: "renders pages, at the paths of apiOptions, and rows of a database that migrations made",
    check: (apps) =>
      withApp(apps, "pages", async ({ ask }) => {
        const root = await ask("/");
        assert.match(root.text, /<h1>At \/<\/h1>/);
        const index = await ask("/index.html");
        assert.match(index.text, /<h1>At \/index\.html<\/h1>/);
        assert.equal((await ask("/", { method: "POST" })).status, 405);
        const posts = await ask("/posts/index.html");
        assert.match(posts.text, /<h2>First &lt;b&gt;<\/h2><h2>Second<\/h2>/);
        const list = await ask("/posts/list");
        assert.deepEqual(parse(list), {
          rows: [{ id: 2, title: "Second", content: "…" }],
          raw: [{ id: 1, title: "First <b>" }],
        });
        return [root, index, posts, list];
      }),
  },
  {
    app: "pages",
    does: "migrates by hand, up and down",
    async check(apps) {
      const folder = await temporaryFolder();
      try {
        // In memory nothing stays, but everything runs.
        const up = await apps.run("pages", ["--migrate-up", "--service", "app/"], { LOG_LEVEL: "info" });
        assert.equal(up.code, 0, up.output);
        assert.match(up.output, /001_create_posts/);
        assert.match(up.output, /^2 of 2 migrations are applied\.$/m);
        const down = await apps.run("pages", ["--migrate-down", "--service", "app/"]);
        assert.equal(down.code, 0, down.output);
        assert.match(down.output, /^0 of 2 migrations are applied\.$/m);
        return [up.code, down.code];
      } finally {
        await folder.remove();
      }
    },
  },
  {
    app: "client",
    does: "serves client code, and broadcasts to WebSockets",
    check: (apps) =>
      withApp(apps, "client", async ({ ask, url }) => {
        const page = await ask("/index.html");
        assert.match(page.text, /<my-counter initial="0"><\/my-counter><live-feed><\/live-feed>/);
        assert.match(page.text, /<script src="\/js\/app\.js"><\/script>/);
        const script = await ask("/js/app.js");
        assert.match(script.type ?? "", /javascript/);
        const [, module = ""] = /import\("([^"]+)"\)/.exec(script.text) ?? [];
        const code = await (await fetch(new URL(module, `${url}/js/app.js`))).text();
        assert.match(code, /my-counter/);
        assert.equal((await ask("/js/app.min.js")).status, 200);
        assert.equal((await ask("/js/label.js")).status, 404);
        const socket = new WebSocket(`${url.replace("http", "ws")}/updates`);
        await once(socket, "open");
        const received: unknown[] = [];
        socket.addEventListener("message", ({ data }) => received.push(JSON.parse(String(data))));
        const next = () => once(socket, "message");
        let waiting = next();
        assert.deepEqual(parse(await ask("/publish", json({ text: "hello" }))), { ok: true });
        await waiting;
        waiting = next();
        await ask("/update");
        await waiting;
        socket.close();
        assert.deepEqual(received, [{ text: "hello" }, { type: "update", data: "fresh" }]);
        const withoutPreloads = page.text.replaceAll(/<link rel="modulepreload"[^>]*>/g, "");
        return [withoutPreloads, withoutHashes(script.text)];
      }),
  },
  {
    app: "api",
    does: "answers functions, declarations with and without types, and a mounted router",
    check: (apps) =>
      withApp(apps, "api", async ({ ask }) => {
        const seen = [
          await ask("/ok"),
          await ask("/posts/create", json({ title: "a", content: "b" })),
          await ask("/posts/add", json({ title: "a", content: "b" })),
          await ask("/posts/create", json({ title: 1 })),
          await ask("/admin/status"),
          await ask("/admin/status", { method: "DELETE" }),
          await ask("/posts/create"),
        ];
        assert.deepEqual(
          seen.map(({ status }) => status),
          [200, 200, 200, 400, 200, 405, 405],
        );
        assert.deepEqual(seen.slice(0, 3).map(parse), [{ ok: true }, { id: 1 }, { id: 2 }]);
        assert.match(seen[3]?.text ?? "", /title/);
        assert.deepEqual(parse(seen[4] as Seen), { method: "GET", path: "/admin/status" });
        return seen.map(({ text, ...rest }) => ({ ...rest, text: text.replace(/"requestId":"[^"]+"/, "") }));
      }),
  },
  {
    app: "markdown",
    does: "turns Markdown into HTML, that of users into safe HTML",
    check: (apps) =>
      withApp(apps, "markdown", async ({ ask }) => {
        const page = await ask("/docs/guide");
        assert.equal(page.type, html);
        assert.match(
          page.text,
          /<h1[^>]*>A guide<\/h1>\s*<p>some <strong>strong<\/strong> words, and <i>HTML<\/i>/,
        );
        const converted = await ask(`/convert?text=${encodeURIComponent("*a* <script>x</script>")}`);
        assert.match(converted.text, /<em>a<\/em> &lt;script/);
        return [page, converted];
      }),
  },
  {
    app: "static",
    does: "serves files as they are, and no dotfiles",
    async check(apps) {
      await apps.folder.write({ "apps/static/app/static/.env": "SECRET=1\n" });
      return withApp(apps, "static", async ({ ask }) => {
        const style = await ask("/style.css");
        assert.deepEqual(style, {
          status: 200,
          type: "text/css; charset=utf-8",
          text: "body { color: teal }\n",
        });
        const logo = await ask("/logo.png");
        assert.deepEqual([logo.status, logo.type], [200, "image/png"]);
        assert.equal((await ask("/.env")).status, 404);
        return [style, logo];
      });
    },
  },
  {
    app: "model",
    does: "creates, finds, changes, counts and deletes through a model",
    check: (apps) =>
      withApp(apps, "model", async ({ ask }) => {
        const answer = parse(await ask("/model"));
        assert.deepEqual(answer, {
          posts: [{ id: 2, title: "two", published: true, createdAt: "1970-01-01T00:00:01.000Z" }],
          n: 2,
          left: 1,
        });
        return answer;
      }),
  },
  {
    app: "cors",
    does: "answers the listed origins only",
    needs: "conventions/cors.js",
    check: (apps) =>
      withApp(apps, "cors", async ({ url }) => {
        const from = async (origin: string, init: RequestInit = {}) => {
          const response = await fetch(`${url}/ok`, { ...init, headers: { ...init.headers, origin } });
          return [response.status, response.headers.get("access-control-allow-origin")];
        };
        const seen = [
          await from("https://myapp.example"),
          await from("https://staging.myapp.example"),
          await from("https://other.example"),
          await from("https://myapp.example", {
            method: "OPTIONS",
            headers: { "access-control-request-method": "PUT" },
          }),
        ];
        assert.deepEqual(seen.slice(0, 2), [
          [200, "https://myapp.example"],
          [200, "https://staging.myapp.example"],
        ]);
        assert.equal(seen[2]?.[0], 400);
        assert.equal(seen[3]?.[1], "https://myapp.example");
        return seen;
      }),
  },
  {
    app: "auth",
    does: "gives a session to those with a token, and policies to those with its groups",
    check: (apps) =>
      withApp(
        apps,
        "auth",
        async ({ ask }) => {
          const as = (groups: readonly string[]) => ({
            headers: { authorization: `Bearer ${token(groups)}` },
          });
          const me = await ask("/me", as(["staff"]));
          assert.deepEqual(parse(me), {
            account: "acme",
            username: "ann",
            groups: ["staff"],
            hasToken: true,
          });
          const statuses = [
            (await ask("/me")).status,
            (await ask("/me", { headers: { authorization: "Bearer nonsense" } })).status,
            (await ask("/secret", as(["staff"]))).status,
            (await ask("/secret", as(["staff", "admin"]))).status,
          ];
          assert.deepEqual(statuses, [401, 401, 403, 200]);
          return [me, statuses];
        },
        { env: { JWT_SECRET: secret } },
      ),
  },
  {
    app: "hooks",
    does: "runs the hooks in their order, load with the database",
    check: (apps) =>
      withApp(apps, "hooks", async ({ ask, process: server }) => {
        const config = await ask("/config");
        assert.deepEqual(parse(config), [{ key: "colour", value: "teal" }]);
        await server.waitFor(/hook start/);
        await server.stop();
        const hooks = server.output().match(/hook \w+/g);
        assert.deepEqual(hooks, ["hook preload", "hook load", "hook start", "hook stop"]);
        return [config, hooks];
      }),
  },
  {
    app: "middleware",
    does: "runs before the routes and after the answers",
    check: (apps) =>
      withApp(apps, "middleware", async ({ ask, process: server }) => {
        const answer = await ask("/time");
        assert.deepEqual(parse(answer), { seen: "number" });
        await server.waitFor(/INFO .*took \d+ms/);
        return answer;
      }),
  },
  {
    app: "errors",
    does: "answers with catch.ts, and names the lines of the sources",
    check: (apps) =>
      withApp(apps, "errors", async ({ ask, process: server }) => {
        const seen = [await ask("/fails"), await ask("/deep"), await ask("/page.html")];
        assert.deepEqual(seen.map(parse), [
          { error: "it fails here", place: "app/http/fails.api.ts:4" },
          { error: "it fails there", place: "app/deep.ts:7" },
          { error: "a component fails", place: "app/http/page.html.tsx:4" },
        ]);
        assert.deepEqual([...new Set(seen.map(({ status }) => status))], [500]);
        await server.waitFor(/ERROR .*a component fails/);
        return seen;
      }),
  },
  {
    app: "logs",
    does: "gives messages of one level to log.ts, and keeps the console",
    async check(apps) {
      const folder = await temporaryFolder();
      const file = join(folder.path, "ingested.jsonl");
      try {
        return await withApp(
          apps,
          "logs",
          async ({ ask, process: server }) => {
            await ask("/bad");
            await server.waitFor(/something went wrong/);
            assert.match(server.output(), /all is well/);
            await server.stop();
            const lines = (await readFile(file, "utf8")).trim().split("\n");
            assert.deepEqual(
              lines.map((line) => JSON.parse(line)),
              [{ level: "error", identifier: "BAD_GET", has: true }],
            );
            return lines;
          },
          { env: { INGESTED: file, LOG_FILE: "" } },
        );
      } finally {
        await folder.remove();
      }
    },
  },
  {
    app: "logs",
    does: "takes the level of one identifier from the environment",
    check: (apps) =>
      withApp(
        apps,
        "logs",
        async ({ ask, process: server }) => {
          await ask("/bad");
          await server.waitFor(/INFO \[BAD_GET\] all is well/);
          assert.doesNotMatch(server.output(), /INFO \[(?!BAD_GET)/);
          return true;
        },
        { env: { INGESTED: "/dev/null", LOG_LEVEL: "error", LOG_LEVEL_BAD_GET: "info" } },
      ),
  },
  {
    app: "composition",
    does: "runs three services in order, with one session and one database",
    check: (apps) =>
      withApp(
        apps,
        "composition",
        async ({ ask }) => {
          const as = (name: string) => ({ headers: { authorization: `Bearer ${name}` } });
          const seen = [
            await ask("/who", as("one")),
            await ask("/posts", as("one")),
            await ask("/posts", as("two")),
            await ask("/posts"),
          ];
          assert.deepEqual(seen.slice(0, 3).map(parse), [
            { service: "a", account: "one" },
            { posts: [{ title: "of one", account: "one" }], config: [{ name: "shared" }] },
            { posts: [{ title: "of two", account: "two" }], config: [{ name: "shared" }] },
          ]);
          assert.equal(seen[3]?.status, 401);
          return seen.slice(0, 3);
        },
        { args: [] },
      ),
  },
  {
    app: "composition",
    does: "runs in two workers that compile once",
    check: (apps) =>
      withApp(
        apps,
        "composition",
        async ({ ask }) => {
          const seen = await Promise.all(
            Array.from({ length: 8 }, () => ask("/who", { headers: { authorization: "Bearer one" } })),
          );
          for (const one of seen) assert.deepEqual(parse(one), { service: "a", account: "one" });
          return seen.length;
        },
        { args: [], program: "miqro-cluster.js", env: { CLUSTER_COUNT: "2" } },
      ),
  },
  {
    app: "packages",
    does: "runs a service of an installed package beside one of its own",
    async check(apps) {
      const folder = "node_modules/@myorg/auth";
      await apps.folder.write({
        [`${folder}/package.json`]: '{ "name": "@myorg/auth", "version": "1.0.0", "type": "module" }',
        [`${folder}/service/auth.js`]:
          "export default { verify: async ({ token }) => ({ account: token, username: token, groups: [] }) };\n",
      });
      return withApp(
        apps,
        "packages",
        async ({ ask }) => {
          const me = await ask("/me", { headers: { authorization: "Bearer acme" } });
          assert.deepEqual(parse(me), { account: "acme" });
          return me;
        },
        { args: [] },
      );
    },
  },
  {
    app: "request",
    does: "gives handlers all fields of a request, and bodies by their parsers",
    check: (apps) =>
      withApp(apps, "request", async ({ ask }) => {
        const fields = await ask("/fields/7?a=1&a=2&b=x", {
          ...json({ title: "t" }),
          headers: { "content-type": "application/json", cookie: "c=d" },
        });
        assert.deepEqual(parse(fields), {
          path: "/fields/7",
          hash: "",
          search: ["1", "2"],
          query: { a: ["1", "2"], b: "x" },
          params: { id: "7" },
          cookies: { c: "d" },
          body: { title: "t" },
          buffer: true,
          uuid: "string",
          startMS: "number",
          logger: "function",
          results: true,
        });
        const url = await ask("/bodies/url", { method: "POST", body: new URLSearchParams({ a: "1" }) });
        assert.deepEqual(parse(url), { a: "1" });
        const text = await ask("/bodies/text", {
          method: "POST",
          headers: { "content-type": "text/plain" },
          body: "words",
        });
        assert.deepEqual(parse(text), { text: "words" });
        const buffer = await ask("/bodies/buffer", { method: "POST", body: "12345" });
        assert.deepEqual(parse(buffer), { length: 5 });
        return [fields, url, text, buffer];
      }),
  },
  {
    app: "server",
    does: "gives handlers caches, tokens, helpers and the end",
    check: (apps) =>
      withApp(apps, "server", async ({ ask, process: server }) => {
        const cache = await ask("/cache");
        const one = [[{ a: 1 }, true, true, false], false];
        assert.deepEqual(parse(cache), [...one, ...one, ...one, ...one]);
        const helpers = await ask("/helpers");
        const { html: converted, ...rest } = parse(helpers) as Record<string, unknown>;
        assert.match(String(converted), /<strong>x<\/strong> &lt;script/);
        assert.deepEqual(rest, {
          verified: "a",
          decoded: "a",
          primary: true,
          number: 0,
          count: 1,
          encoded: "&lt;b&gt;",
          parser: "function",
          none: [null, null],
          verbs: ["function", "function", "function"],
        });
        assert.match(server.output(), /\[OWN\] a line of its own/);
        await ask("/end", { method: "POST" });
        assert.equal(await server.exited, 0, server.output());
        return [cache, helpers];
      }),
  },
  {
    app: "documents",
    does: "publishes what its routes declare, and writes it to a file",
    needs: "conventions/doc.js",
    check: (apps) =>
      withApp(apps, "documents", async ({ ask }) => {
        const markdown = await ask("/api/docs");
        assert.match(markdown.text, /say hello/);
        const schema = await ask("/api/schema");
        assert.match(JSON.stringify(parse(schema)), /To whom you name\./);
        const page = await ask("/api/docs.html");
        assert.equal(page.type, html);
        const args = ["--generate-doc", "--generate-doc-out", "API.md", "--service", "app/"];
        const { code, output } = await apps.run("documents", args);
        assert.equal(code, 0, output);
        const file = await readFile(join(apps.folder.path, "apps/documents/API.md"), "utf8");
        assert.match(file, /say hello/);
        return [markdown.text.replaceAll(/http:\/\/\S+/g, ""), file];
      }),
  },
  {
    app: "tests",
    does: "runs its tests",
    async check(apps) {
      const { code, output } = await apps.run("tests", [
        "--test",
        "--service",
        "app/",
        "--test-reporter",
        "tap",
      ]);
      assert.equal(code, 0, output);
      assert.match(output, /GET \/posts returns 200/);
      assert.match(output, /renders counter/);
      return output.replaceAll(/duration_ms.*/g, "");
    },
  },
  {
    app: "broken",
    does: "tells all faults at once, each with its file, line and remedy",
    async check(apps) {
      const { code, output } = await apps.run("broken", ["--service", "app/", "--port", "0"]);
      assert.equal(code, 20, output);
      const lines = output.trim().split("\n");
      assert.match(output, /app\/db\.ts: .*"storag".*did you mean "storage"\?/i);
      assert.match(output, /app\/http\/throws\.api\.ts: Error: not ready \(app\/http\/throws\.api\.ts:5:7\)/);
      assert.match(
        output,
        /app\/http\/missing\.api\.ts: it imports the package "not-installed".*npm install not-installed/,
      );
      assert.match(output, /app\/http\/empty\.api\.ts: it has no default export/);
      return lines;
    },
  },
  {
    app: "programmatic",
    does: "is started, asked and stopped by a program",
    async check(apps) {
      // A program is compiled by whoever wrote it; what it serves is compiled on each way.
      const compiled = join(apps.folder.path, "dist/apps/programmatic/server.js");
      if (!existsSync(compiled)) {
        const text = await readFile(join(apps.folder.path, "apps/programmatic/server.ts"), "utf8");
        await apps.folder.write({ "apps/programmatic/server.mjs": text });
      }
      const { code, output } = await apps.run("programmatic", [
        existsSync(compiled) ? compiled : "server.mjs",
      ]);
      assert.equal(code, 0, output);
      assert.match(output, /started \{.*\}\n[\s\S]*answered hello from a program\nstopped/);
      return code;
    },
  },
];

/** Why an example cannot run yet; false when it can. */
export function isMissing({ needs }: Expectation): string | false {
  if (needs === undefined) return false;
  const path = fileURLToPath(new URL(`../../packages/miqro/dist/${needs}`, import.meta.url));
  return existsSync(path) ? false : `${needs} is not there yet`;
}
