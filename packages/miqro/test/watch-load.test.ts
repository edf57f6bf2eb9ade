import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { scale } from "miqro-tests/scale";
import { ask } from "./support/ask.js";
import { createProject, type Project } from "./support/project.js";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

let project: Project;
let server: RunningProcess;
let compiler: RunningProcess | undefined;
afterEach(async () => {
  // Before Node.js 24, tsc is a process below the one that was started, and would keep its output open.
  if (compiler?.child.pid !== undefined) {
    const [, ...below] = await treeOf(compiler.child.pid);
    for (const pid of below) process.kill(pid);
  }
  await compiler?.stop();
  compiler = undefined;
  await server.stop();
  await project.remove();
});

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  return serve();
}

async function serve(): Promise<string> {
  server = startProcess(
    process.execPath,
    [program, "--no-build", "--watch", "--service", "app", "--port", "0"],
    { cwd: project.path, env: { ...process.env, LOG_FILE: "false" } },
  );
  const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/, 60_000);
  return url;
}

const route = (answer: string) => `export default () => ${JSON.stringify(answer)};\n`;
const reloads = () => server.output().match(/reloaded in \d+ ms/g)?.length ?? 0;

/** The processes of a tree, itself included. */
async function treeOf(pid: number): Promise<number[]> {
  const { stdout } = await run("ps", ["-eo", "pid=,ppid="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.filter((row) => row[1] === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return [pid, ...below(pid)];
}

const isLinux = process.platform === "linux";
const handles = async (pid: number) => (await readdir(`/proc/${pid}/fd`)).length;
const memory = async (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);

describe("miqro --watch", () => {
  it("loses no request, and keeps nothing, over many reloads under load", {
    skip: !isLinux && "it reads /proc",
  }, async (test) => {
    const rounds = scale({ sample: 12, full: 200 });
    const url = await start({ "app/http/n.api.js": route("0") });
    const pid = server.child.pid ?? 0;
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let isOver = false;
    let answered = 0;
    const failures: string[] = [];
    const client = async (): Promise<void> => {
      while (!isOver) {
        await new Promise<void>((resolve) => {
          const req = request(`${url}/n`, { agent, method: "GET" }, (res) => {
            if (res.statusCode === 200) answered++;
            else failures.push(`status ${res.statusCode}`);
            res.resume().once("end", resolve);
          });
          req.once("error", (error: NodeJS.ErrnoException) => {
            failures.push(String(error.code));
            resolve();
          });
          req.end();
        });
      }
    };
    const clients = Array.from({ length: 4 }, client);
    // A check that fails must end them too, or the process of the test never ends.
    test.after(() => {
      isOver = true;
      agent.destroy();
    });
    const change = async (round: number): Promise<void> => {
      await writeFile(join(project.path, "app/http/n.api.js"), route(String(round)));
      await eventually(async () => assert.equal((await ask(`${url}/n`)).text, String(round)));
    };
    const measure = async () => {
      // The spare of the last reload starts, and the old version ends.
      let tree: number[] = [];
      await eventually(async () => {
        tree = await treeOf(pid);
        // The primary, the worker, its spare, and the shell that guards them.
        assert.ok(tree.length <= 4, String(tree));
      });
      return { processes: tree.length, handles: await handles(pid), memory: await memory(pid) };
    };
    const warm = Math.min(20, rounds / 2);
    for (let round = 1; round <= warm; round++) await change(round);
    const before = await measure();
    for (let round = warm + 1; round <= rounds; round++) await change(round);
    const after = await measure();
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    test.diagnostic(
      `${rounds} reloads, ${answered} requests; memory of the primary ${before.memory} to ${after.memory} kB, ` +
        `handles ${before.handles} to ${after.handles}, processes ${before.processes} to ${after.processes}`,
    );
    assert.deepEqual(failures, []);
    assert.ok(answered > rounds);
    assert.ok(after.processes <= before.processes);
    assert.ok(after.handles <= before.handles + 2, `${before.handles} to ${after.handles}`);
    assert.ok(after.memory < before.memory + 20_000, `${before.memory} to ${after.memory} kB`);
    assert.doesNotMatch(server.output(), /MaxListenersExceededWarning/);
  });

  it("makes one version of the 300 files that a checkout changes", { timeout: 120_000 }, async (test) => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`app/http/r${n}.api.ts`, route(`main ${n}`)]),
    );
    project = await createProject({
      ...files,
      "app/http/page.html.md": "# main\n",
      ".gitignore": "dist\nnode_modules\n",
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          ...{ target: "es2022", module: "nodenext", types: [], skipLibCheck: true, strict: false },
          ...{ rootDir: ".", outDir: "dist" },
        },
      }),
    });
    const git = (...args: string[]) =>
      run("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], { cwd: project.path });
    await git("init", "-q", "-b", "main");
    await git("add", "-A");
    await git("commit", "-qm", "main");
    await git("checkout", "-qb", "other");
    for (let n = 0; n < 300; n++) {
      await writeFile(join(project.path, `app/http/r${n}.api.ts`), route(`other ${n}`));
    }
    await writeFile(join(project.path, "app/http/page.html.md"), "# other\n");
    await git("commit", "-qam", "other");
    await git("checkout", "-q", "main");
    compiler = startProcess(process.execPath, [tsc, "--watch", "--preserveWatchOutput"], {
      cwd: project.path,
    });
    const url = await serve();
    // What is written as it was makes no version.
    await compiler.waitFor(/Found 0 errors/, 60_000);
    for (const [branch, count] of [
      ["other", 1],
      ["main", 2],
    ] as const) {
      await git("checkout", "-q", branch);
      await eventually(async () => {
        assert.equal((await ask(`${url}/r0`)).text, `${branch} 0`);
        assert.equal((await ask(`${url}/r299`)).text, `${branch} 299`);
        assert.match((await ask(`${url}/page`)).text, new RegExp(`<h1[^>]*>${branch}<`));
      }, 60_000);
      // Where tsc takes longer than is waited for, what it has not written yet makes another version.
      assert.ok(reloads() <= count + scale({ sample: 2, full: 0 }), server.output());
    }
    test.diagnostic(server.output().trim().split("\n").slice(1).join(" | "));
  });
});
