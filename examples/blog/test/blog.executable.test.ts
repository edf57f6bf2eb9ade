import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { missingChromium } from "miqro-tests/parts";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { scale } from "miqro-tests/scale";
import {
  type BlogExecutable,
  type BlogProgram,
  cluster,
  compileBlog,
  inflateBlog,
  partsEnvironment,
  server,
  startBlog,
} from "./support/start-blog.js";

// Without the parts of tests, postject is missing as well.
describe("the blog as one file", { skip: missingChromium() }, () => {
  let executable: BlogExecutable;
  before(async () => {
    executable = await compileBlog();
  });
  after(() => executable?.remove());

  it("passes the tests of the server, in an empty folder and without programs around it", async () => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const tests = startProcess(
      process.execPath,
      ["--test", fileURLToPath(new URL("blog.test.js", import.meta.url))],
      {
        env: { ...env, BLOG_EXECUTABLE: executable.command },
      },
    );
    assert.equal(await tests.exited, 0, tests.output());
    assert.match(tests.output(), /^(?:ℹ|#) pass [1-9]\d/m);
  });

  /** Runs it in a new folder, to which it is copied. */
  const run = async (name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const cwd = join(executable.cwd, name);
    await mkdir(cwd, { recursive: true });
    await copyFile(executable.command, join(cwd, "blog"));
    return startProcess(join(cwd, "blog"), args, { cwd, env: { ...executable.env, ...env } });
  };
  const finished = async (running: RunningProcess) => ({
    code: await running.exited,
    text: running.output(),
  });

  it("has a help that fits a terminal, and a version", async () => {
    const help = await finished(await run("help", ["--help"]));
    assert.equal(help.code, 0);
    assert.match(help.text, /^blog: .*\n\nUsage: blog \[flags\]/);
    for (const flag of ["--port", "--migrate-up", "--migrate-down", "--cluster", "--install"]) {
      assert.ok(help.text.includes(flag), flag);
    }
    for (const line of help.text.split("\n")) assert.ok(line.length <= 80, line);
    const version = await finished(await run("help", ["--version"]));
    assert.match(version.text, /^blog 0\.0\.0 \(miqro \d+\.\d+\.\d+, Node\.js v\d+/);
  });

  it("makes its database beside it, and undoes that", async () => {
    const up = await finished(await run("migrate", ["--migrate-up"]));
    assert.match(up.text, /001_create_posts up.*002_add_claps up.*003_create_author up/s);
    assert.deepEqual((await readdir(join(executable.cwd, "migrate"))).sort(), ["blog", "blog.sqlite3"]);
    const down = await finished(await run("migrate", ["--migrate-down"]));
    assert.match(down.text, /003_create_author down.*001_create_posts down/s);
    assert.deepEqual([up.code, down.code], [0, 0]);
  });

  it("goes on with a database that the server has migrated", async () => {
    const live = await startBlog({}, server);
    try {
      await live.end();
      const other = await run("again", ["--migrate-up"], { BLOG_STORAGE: live.storage });
      assert.deepEqual(await finished(other), { code: 0, text: "3 of 3 migrations are applied.\n" });
    } finally {
      await live.remove();
    }
  });

  it("refuses what needs the project, and what it does not know", async () => {
    for (const [args, words] of [
      [["--watch"], /--watch needs the project from which this executable was made/],
      [["--service", "app/"], /--service needs the project/],
      [["--compile"], /--compile needs the project/],
      [["--prot", "1"], /--prot is not a flag of miqro\. Did you mean --port\?/],
      [["--cluster", "--migrate-up"], /--cluster serves, but --migrate-up runs once and ends/],
    ] as [string[], RegExp][]) {
      const { code, text } = await finished(await run("help", args));
      assert.match(text, words);
      assert.equal(code, 10, text);
    }
  });

  it("is no more than 8 MB larger than Node.js", async () => {
    const [one, node] = await Promise.all([executable.command, process.execPath].map((path) => stat(path)));
    assert.ok((one?.size ?? 0) - (node?.size ?? 0) < 8 * 1024 * 1024);
  });

  it("answers at most 1.5 times as late as the server after its start", async () => {
    const took = async (program: BlogProgram) => {
      const started = performance.now();
      const blog = await startBlog({}, program);
      await (await fetch(blog.url)).text();
      const passed = performance.now() - started;
      await blog.remove();
      return passed;
    };
    const ratios: number[] = [];
    for (let pair = 0; pair < scale({ sample: 3, full: 25 }); pair++) {
      const live = await took(server);
      ratios.push((await took(executable)) / live);
    }
    ratios.sort((one, other) => one - other);
    const [median = 0] = ratios.slice(ratios.length / 2);
    assert.ok(median <= 1.5, `${median}`);
  });

  it("answers what is in flight when it is told to end", async () => {
    const blog = await startBlog({}, executable);
    const { hostname, port } = new URL(blog.url);
    const body = "password=guess";
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": body.length,
      expect: "100-continue",
    };
    const sent = request({ hostname, port, path: "/sign-in", method: "POST", headers, agent: false });
    sent.flushHeaders();
    // The server asks for the body: it has begun with the request.
    await once(sent, "continue");
    const ended = blog.end();
    await eventually(async () => {
      await assert.rejects(fetch(blog.url));
    });
    sent.end(body);
    const [{ statusCode }] = (await once(sent, "response")) as [{ statusCode: number }];
    assert.equal(statusCode, 401);
    await ended;
    await blog.remove();
  });

  it("serves in workers, and replaces them on SIGHUP without losing a request", async () => {
    const running = await run("cluster", ["--cluster", "--host", "127.0.0.1", "--port", "0"], {
      CLUSTER_COUNT: "2",
      AUTHOR_PASSWORD: "x",
    });
    const [, url = ""] = await running.waitFor(/on (http:\/\/\S+) \(\d+ ms, 2 workers/);
    running.child.kill("SIGHUP");
    let isReplaced = false;
    const replaced = running.waitFor(/All workers have been replaced/).then(() => {
      isReplaced = true;
    });
    while (!isReplaced) {
      const { status } = await fetch(url);
      assert.equal(status, 200);
    }
    await replaced;
    assert.equal(await running.stop(), 0);
  });

  it("unpacks what it carries, which Node.js runs", async () => {
    const { code, text } = await finished(await run("install", ["--install", "files"]));
    assert.equal(code, 0, text);
    const cwd = join(executable.cwd, "install", "files");
    const blog = await startBlog({}, { command: process.execPath, args: ["_miqro/start.cjs"], cwd, env: {} });
    assert.match(await (await fetch(blog.url)).text(), /Hello, world/);
    await blog.remove();
    const again = await finished(await run("install", ["--install", "files"]));
    assert.match(again.text, /The folder files is not empty\. Name another: --install DIR\./);
    assert.equal(again.code, 10);
  });

  it("answers page by page what the server, its workers and its static site answer", async () => {
    const live = await startBlog({}, server);
    const env = { BLOG_STORAGE: live.storage };
    const others = [await startBlog(env, cluster), await startBlog(env, executable)];
    try {
      const index = await (await fetch(live.url)).text();
      const entry = await (await fetch(`${live.url}/js/app.js`)).text();
      const modules = [...`${index}${entry}`.matchAll(/\/_miqro\/[\w./-]+/g)].map(([path]) => path);
      assert.ok(modules.length > 5);
      const pages = ["/", "/posts/1", "/sign-in", "/docs/guide"];
      const assets = ["/style.css", "/icon.svg", "/js/app.js", "/js/app.min.js", ...modules];
      const paths = new Set([
        ...[...pages, ...assets, "/?before=1", "/posts/999", "/posts", "/posts?before=x", "/write"],
        ...["/docs/guide.html", "/nothing", "/app/db.ts", "/db.js", "/package.json", "/.env", "/_layout"],
      ]);
      const ways = [{}, { method: "HEAD" }, { headers: { accept: "text/html" } }, { method: "PUT" }];
      for (const path of paths) {
        for (const init of ways) {
          const expected = await answerOf(live.url, path, init);
          for (const other of others) assert.deepEqual(await answerOf(other.url, path, init), expected, path);
        }
      }
      const site = await inflateBlog(join(executable.cwd, "site"), env);
      for (const path of [...pages, ...assets]) {
        const file = path === "/" ? "index.html" : pages.includes(path) ? `${path}/index.html` : path;
        const served = await (await fetch(live.url + path)).text();
        // A site of files has no updates, and its JSON needs an ending.
        const expected = served
          .replace(' data-updates="on"', "")
          .replaceAll('href="/posts"', 'href="/posts.json"');
        assert.equal(await readFile(join(site, file), "utf8"), expected, path);
      }
    } finally {
      for (const blog of [...others, live]) await blog.remove();
    }
  });

  it("is made without miqro of what --inflate-sea leaves beside the site", async () => {
    const folder = join(executable.cwd, "site-sea");
    assert.deepEqual((await readdir(folder)).sort(), ["build.cjs", "main.cjs", "pack"]);
    const out = join(executable.cwd, "made");
    const build = await finished(
      startProcess(process.execPath, [join(folder, "build.cjs"), out], { env: partsEnvironment }),
    );
    assert.deepEqual(build, { code: 0, text: `Wrote ${out}\n` });
    const [made, compiled] = await Promise.all([readFile(out), readFile(executable.command)]);
    assert.ok(made.equals(compiled));
  });
});

/** An answer without what each server makes up itself: dates, and tags that hold the times of files. */
async function answerOf(url: string, path: string, init: RequestInit) {
  const response = await fetch(url + path, { redirect: "manual", ...init });
  const varying = new Set(["date", "last-modified", "etag", "connection", "keep-alive"]);
  const headers = [...response.headers].filter(([name]) => !varying.has(name));
  const text = (await response.text())
    .replaceAll(new URL(url).host, "HOST")
    .replace(/"requestId":"[\w-]+"/, "");
  return { status: response.status, headers, text, hasTag: response.headers.has("etag") };
}
