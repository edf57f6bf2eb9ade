import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, atMost, type Result } from "../lib/result.ts";
import { requests, toRequest } from "./composition/cases.ts";

const module = new URL("./composition/server.ts", import.meta.url).href;
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const slices = Number(process.env.SLICES ?? 60);
const warmUp = 12;
const perSlice = 1600;
const routes = 200;

/** A composition of three services beside the same handlers on `@miqro/core`, and the start of one with many routes. */
export default async function* composition(): AsyncGenerator<Result> {
  for (const name of Object.keys(requests)) yield await measure(name);
  yield await measureStart();
}

async function measure(name: string): Promise<Result> {
  const [head, expected] = requests[name] as readonly [string, object];
  const servers: LoadedServer[] = [];
  try {
    for (const who of ["core", "core-again", "miqro"]) {
      const args = [who.replace("-again", "")];
      const server = await LoadedServer.start(who, module, args, toRequest(head));
      servers.push(server);
      const answer = await server.probe();
      assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*\r\naccess-control-allow-origin: https:\/\/shop/i, who);
      assert.deepEqual(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)), expected, who);
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++)
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
    }
    const [core, again, miqro] = servers as [LoadedServer, LoadedServer, LoadedServer];
    return {
      title: `composition: ${name}`,
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections, of another origin, with a token. Both have a session, CORS and middleware for each service, a policy for the last, a line of the log for each answer, and compression, for which the answers are too short.`,
      columns: ["", "CPU a request", "ratio", "time a request"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, core, "cpu").toFixed(3),
        `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
      ]),
      targets: [
        atMost("core lies from itself", 0.05, Math.abs(1 - ratio(again, core, "cpu"))),
        atLeast("CPU of @miqro/core as a part of miqro's", 0.9, ratio(miqro, core, "cpu")),
      ],
    };
  } finally {
    for (const server of servers) server.stop();
  }
}

async function measureStart(): Promise<Result> {
  const project = await createProject();
  try {
    const times: number[] = [];
    const costs: number[] = [];
    const launches = Math.max(5, Math.round(slices / 3));
    for (let launch = 0; launch < launches + 2; launch++) {
      const { time, cpu } = await start(project);
      if (launch < 2) continue;
      times.push(time);
      costs.push(cpu);
    }
    const show = (time: number | undefined): string => `${(time ?? Number.NaN).toFixed(0)} ms`;
    return {
      title: `composition: the start of an app with ${routes} routes`,
      note: `Median of ${launches} launches of miqro --no-build, each from the spawn of the process until it listens. The clock counts what else the machine does, the CPU time of the process does not.`,
      columns: ["", "time", "CPU time"],
      rows: [["miqro --no-build", show(median(times)), show(median(costs))]],
      targets: [atMost("milliseconds of CPU until it listens", 400, median(costs))],
    };
  } finally {
    await rm(project, { recursive: true });
  }
}

const spy = `data:text/javascript,${encodeURIComponent(
  'process.once("SIGTERM", () => { const { user, system } = process.cpuUsage(); console.log("cpu " + (user + system)); });',
)}`;

async function start(cwd: string): Promise<{ time: number; cpu: number }> {
  const args = ["--import", spy, join(packages, "miqro/bin/miqro.js"), "--no-build", "--service", "app"];
  const begun = performance.now();
  const child = spawn(process.execPath, [...args, "--port", "0", "--host", "127.0.0.1"], {
    cwd,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let time = Number.NaN;
  let cpu = Number.NaN;
  for await (const line of child.stdout.setEncoding("utf8")) {
    if (Number.isNaN(time) && /http:\/\//.test(line)) {
      time = performance.now() - begun;
      child.kill("SIGTERM");
    }
    const told = /cpu (\d+)/.exec(line);
    if (told !== null) {
      cpu = Number(told[1]) / 1000;
      child.kill("SIGKILL");
    }
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return { time, cpu };
}

/** A project as tsc leaves it: pages, functions, and declarations with schemas. */
async function createProject(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "miqro-routes-"));
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    rootDir: ".",
    outDir: "dist",
    jsx: "react",
  };
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions }),
  };
  for (let index = 0; index < routes; index++) {
    const folder = `group${index % 20}`;
    const [name, text] =
      index % 4 === 0
        ? [
            `page${index}.html`,
            `import JSX from "@miqro/jsx";\nexport default () => JSX.createElement("p");\n`,
          ]
        : index % 4 === 1
          ? [
              `create${index}.api`,
              `export default { method: "POST", request: { body: { title: "string", count: "integer?" } }, handler: (req) => req.body };\n`,
            ]
          : [`list${index}.api`, `export default (req) => [${index}, req.path];\n`];
    files[`app/http/${folder}/${name}.ts${name?.startsWith("page") ? "x" : ""}`] = text ?? "";
    files[`dist/app/http/${folder}/${name}.js`] = text ?? "";
  }
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await symlink(packages, join(path, "node_modules"));
  return path;
}
