import assert from "node:assert/strict";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = (name: string) => fileURLToPath(new URL(`../bin/${name}.js`, import.meta.url));

let project: Project;
let server: RunningProcess | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await project.remove();
});

const app = {
  "app/http/posts.api.js": `export default ({ logger, server }) => {
  logger.warn("warned");
  logger.debug("debugged");
  logger.trace("traced");
  return server.getWorkerNumber();
};`,
  "app/http/other.api.js": `export default ({ logger, server }) => {
  logger.debug("other");
  logger.trace("traced");
  return server.getWorkerNumber();
};`,
};
const flags = ["--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"];

async function start(
  files: Readonly<Record<string, string>>,
  { args = [], env = {}, name = "miqro" }: { args?: string[]; env?: NodeJS.ProcessEnv; name?: string } = {},
): Promise<string> {
  project = await createProject({ ...app, ...files });
  server = startProcess(process.execPath, [program(name), ...flags, ...args], {
    cwd: project.path,
    env: { ...process.env, ...env },
  });
  const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
  return url;
}

const ask = async (url: string) => (await fetch(url, { headers: { connection: "close" } })).text();
const lines = async (name: string) =>
  (await readFile(join(project.path, name), "utf8")).split("\n").slice(0, -1);

describe("the log file", () => {
  it("is ./server.log by default, beside the console", async () => {
    const url = await start({});
    await ask(`${url}/posts`);
    await server?.waitFor(/WARN \[POSTS_GET\] warned/);
    await server?.stop();
    const [line, ...more] = await lines("server.log");
    assert.match(line ?? "", /WARN \[POSTS_GET\] warned \[GET \/posts \S+ 127\.0\.0\.1\]$/);
    assert.deepEqual(more, []);
  });

  for (const [what, options, name] of [
    ["--log-file", { args: ["--log-file", "a.log"], env: { LOG_FILE: "b.log" } }, "a.log"],
    ["LOG_FILE", { env: { LOG_FILE: "b.log" } }, "b.log"],
    ["--log-file true", { args: ["--log-file", "true"] }, "server.log"],
  ] as const) {
    it(`is named by ${what}`, async () => {
      const url = await start({ "miqro.json": '{ "logFile": "c.log" }' }, options as object);
      await ask(`${url}/posts`);
      await server?.stop();
      assert.equal((await lines(name)).length, 1);
      await assert.rejects(stat(join(project.path, "c.log")), { code: "ENOENT" });
    });
  }

  it("is named by miqro.json, relative to that, and false is none", async () => {
    const url = await start(
      { "conf/miqro.json": '{ "logFile": "../c.log" }' },
      { args: ["--config", "conf/miqro.json"] },
    );
    await ask(`${url}/posts`);
    await server?.stop();
    assert.equal((await lines("c.log")).length, 1);
    await project.remove();
    const other = await start({ "miqro.json": '{ "logFile": false }' });
    await ask(`${other}/posts`);
    await server?.stop();
    await assert.rejects(stat(join(project.path, "server.log")), { code: "ENOENT" });
  });

  it("is not begun by a start without lines, nor by a server in code", async () => {
    await start({});
    await server?.stop();
    await assert.rejects(stat(join(project.path, "server.log")), { code: "ENOENT" });
    const miqro = new Miqro({
      services: join(project.path, "app"),
      port: 0,
      logFile: join(project.path, "x.log"),
    });
    const address = await miqro.start();
    await ask(`http://127.0.0.1:${typeof address === "string" ? "" : address.port}/posts`);
    await miqro.stop();
    assert.equal((await lines("x.log")).length, 1);
  });

  it("gets no line where log.ts replaces it, and no line twice where log.ts adds to it", async () => {
    const log = (more: string) => `export default { ${more} write: ({ out }) => console.error("own", out) };`;
    const url = await start({ "app/log.js": log("replaceFileTransport: true,") });
    await ask(`${url}/posts`);
    await server?.stop();
    await assert.rejects(stat(join(project.path, "server.log")), { code: "ENOENT" });
    await project.remove();
    const other = await start({ "app/log.js": log("replaceConsoleTransport: true,") });
    await ask(`${other}/posts`);
    await server?.waitFor(/^own .*warned/m);
    await server?.stop();
    assert.equal((await lines("server.log")).length, 1);
    assert.equal(server?.output().match(/warned/g)?.length, 1);
  });

  it("is of all workers, each line whole and with the number of its worker", async () => {
    const url = await start({}, { name: "miqro-cluster", env: { CLUSTER_COUNT: "2" } });
    const asked = [0, 0];
    await eventually(async () => {
      const numbers = await Promise.all(Array.from({ length: 20 }, () => ask(`${url}/posts`)));
      for (const number of numbers) asked[Number(number)] = (asked[Number(number)] ?? 0) + 1;
      assert.ok(asked.every((count) => count > 0));
    });
    await server?.stop();
    const found = await lines("server.log");
    for (const number of [0, 1]) {
      const own = found.filter(
        (line) => /^\S+ WARN \[WORKER_\d_POSTS_GET\] warned/.test(line) && line.includes(`WORKER_${number}_`),
      );
      assert.equal(own.length, asked[number], `worker ${number}`);
    }
  });

  it("has what ended the server as its last line", async () => {
    const url = await start({
      "app/http/crash.api.js":
        "export default () => { setImmediate(() => { throw new Error('the end'); }); return 1; };",
    });
    await ask(`${url}/crash`);
    assert.equal(await server?.exited, 1);
    assert.match((await lines("server.log")).join("\n"), /ERROR \[MIQRO\] An uncaught exception.*the end/s);
  });

  it("is left out, with a note, where nothing can be written", async () => {
    project = await createProject(app);
    await chmod(project.path, 0o555);
    // Root writes everywhere.
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    server = startProcess(process.execPath, [program("miqro"), ...flags], { cwd: project.path, ...user });
    await server.waitFor(/^server\.log is not written, because/m);
    await chmod(project.path, 0o755);
  });
});

describe("LOG_LEVEL_*", () => {
  it("is the level of one identifier", async () => {
    const url = await start({}, { env: { LOG_LEVEL: "warn", LOG_LEVEL_POSTS_GET: "debug" } });
    await ask(`${url}/other`);
    await ask(`${url}/posts`);
    await server?.stop();
    const found = (await lines("server.log")).map((line) =>
      /(\w+) \[(\w+)\] (\w+) \[/.exec(line)?.slice(1, 4).join(" "),
    );
    assert.deepEqual(
      found.filter((one) => one !== undefined),
      ["WARN POSTS_GET warned", "DEBUG POSTS_GET debugged"],
    );
  });

  it("is the level of one worker", async () => {
    const env = { CLUSTER_COUNT: "2", LOG_LEVEL: "none", LOG_LEVEL_WORKER_1: "trace" };
    const url = await start({}, { name: "miqro-cluster", env });
    const asked = new Set<string>();
    await eventually(async () => {
      asked.add(await ask(`${url}/other`));
      assert.equal(asked.size, 2);
    });
    await server?.stop();
    const found = (await lines("server.log")).join("\n");
    assert.match(found, /TRACE \[WORKER_1_OTHER_GET\] traced/);
    assert.doesNotMatch(found, /WORKER_0/);
  });

  it("is the level of one identifier in one worker", async () => {
    const env = { CLUSTER_COUNT: "2", LOG_LEVEL: "none", LOG_LEVEL_WORKER_0_POSTS_GET: "warn" };
    const url = await start({}, { name: "miqro-cluster", env });
    const asked = new Set<string>();
    await eventually(async () => {
      asked.add(await ask(`${url}/posts`));
      assert.equal(asked.size, 2);
    });
    await server?.stop();
    const found = await lines("server.log");
    assert.ok(found.length > 0 && found.every((line) => line.includes("WARN [WORKER_0_POSTS_GET] warned")));
  });
});
