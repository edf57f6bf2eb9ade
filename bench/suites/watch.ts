import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";

const changes = Number(process.env.SLICES ?? 20);
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const miqro = join(packages, "miqro/bin/miqro.js");

/** Changes the output of one route under `--watch`, again and again, and waits each time for the new answer. */
export default async function* watch(): AsyncGenerator<Result> {
  yield toResult("a small app (two pages, three routes, a config)", 150, await measure(0));
  yield toResult("an app of 500 routes more", 300, await measure(500));
}

async function measure(more: number): Promise<number[]> {
  const project = await createProject(more);
  const args = [miqro, "--no-build", "--watch", "--service", "app", "--port", "0", "--host", "127.0.0.1"];
  const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await findURL(child);
    const times: number[] = [];
    for (let change = 0; change < changes + 2; change++) {
      // A person needs longer between two edits; meanwhile the next spare gets ready.
      await sleep(1500);
      const word = `version ${change}`;
      await writeFile(join(project, "dist/app/http/hello.api.js"), handler(word));
      const started = performance.now();
      while ((await ask(`${url}/hello`)) !== word) await sleep(1);
      if (change >= 2) times.push(performance.now() - started);
    }
    return times;
  } finally {
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    await rm(project, { recursive: true });
  }
}

function toResult(app: string, limit: number, times: readonly number[]): Result {
  const sorted = times.toSorted((a, b) => a - b);
  const show = (time: number | undefined): string => `${(time ?? Number.NaN).toFixed(0)} ms`;
  return {
    title: `watch: a written output of ${app} until its new answer`,
    note: `${changes} changes of one route, asked for on new connections.`,
    columns: ["", "median", "fastest", "slowest"],
    rows: [["miqro --watch", show(median(times)), show(sorted[0]), show(sorted.at(-1))]],
    targets: [atMost("milliseconds from output to answer", limit, median(times))],
  };
}

function ask(url: string): Promise<string> {
  return new Promise((resolve) => {
    get(url, { agent: false }, async (res) => resolve((await res.toArray()).join(""))).once("error", () =>
      resolve(""),
    );
  });
}

function findURL(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.once("close", () => reject(new Error(`miqro ended before it listened.\n${printed}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk;
      const url = / on (http:\/\/\S+)/.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

const handler = (word: string): string => `export default () => ${JSON.stringify(word)};\n`;

/** A small app with so many routes more, as tsc leaves it. */
async function createProject(more: number): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "miqro-watch-"));
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    jsx: "react",
    rootDir: ".",
    outDir: "dist",
  };
  const page = (title: string): string =>
    `import JSX from "@miqro/jsx";\nexport default () => JSX.createElement("h1", null, ${JSON.stringify(title)});\n`;
  const sources: Record<string, string> = {
    "app/http/hello.api.ts": handler("hello"),
    "app/http/list.api.ts": handler("list"),
    "app/http/users/[id].api.ts": "export default (req) => req.params.id;\n",
    "app/http/index.html.tsx": page("index"),
    "app/http/about.html.tsx": page("about"),
    "app/middleware.ts": "export default { middleware: [(req) => { req.word = 1; }] };\n",
  };
  for (let route = 0; route < more; route++)
    sources[`app/http/more/route-${route}.api.ts`] = handler(`${route}`);
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions }),
    "app/static/style.css": "body { margin: 0 }\n",
    ...sources,
  };
  for (const [name, text] of Object.entries(sources)) files[`dist/${name.replace(/\.tsx?$/, ".js")}`] = text;
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await symlink(packages, join(path, "node_modules"));
  return path;
}
