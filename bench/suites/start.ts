import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";

const launches = Number(process.env.SLICES ?? 40);
const folder = fileURLToPath(new URL("./start/", import.meta.url));
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const peers = ["h3", "hono", "fastify"];

/** A program that prints the URL where it listens. */
interface Program {
  readonly name: string;
  readonly args: readonly string[];
  readonly path: string;
  readonly times: number[];
}

/** Launches programs in turn, each until its first answer. */
export default async function* start(): AsyncGenerator<Result> {
  const project = await createProject();
  try {
    const one = (name: string): Program => ({
      name,
      args: [join(folder, `${name}.mjs`)],
      path: "/",
      times: [],
    });
    const programs: Program[] = ["raw", "raw-again", "core", ...peers].map(one);
    const miqro = join(packages, "miqro/bin/miqro.js");
    const args = [miqro, "--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"];
    programs.push({ name: "miqro", args, path: "/hello", times: [] });
    for (let round = 0; round < launches + 3; round++) {
      for (let index = 0; index < programs.length; index++) {
        const program = programs[(index + round) % programs.length] as Program;
        const { time } = await launch(program, project, []);
        if (round >= 3) program.times.push(time);
      }
    }
    const counts = new Map<string, number>();
    for (const program of programs) counts.set(program.name, await countModules(program, project));
    yield toResult(programs, counts);
  } finally {
    await rm(project, { recursive: true });
  }
}

function toResult(programs: readonly Program[], counts: ReadonlyMap<string, number>): Result {
  const raw = programs[0]?.times ?? [];
  const ratio = ({ times }: Program): number =>
    median(times.map((time, index) => time / (raw[index] ?? Number.NaN)));
  const find = (name: string): Program => programs.find((program) => program.name === name) as Program;
  const most = { core: 1.4, miqro: 2 };
  return {
    title: "start: a process until its first answer",
    note: `Median of ${launches} launches, each in turn; ratios are to raw node:http in the same round. miqro serves a folder with one route.`,
    columns: ["", "time", "ratio", "modules"],
    rows: programs.map((program) => [
      program.name,
      `${median(program.times).toFixed(1)} ms`,
      ratio(program).toFixed(2),
      String(counts.get(program.name)),
    ]),
    targets: Object.entries(most).flatMap(([name, limit]) => [
      atMost(`time of ${name} as a multiple of raw`, limit, ratio(find(name))),
      atMost(`modules of ${name}`, name === "miqro" ? 105 : 100, counts.get(name) ?? Number.NaN),
    ]),
  };
}

async function launch(
  { args, path }: Program,
  cwd: string,
  execArgs: readonly string[],
): Promise<{ time: number; output: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, [...execArgs, ...args], {
    cwd,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await findPort(child);
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  const time = performance.now() - started;
  if (!answer.toString("latin1").startsWith("HTTP/1.1 200 ")) throw new Error(`${args[0]}: ${answer}`);
  socket.destroy();
  const output = execArgs.length > 0 && child.stdout !== null ? text(child.stdout) : "";
  child.kill(execArgs.length > 0 ? "SIGTERM" : "SIGKILL");
  await once(child, "close");
  return { time, output: await output };
}

async function countModules(program: Program, cwd: string): Promise<number> {
  const { output } = await launch(program, cwd, ["--import", join(folder, "count-modules.mjs")]);
  if (process.env.LIST_MODULES) console.log(output);
  return Number(/modules: (\d+)/.exec(output)?.[1]);
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

/** A project with one service, as tsc leaves it. */
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
  return path;
}
