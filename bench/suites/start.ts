import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { sign } from "@miqro/core/jwt";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";
import { claims, file, secret } from "./app/cases.ts";

const launches = Number(process.env.SLICES ?? 40);
const folder = fileURLToPath(new URL("./start/", import.meta.url));
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const app = fileURLToPath(new URL("./app/", import.meta.url));
const miqro: string = join(packages, "miqro/bin/miqro.js");
const peers = ["h3", "hono", "fastify"];

/** A program that prints the URL where it listens. */
interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly path: string;
  readonly headers: string;
  readonly times: number[];
}

/** How many files a program has loaded. */
interface ModuleCount {
  readonly listening: number;
  readonly answered: number;
}

function createProgram(name: string, args: readonly string[], path = "/", headers = ""): Program {
  return { name, args, path, headers, times: [] };
}

/** Launches programs in turn, each until its first answer. */
export default async function* start(): AsyncGenerator<Result> {
  process.env.APP_SECRET = secret;
  const project = await createProject();
  try {
    const programs = ["raw", "raw-again", "core", ...peers].map((name) =>
      createProgram(name, [join(folder, `${name}.mjs`)]),
    );
    programs.push(createProgram("miqro", toMiqro("app"), "/hello"));
    yield toResult(programs, await launchAll(programs, project));
    const token = await sign(claims, secret, { expiresIn: "1d" });
    const pages = [
      ["core", [join(folder, "app-core.mjs"), join(project, "shop/service")]],
      ["miqro", toMiqro("shop/service")],
    ] as const;
    const apps = pages.map(([name, args]) =>
      createProgram(name, args, "/orders.html", `Authorization: Bearer ${token}\r\n`),
    );
    yield toPageResult(apps, await launchAll(apps, project));
  } finally {
    await rm(project, { recursive: true });
  }
}

function toMiqro(service: string): readonly string[] {
  return [miqro, "--no-build", "--service", service, "--port", "0", "--host", "127.0.0.1"];
}

/** The first launches end in order, so miqro keeps the code that it has compiled. */
async function launchAll(
  programs: readonly Program[],
  project: string,
): Promise<ReadonlyMap<string, ModuleCount>> {
  const counts = new Map<string, ModuleCount>();
  for (const program of programs) counts.set(program.name, await countModules(program, project));
  for (let round = 0; round < launches + 3; round++) {
    for (let index = 0; index < programs.length; index++) {
      const program = programs[(index + round) % programs.length] as Program;
      const { time } = await launch(program, project, [], round < 3 ? "SIGTERM" : "SIGKILL");
      if (round >= 3) program.times.push(time);
    }
  }
  return counts;
}

function ratioOf({ times }: Program, [to]: readonly Program[]): number {
  return median(times.map((time, index) => time / (to?.times[index] ?? Number.NaN)));
}

const columns = ["", "time", "ratio", "modules when it listens", "modules after an answer"];

function toRows(programs: readonly Program[], counts: ReadonlyMap<string, ModuleCount>): string[][] {
  return programs.map((program) => [
    program.name,
    `${median(program.times).toFixed(1)} ms`,
    ratioOf(program, programs).toFixed(2),
    String(counts.get(program.name)?.listening),
    String(counts.get(program.name)?.answered),
  ]);
}

function toResult(programs: readonly Program[], counts: ReadonlyMap<string, ModuleCount>): Result {
  const find = (name: string): Program => programs.find((program) => program.name === name) as Program;
  const most = { core: 1.4, miqro: 2 };
  return {
    title: "start: a process until its first answer",
    note: `Median of ${launches} launches, each in turn; ratios are to raw node:http in the same round. miqro serves a folder with one route, and has been started before.`,
    columns,
    rows: toRows(programs, counts),
    targets: Object.entries(most).flatMap(([name, limit]) => [
      atMost(`time of ${name} as a multiple of raw`, limit, ratioOf(find(name), programs)),
      atMost(`modules of ${name}`, name === "miqro" ? 105 : 100, counts.get(name)?.listening ?? Number.NaN),
    ]),
  };
}

function toPageResult(apps: readonly Program[], counts: ReadonlyMap<string, ModuleCount>): Result {
  const [, own] = apps;
  return {
    title: "start: the app of the suite app, until its first page",
    note: `Median of ${launches} launches, each in turn. The page is made of 20 rows from SQLite, with JSX and a session. core has the same handlers and modules; miqro has been started before.`,
    columns,
    rows: toRows(apps, counts),
    targets:
      own === undefined ? [] : [atMost("time of miqro as a multiple of core's", 1.2, ratioOf(own, apps))],
  };
}

async function launch(
  { args, path, headers }: Program,
  cwd: string,
  execArgs: readonly string[],
  end: "SIGTERM" | "SIGKILL" = "SIGTERM",
): Promise<{ time: number; output: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, [...execArgs, ...args], {
    cwd,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await findPort(child);
  const counts = execArgs.length > 0;
  if (counts) child.kill("SIGUSR2");
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  const time = performance.now() - started;
  if (!answer.toString("latin1").startsWith("HTTP/1.1 200 ")) throw new Error(`${args[0]}: ${answer}`);
  socket.destroy();
  const output = counts && child.stdout !== null ? text(child.stdout) : "";
  child.kill(end);
  await once(child, "close");
  return { time, output: await output };
}

async function countModules(program: Program, cwd: string): Promise<ModuleCount> {
  const { output } = await launch(program, cwd, ["--import", join(folder, "count-modules.mjs")]);
  if (process.env.LIST_MODULES) console.log(output);
  const [, listening, answered] = /modules: (\d+), (\d+)/.exec(output) ?? [];
  return { listening: Number(listening), answered: Number(answered) };
}

function findPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.once("close", () => reject(new Error(`A program ended before it listened.\n${printed}`)));
    const look = (chunk: Buffer): void => {
      printed += chunk;
      const port = /:\/\/[^:]+:(\d+)/.exec(printed)?.[1];
      if (port === undefined) return;
      child.stdout?.off("data", look);
      resolve(Number(port));
    };
    child.stdout?.on("data", look);
  });
}

/** A project with two services: one as tsc leaves it, and that of the suite `app`. */
async function createProject(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "miqro-start-"));
  const compilerOptions = { module: "nodenext", target: "es2022", rootDir: ".", outDir: "dist" };
  const handler = 'export default () => "hello";\n';
  const files = {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions }),
    "app/http/hello.api.ts": handler,
    "dist/app/http/hello.api.js": handler,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await symlink(packages, join(path, "node_modules"));
  for (const part of ["service", "cases.ts", "page.ts"])
    await cp(join(app, part), join(path, "shop", part), { recursive: true });
  await mkdir(join(path, "shop/service/static"), { recursive: true });
  await writeFile(join(path, "shop/service/static/logo.svg"), file);
  return path;
}
