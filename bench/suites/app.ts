import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sign } from "@miqro/core/jwt";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, type Result } from "../lib/result.ts";
import { type Case, cases, claims, file, secret, toRequest } from "./app/cases.ts";

const module = new URL("./app/server.ts", import.meta.url).href;
const source = fileURLToPath(new URL("./app/", import.meta.url));
const packages = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const slices = Number(process.env.SLICES ?? 40);
const warmUp = 8;
const perSlice = 480;
/** How many times longer the slices before those that count are: V8 compiles for some ten thousand requests. */
const warmUpFactor = 5;
const peers = ["fastify", "hono", "express"] as const;
const names = ["raw", "raw-again", "miqro", ...peers] as const;
/** These take 400 MB, and have an app of their own for the page only. */
const largePeers = ["next", "remix"] as const;
const largeFolder = fileURLToPath(new URL("../large-peers/", import.meta.url));
const titles: Readonly<Record<Case, string>> = {
  rows: "a page of 100 rows from memory",
  page: "a page of 20 rows from SQLite, with a session",
  list: "the rows as JSON, with a session",
  create: "a validated row is stored, with a session",
  missing: "404 where nothing is",
  file: "a file of 4 kB",
  "file with a session": "a file of 4 kB, asked for with a token",
};

/** A whole app: miqro as a folder of services beside what the peers are combined with. */
export default async function* app(): AsyncGenerator<Result> {
  const project = await createProject();
  process.env.APP_STATIC = join(project, "app/service/static/");
  process.env.APP_SERVICE = join(project, "app/service/");
  process.env.APP_SECRET = secret;
  process.env.LOG_LEVEL = "none";
  process.env.LOG_FILE = "false";
  const hasLarge = installLargePeers();
  const token = await sign(claims, secret, { expiresIn: "1d" });
  try {
    for (const name of cases) {
      const large = name === "page" && hasLarge ? largePeers : [];
      yield await measure(name, toRequest(name, token), large);
    }
  } finally {
    await rm(project, { recursive: true });
  }
}

/** Whether they are there: `LARGE_PEERS=1` installs them. */
function installLargePeers(): boolean {
  if (existsSync(join(largeFolder, "node_modules"))) return true;
  if (process.env.LARGE_PEERS !== "1") {
    console.log("Next and Remix are left out: LARGE_PEERS=1 installs them, of 400 MB.");
    return false;
  }
  console.log("Installing Next and Remix (once) ...");
  execFileSync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund"], {
    cwd: largeFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return true;
}

async function measure(name: Case, request: string, large: readonly string[]): Promise<Result> {
  const servers = new Map<string, LoadedServer>();
  try {
    const answers = new Map<string, string>();
    for (const who of [...names, ...large]) {
      const path = large.includes(who)
        ? `../../large-peers/${who}.ts`
        : `./servers/${who.replace("-again", "")}.ts`;
      const server = await LoadedServer.start(who, module, [path], request);
      servers.set(who, server);
      answers.set(who, await server.probe());
    }
    for (const [who, answer] of answers) {
      if (large.includes(who)) checkText(who, answer, answers.get("raw") as string);
      else check(name, who, answer, answers.get("raw") as string);
    }
    const list = [...servers.values()];
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < list.length; index++)
        await runSlice(list[(index + round) % list.length] as LoadedServer, round >= warmUp);
    }
    return toResult(name, servers);
  } finally {
    for (const server of servers.values()) server.stop();
  }
}

/** A request of the large peers takes so long that a small part of the others' load is as exact. */
async function runSlice(server: LoadedServer, keeps: boolean): Promise<void> {
  const isLarge = (largePeers as readonly string[]).includes(server.name);
  const count = (keeps ? perSlice : perSlice * warmUpFactor) / (isLarge ? 10 : 1);
  await server.run(count, keeps);
}

/** All say the same, as far as they can: each has its own message of a 404 and its own way to escape a quote. */
function check(name: Case, who: string, answer: string, raw: string): void {
  const [status, body] = read(answer);
  const [expected, wanted] = read(raw);
  assert.equal(status, expected, `${who}: ${answer}`);
  if (name === "list") assert.deepEqual(JSON.parse(body), JSON.parse(wanted), who);
  if (name === "create") assert.deepEqual(Object.keys(JSON.parse(body)), ["id"], who);
  if (name.startsWith("file")) assert.equal(body, file, who);
  if (name === "page" || name === "rows") assert.equal(withoutMarks(body), withoutMarks(wanted), who);
}

/** These write marks and scripts of their own into the page, and attributes in another order. */
function checkText(who: string, answer: string, raw: string): void {
  const [status, body] = read(answer);
  assert.equal(status, "200", `${who}: ${answer}`);
  assert.equal(textOf(body), textOf(read(raw)[1]), who);
}

const textOf = (html: string): string =>
  html
    .replaceAll(/<!--.*?-->|<script.*?<\/script>/gs, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"');

const withoutMarks = (html: string): string =>
  html
    .replaceAll(/&quot;|&#34;/g, '"')
    .replaceAll("&gt;", ">")
    .replaceAll(/\/>|\s(?=\/>)/g, ">")
    .toLowerCase();

function read(answer: string): [string, string] {
  const end = answer.indexOf("\r\n\r\n");
  const body = answer.slice(end + 4);
  if (!/transfer-encoding: chunked/i.test(answer.slice(0, end))) return [answer.slice(9, 12), body];
  let whole = "";
  let from = 0;
  for (;;) {
    const line = body.indexOf("\r\n", from);
    const size = Number.parseInt(body.slice(from, line), 16);
    if (size === 0) return [answer.slice(9, 12), whole];
    whole += body.slice(line + 2, line + 2 + size);
    from = line + 4 + size;
  }
}

function toResult(name: Case, servers: ReadonlyMap<string, LoadedServer>): Result {
  const find = (who: string): LoadedServer => servers.get(who) as LoadedServer;
  const raw = find("raw");
  const compared = [...peers, ...largePeers].filter((peer) => servers.has(peer));
  return {
    title: `app: ${titles[name]}`,
    note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections, after ${warmUp * warmUpFactor * perSlice}; ratios are of CPU time, to an app by hand on node:http in the same round. fastify has kysely, preact and its plugins, hono has drizzle and its own JSX, express has knex and a page by concatenation. next and remix are in their production mode, with a tenth of the requests; next sends its scripts and the data of the page as well.`,
    columns: ["", "CPU a request", "ratio", "time a request"],
    rows: [...servers.values()].map((server) => [
      server.name,
      `${median(server.slices.map((slice) => slice.cpu)).toFixed(1)} µs`,
      ratio(server, raw, "cpu").toFixed(3),
      `${median(server.slices.map((slice) => slice.time)).toFixed(1)} µs`,
    ]),
    targets: [
      ...(name === "rows"
        ? [atLeast("CPU by hand as a part of miqro's", 0.6, ratio(find("miqro"), raw, "cpu"))]
        : []),
      // Express has no renderer to compare.
      ...compared
        .filter((peer) => name !== "rows" || peer !== "express")
        .map((peer) =>
          atLeast(`CPU of ${peer} as a part of miqro's`, 1, ratio(find("miqro"), find(peer), "cpu")),
        ),
    ],
  };
}

/** A folder with the service and the file that all serve. */
async function createProject(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "miqro-app-"));
  await writeFile(join(path, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await symlink(packages, join(path, "node_modules"));
  for (const part of ["service", "cases.ts", "page.ts"])
    await cp(join(source, part), join(path, "app", part), { recursive: true });
  await mkdir(join(path, "app/service/static"), { recursive: true });
  await writeFile(join(path, "app/service/static/logo.svg"), file);
  return path;
}
