import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { WebSocket } from "ws";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro-cluster.js", import.meta.url));
const flags = ["--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"];

const note = `import { appendFileSync } from "node:fs";
export const note = (text) => appendFileSync("notes.txt", text + "\\n");
`;

// The migration and the first hook take long enough for another worker to pass them, if it did not wait.
const app = {
  "app/note.js": note,
  "app/db.js": "export default { name: 'db', dialect: 'node:sqlite', storage: 'data.sqlite3' };",
  "app/migration/001_visits.js": `import { note } from "../note.js";
export default {
  async up(db) {
    note("migration");
    await new Promise((done) => setTimeout(done, 300));
    await db.query("CREATE TABLE visits (id INTEGER PRIMARY KEY)");
  },
};`,
  "app/server.js": `import { note } from "./note.js";
export default {
  async load({ getWorkerNumber, cache }) {
    const number = getWorkerNumber();
    note("load " + number);
    if (number === 0) await new Promise((done) => setTimeout(done, 300));
    await cache.set_add("loaded", number);
    note("loaded " + number);
  },
  stop({ getWorkerNumber }) {
    note("stop " + getWorkerNumber());
  },
};`,
  "app/ws.js": `export default {
  path: "/socket",
  onConnection(client) { client.send(String(process.pid)); },
};`,
  "app/http/info.api.js": `export default ({ server }) => ({
  pid: process.pid,
  number: server.getWorkerNumber(),
  count: server.getWorkerCount(),
  primary: server.isPrimaryWorker(),
  version: 1,
});`,
  "app/http/visit.api.js":
    "export default async ({ server }) => ({ pid: process.pid, sum: await server.cache.incr('visits') });",
  "app/http/local.api.js":
    "export default async ({ server }) => ({ pid: process.pid, sum: await server.localCache.incr('visits') });",
  "app/http/slow.api.js":
    "export default async ({ query }) => { await new Promise((done) => setTimeout(done, Number(query.ms))); return { pid: process.pid }; };",
  "app/http/reload.api.js": `export default async ({ server }) => {
  try { await server.reload(); return "reloaded by " + process.pid; } catch (error) { return error.code + " " + error.message; }
};`,
  "app/http/reload-later.api.js": "export default ({ server }) => { server.reload(); return 'later'; };",
  "app/http/stop.api.js": "export default ({ server }) => { server.stop(); return 'bye'; };",
  "app/http/crash.api.js":
    "export default () => { setTimeout(() => { throw new Error('on fire'); }); return 'soon'; };",
  "app/http/health.api.js": `import { answerHealth } from "miqro";
export default (req, res) => answerHealth(req, res);`,
};

interface Cluster {
  readonly project: Project;
  readonly process: RunningProcess;
  readonly url: string;
  notes(): Promise<string[]>;
}

async function startCluster(
  test: TestContext,
  { files = app, env = {} }: { files?: Readonly<Record<string, string>>; env?: NodeJS.ProcessEnv } = {},
): Promise<Cluster> {
  const project = await createProject(files);
  const process_ = startProcess(process.execPath, [program, ...flags], {
    cwd: project.path,
    env: { ...process.env, NODE_ENV: "", NO_COLOR: "1", CLUSTER_COUNT: "2", ...env },
  });
  test.after(async () => {
    await process_.stop();
    await project.remove();
  });
  const [, url = ""] = await process_.waitFor(/ on (http:\/\/[^\s/]+) \(\d+ ms, \d+ workers?\)/);
  const notes = async () => (await readFile(join(project.path, "notes.txt"), "utf8")).trim().split("\n");
  return { project, process: process_, url, notes };
}

/** Sends one GET request, without an agent on a connection of its own, which another worker may get. */
function get<T = unknown>(url: string, agent?: Agent): Promise<{ status: number; body: T }> {
  return new Promise((resolve, reject) => {
    const req = request(url, { agent: agent ?? false, signal: AbortSignal.timeout(20_000) }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      res.on("error", reject);
      res.on("end", () => {
        const isJSON = res.headers["content-type"]?.startsWith("application/json") === true;
        resolve({ status: res.statusCode ?? 0, body: (isJSON ? JSON.parse(text) : text) as T });
      });
    });
    req.on("error", reject).end();
  });
}

interface Info {
  readonly pid: number;
  readonly number: number;
  readonly count: number;
  readonly primary: boolean;
  readonly version: number;
}

/** What each of the workers says of itself, by its number. */
async function findWorkers(url: string, count = 2): Promise<ReadonlyMap<number, Info>> {
  const found = new Map<number, Info>();
  await eventually(async () => {
    const { body } = await get<Info>(`${url}/info`);
    found.set(body.number, body);
    assert.equal(found.size, count);
  });
  return found;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends requests over keep-alive connections until it is ended, and throws when one fails. */
function startLoad(
  url: string,
  connections: number,
): { end(): Promise<{ answers: number; pids: Set<number> }> } {
  let isOver = false;
  let answers = 0;
  const pids = new Set<number>();
  const run = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isOver) {
      const { status, body } = await get<Info>(`${url}/info`, agent);
      assert.equal(status, 200);
      answers++;
      pids.add(body.pid);
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: connections }, run));
  all.catch(() => {});
  return {
    async end() {
      isOver = true;
      await all;
      return { answers, pids };
    },
  };
}

/** A client that comes back whenever the server says that another version takes over. */
class ReturningClient {
  readonly codes: number[] = [];
  readonly pids = new Set<string>();
  readonly errors: unknown[] = [];
  readonly #url: string;
  #socket: WebSocket;

  constructor(url: string) {
    this.#url = `${url.replace("http", "ws")}/socket`;
    this.#socket = this.#connect();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url);
    socket.on("message", (data) => this.pids.add(String(data)));
    socket.on("error", (error) => this.errors.push(error));
    socket.on("close", (code) => {
      this.codes.push(code);
      if (code === 1012) this.#socket = this.#connect();
    });
    return socket;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING) await once(this.#socket, "open");
    this.#socket.close();
    await once(this.#socket, "close");
  }
}

// The app has a database of Node.js itself.
const skip = isBuiltin("node:sqlite") ? false : "needs Node.js 22.13";

describe("miqro-cluster", { skip }, () => {
  it("runs the app in workers that share the cache, migrated and loaded by worker 0 first", async (test) => {
    const { url, notes } = await startCluster(test);
    const workers = await findWorkers(url);
    assert.deepEqual(
      [...workers.values()].map(({ number, count, primary }) => [number, count, primary]).sort(),
      [
        [0, 2, true],
        [1, 2, false],
      ],
    );
    assert.deepEqual(await notes(), ["migration", "load 0", "loaded 0", "load 1", "loaded 1"]);

    const sums = new Set<number>();
    for (let count = 0; count < 20; count++) {
      sums.add((await get<{ sum: number }>(`${url}/visit`)).body.sum);
    }
    const locals = new Set<string>();
    for (let count = 0; count < 20; count++) {
      const { pid, sum } = (await get<{ pid: number; sum: number }>(`${url}/local`)).body;
      locals.add(`${pid} ${sum}`);
    }
    assert.deepEqual(
      [...sums],
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    // Each process counts for itself, from 1.
    for (const { pid } of workers.values()) assert.ok(locals.has(`${pid} 1`));
  });

  it("loses no request and keeps the cache in reloads under load, with sockets open", async (test) => {
    const { url, process: cluster, notes } = await startCluster(test);
    const before = await findWorkers(url);
    await get(`${url}/visit`);
    const clients = Array.from({ length: 4 }, () => new ReturningClient(url));
    await eventually(async () => assert.ok(clients.every(({ pids }) => pids.size === 1)));
    const load = startLoad(url, 6);
    cluster.child.kill("SIGHUP");
    await cluster.waitFor(/All workers have been replaced\./);
    const answer = await get<string>(`${url}/reload`);
    assert.match(String(answer.body), /^reloaded by \d+$/);
    await eventually(async () => {
      assert.ok(clients.every(({ codes }) => codes.length >= 1));
      for (const { pid } of before.values()) assert.equal(isRunning(pid), false);
    });
    const { answers, pids } = await load.end();
    test.diagnostic(`${answers} requests answered by ${pids.size} processes`);
    assert.ok(answers > 0);
    for (const { codes, errors } of clients) {
      assert.deepEqual(errors, []);
      assert.ok(codes.every((code) => code === 1012));
    }
    await Promise.all(clients.map((client) => client.close()));
    const after = await findWorkers(url);
    for (const { pid } of after.values()) assert.ok(![...before.values()].some((old) => old.pid === pid));
    assert.equal((await get<{ sum: number }>(`${url}/visit`)).body.sum, 2);
    assert.equal((await notes()).filter((line) => line === "migration").length, 1);
  });

  it("goes on with the old version when the new one does not load, and tells who asked", async (test) => {
    const { url, project, process: cluster } = await startCluster(test);
    const before = await findWorkers(url);
    await project.write({ "app/http/broken.api.js": "throw new Error('no good'); export default 1;" });
    const { body } = await get<string>(`${url}/reload`);
    assert.equal((await get<string>(`${url}/reload-later`)).body, "later");
    assert.match(String(body), /^MIQRO_START .*broken\.api\.js: Error: no good/s);
    cluster.child.kill("SIGHUP");
    await cluster.waitFor(
      /miqro: app\/http\/broken\.api\.js: Error: no good.*\n(.*\n)*The old version continues to serve\./,
    );
    assert.deepEqual(
      [...(await findWorkers(url)).values()].map(({ pid }) => pid).sort(),
      [...before.values()].map(({ pid }) => pid).sort(),
    );
  });

  it("replaces a worker that is killed, or that crashed after it answered", async (test) => {
    const { url, process: cluster } = await startCluster(test);
    const before = await findWorkers(url);
    const victim = before.get(1)?.pid ?? 0;
    const started = performance.now();
    process.kill(victim, "SIGKILL");
    await eventually(async () => {
      const workers = await findWorkers(url);
      assert.notEqual(workers.get(1)?.pid, victim);
    });
    test.diagnostic(`served by a new worker 1 after ${Math.round(performance.now() - started)} ms`);
    assert.equal((await findWorkers(url)).get(0)?.pid, before.get(0)?.pid);
    assert.equal((await get<string>(`${url}/crash`)).status, 200);
    await cluster.waitFor(/on fire/);
    await cluster.waitFor(/Worker \d \(pid \d+\) ended with exit code 1/);
    assert.equal((await findWorkers(url)).size, 2);
  });

  it("says that it drains, then finishes what is in flight, and ends with 0 on SIGTERM", async (test) => {
    const {
      url,
      process: cluster,
      notes,
    } = await startCluster(test, { env: { CLUSTER_DRAIN_DELAY: "1500" } });
    const workers = await findWorkers(url);
    assert.equal((await get(`${url}/health`)).status, 200);
    const client = new ReturningClient(url);
    await eventually(async () => assert.equal(client.pids.size, 1));
    const slow = get<{ pid: number }>(`${url}/slow?ms=2500`);
    // It has arrived when one that was sent later is answered.
    for (let count = 0; count < 4; count++) await get(`${url}/info`);
    cluster.child.kill("SIGTERM");
    await eventually(async () => {
      const { status, body } = await get<{ status: string }>(`${url}/health`);
      assert.deepEqual([status, body.status], [503, "draining"]);
    });
    // Requests that still come are answered.
    assert.equal((await get(`${url}/info`)).status, 200);
    assert.equal((await slow).status, 200);
    assert.equal(await cluster.exited, 0, cluster.output());
    for (const { pid } of workers.values()) assert.equal(isRunning(pid), false);
    assert.deepEqual(client.codes, [1001]);
    assert.deepEqual((await notes()).filter((line) => line.startsWith("stop")).sort(), ["stop 0", "stop 1"]);
  });

  it("ends as a whole when a handler stops the server", async (test) => {
    const { url, process: cluster } = await startCluster(test);
    const workers = await findWorkers(url);
    assert.equal((await get<string>(`${url}/stop`)).body, "bye");
    assert.equal(await cluster.exited, 0, cluster.output());
    for (const { pid } of workers.values()) assert.equal(isRunning(pid), false);
  });

  const refused: readonly (readonly [
    what: string,
    args: string[],
    env: NodeJS.ProcessEnv,
    code: number,
    says: RegExp,
  ])[] = [
    ["a count that is none", [], { CLUSTER_COUNT: "many" }, 10, /^miqro: CLUSTER_COUNT must be .*"many"/],
    [
      "a delay that is none",
      [],
      { CLUSTER_DRAIN_DELAY: "-1" },
      10,
      /^miqro: CLUSTER_DRAIN_DELAY must be .*"-1"/,
    ],
    ["--watch", ["--watch"], {}, 10, /^miqro: --watch runs one worker/],
    ["--editor", ["--editor"], {}, 10, /^miqro: --editor runs one worker/],
    ["an unknown flag", ["--prot", "1"], {}, 10, /Did you mean --port/],
    [
      "a service that does not load",
      ["--service", "bad"],
      {},
      20,
      /^miqro: bad\/http\/x\.api\.js: Error: no good[^\n]*\n$/,
    ],
  ];
  for (const [what, args, env, code, says] of refused) {
    it(`refuses ${what} with exit code ${code}`, async () => {
      const project = await createProject({
        "app/http/x.api.js": "export default () => 1;",
        "bad/http/x.api.js": "throw new Error('no good'); export default 1;",
      });
      const cluster = startProcess(process.execPath, [program, ...flags, ...args], {
        cwd: project.path,
        env: { ...process.env, NODE_ENV: "", NO_COLOR: "1", CLUSTER_COUNT: "2", ...env },
      });
      try {
        assert.equal(await cluster.exited, code, cluster.output());
        assert.match(cluster.output(), says);
      } finally {
        await project.remove();
      }
    });
  }

  it("ends with 20 when a load hook of worker 0 fails, for which the others wait", async () => {
    const project = await createProject({
      "app/server.js":
        "export default { load({ isPrimaryWorker }) { if (isPrimaryWorker()) throw new Error('no good'); console.log('other'); } };",
      "app/http/x.api.js": "export default () => 1;",
    });
    const cluster = startProcess(process.execPath, [program, ...flags], {
      cwd: project.path,
      env: { ...process.env, NODE_ENV: "", NO_COLOR: "1", CLUSTER_COUNT: "3" },
    });
    try {
      assert.equal(await cluster.exited, 20, cluster.output());
      assert.match(cluster.output(), /^miqro: app\/server\.js: its load hook failed: no good[^\n]*\n$/);
    } finally {
      await project.remove();
    }
  });

  it("has the others wait while worker 0 is started again", async (test) => {
    const { notes } = await startCluster(test, {
      files: {
        ...app,
        "app/server.js": `import { existsSync, writeFileSync } from "node:fs";
import { note } from "./note.js";
export default {
  load({ getWorkerNumber }) {
    note("load " + getWorkerNumber());
    if (existsSync("died")) return;
    writeFileSync("died", "");
    process.kill(process.pid, "SIGKILL");
  },
};`,
      },
    });
    assert.deepEqual(await notes(), ["migration", "load 0", "load 0", "load 1"]);
  });

  it("does what is not serving in one process", async () => {
    const version = startProcess(process.execPath, [program, "--version"]);
    assert.equal(await version.exited, 0);
    assert.match(version.output(), /^\d+\.\d+\.\d+\n$/);
  });
});
