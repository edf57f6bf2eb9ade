import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { ClusterCache, LocalCache } from "../../packages/runner/dist/cache.js";
import { compare } from "../lib/compare.ts";
import { get } from "../lib/reload-load.ts";
import { atLeast, atMost, type Result } from "../lib/result.ts";

const seconds = Number(process.env.SECONDS ?? 5);
const workers = 2;
const script = fileURLToPath(new URL("./cluster/server.mjs", import.meta.url));
const load = fileURLToPath(new URL("./cluster/load.mjs", import.meta.url));
const runner = fileURLToPath(new URL("../../packages/runner/bin/miqro-runner.js", import.meta.url));

/** What a read of a cache costs, and how a cluster spends the CPU. */
export default async function* cluster(): AsyncGenerator<Result> {
  yield await compareReads();
  yield await shareCPU();
}

async function compareReads(): Promise<Result> {
  const plain = new Map<string, unknown>();
  const local = new LocalCache();
  const shared = new ClusterCache("bench");
  await shared.ready();
  const keys = Array.from({ length: 1000 }, (_, index) => `key${index}`);
  for (const key of keys) {
    plain.set(key, { key });
    await Promise.all([
      local.set(key, { key }),
      shared.set(key, { key }),
      shared.set(`ttl-${key}`, { key }, { ttl: 3.6e6 }),
    ]);
  }
  await shared.flush();
  // Reads meanwhile see the key through what is not sequenced yet.
  const expiring = keys.map((key) => `ttl-${key}`);
  const readAll =
    (read: (key: string) => unknown, from: readonly string[] = keys): (() => unknown) =>
    () => {
      let last: unknown;
      for (const key of from) last = read(key);
      return last;
    };
  const result = compare({
    Map: readAll((key) => plain.get(key)),
    LocalCache: readAll((key) => local.get(key)),
    ClusterCache: readAll((key) => shared.get(key)),
    "ClusterCache, with ttl": readAll((key) => shared.get(key), expiring),
  });
  await shared.close();
  const time = (name: string): number => result.time(name) / keys.length;
  return {
    title: "cluster: a read of a cache",
    note: `1,000 keys, ${result.slices} slices.`,
    columns: ["", "a read"],
    rows: result.names.map((name) => [name, `${time(name).toFixed(1)} ns`]),
    targets: result.names.slice(1).map((name) => atMost(name, 100, time(name), " ns")),
  };
}

async function shareCPU(): Promise<Result> {
  const port = await findPort();
  const child = spawn(process.execPath, [runner, script], {
    env: { ...process.env, PORT: String(port), CLUSTER_COUNT: String(workers) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    while (!(await get(port).then(isThere, isAway))) await new Promise((resolve) => setTimeout(resolve, 50));
    const clients = spawn(process.execPath, [load, String(port), "32"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(clients.stdout, "data");
    const primary = child.pid ?? 0;
    const pids = childrenOf(primary).filter(
      (pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "sh",
    );
    const before = [primary, ...pids].map(cpuOf);
    const begun = performance.now();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const time = (performance.now() - begun) / 1000;
    const [ofPrimary = 0, ...ofWorkers] = [primary, ...pids].map(
      (pid, index) => cpuOf(pid) - (before[index] ?? 0),
    );
    await end(clients);
    const total = ofPrimary + ofWorkers.reduce((sum, one) => sum + one, 0);
    const evenness = Math.min(...ofWorkers) / Math.max(...ofWorkers);
    const share = (cpu: number) => [
      `${((100 * cpu) / time).toFixed(1)}%`,
      `${((100 * cpu) / total).toFixed(1)}%`,
    ];
    return {
      title: `cluster: ${workers} workers under load`,
      note: `32 connections that stay open, ${seconds} s; CPU from /proc, the load runs on the same cores.`,
      columns: ["", "of a CPU", "of the cluster's"],
      rows: [
        ["primary", ...share(ofPrimary)],
        ...ofWorkers.map((cpu, index) => [`worker ${index}`, ...share(cpu)]),
      ],
      targets: [
        atMost("CPU of the primary", 2, (100 * ofPrimary) / time, "%"),
        atLeast("the least busy worker to the busiest", 0.8, evenness),
      ],
    };
  } finally {
    await end(child);
  }
}

const isThere = (): boolean => true;
const isAway = (): boolean => false;

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
}

/** User and system time of a process so far, in seconds. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${pid}/stat`, "utf8")
              .replace(/^.*\) /, "")
              .split(" ")[1],
          ) === parent
        );
      } catch {
        return false;
      }
    });
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
