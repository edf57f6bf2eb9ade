import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { get, ReloadLoad } from "../lib/reload-load.ts";
import { atMost, type Result } from "../lib/result.ts";

const reloads = Number(process.env.RELOADS ?? 10);
const workers = 2;
const script = fileURLToPath(new URL("./reload/server.mjs", import.meta.url));
const runner = fileURLToPath(new URL("../../packages/runner/bin/miqro-runner.js", import.meta.url));
const pm2 = fileURLToPath(new URL("../node_modules/pm2/bin/pm2", import.meta.url));

interface Contestant {
  readonly name: string;
  start(port: number): Promise<void>;
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Replaces the workers of one script again and again while clients ask it. */
export default async function* reload(): AsyncGenerator<Result> {
  const rows: string[][] = [];
  let failed = 0;
  let cut = 0;
  for (const contestant of [createRunner(), createPM2()]) {
    const port = await findPort();
    await contestant.start(port);
    try {
      const load = new ReloadLoad(port);
      const times: number[] = [];
      for (let count = 0; count < reloads; count++) {
        const known = new Set(load.pids);
        const begun = performance.now();
        await contestant.reload();
        times.push(performance.now() - begun);
        await until(() => [...load.pids].filter((pid) => !known.has(pid)).length >= workers);
      }
      const counts = await load.end();
      if (contestant.name === "runner") ({ failed, cut } = counts);
      const errors = [...counts.errors].map(([code, count]) => `${code} ${count}`).join(", ") || "none";
      const time = times.reduce((sum, one) => sum + one, 0) / times.length;
      rows.push([
        contestant.name,
        String(counts.requests),
        String(counts.failed),
        errors,
        String(counts.closed),
        String(counts.cut),
        `${time.toFixed(0)} ms`,
      ]);
    } finally {
      await contestant.stop();
    }
  }
  yield {
    title: `reload: ${reloads} times, ${workers} workers, under load`,
    note: "16 clients with connections that stay open, 4 with a new one for each request, 8 WebSockets; the same script for both.",
    columns: ["", "requests", "failed", "errors", "sockets closed in order", "sockets cut", "a reload"],
    rows,
    targets: [atMost("failed requests of runner", 0, failed), atMost("WebSockets cut by runner", 0, cut)],
  };
}

function createRunner(): Contestant {
  let child: ChildProcess | undefined;
  let output = "";
  return {
    name: "runner",
    async start(port) {
      child = spawn(process.execPath, [runner, script], {
        env: { ...process.env, PORT: String(port), CLUSTER_COUNT: String(workers) },
        stdio: ["ignore", "inherit", "pipe"],
      });
      child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
      await untilServed(port);
    },
    async reload() {
      output = "";
      child?.kill("SIGHUP");
      await until(() => output.includes("All workers have been replaced."));
    },
    async stop() {
      if (child === undefined) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    },
  };
}

function createPM2(): Contestant {
  const home = mkdtempSync(join(tmpdir(), "bench-pm2-"));
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [pm2, ...args], {
      env: { ...process.env, PM2_HOME: home },
      stdio: ["ignore", "ignore", "inherit"],
    });
  // Its own process stands still while a command runs, so the load must not be in this one's way.
  const runAside = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [pm2, ...args], {
      env: { ...process.env, PM2_HOME: home },
      stdio: ["ignore", "ignore", "inherit"],
    });
    await once(child, "exit");
  };
  return {
    name: "pm2",
    async start(port) {
      const app = {
        name: "bench",
        script,
        exec_mode: "cluster",
        instances: workers,
        // What its manual recommends for a reload that loses nothing.
        wait_ready: true,
        kill_timeout: 10_000,
        env: { PORT: String(port) },
      };
      const file = join(home, "ecosystem.config.json");
      writeFileSync(file, JSON.stringify({ apps: [app] }));
      run("start", file);
      await untilServed(port);
    },
    reload: () => runAside("reload", "bench"),
    async stop() {
      run("kill");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function untilServed(port: number): Promise<void> {
  await until(() =>
    get(port).then(
      () => true,
      () => false,
    ),
  );
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await check())) {
    if (performance.now() > end) throw new Error("It took longer than a minute.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
