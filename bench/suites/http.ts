import assert from "node:assert/strict";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, atMost, type Result, type Target } from "../lib/result.ts";
import { type Case, cases, expected, get, requests } from "./http/cases.ts";

const peers = ["fastify", "hono", "h3", "koa", "express", "micro"];
// The others are far behind already where nothing is in front of a handler.
const fastPeers = ["fastify", "hono"];
// A 404 is of interest next to those that are built upon most.
const missingPeers = ["fastify", "hono", "express"];
// The same service by the API of micro, to be compared with micro itself.
const hasFunctions = (name: Case): boolean => peersOf(name).includes("micro");
const peersOf = (name: Case): readonly string[] =>
  name === "missing" ? missingPeers : name === "middleware" || name === "async" ? fastPeers : peers;
const targets: Readonly<Record<Case, number>> = {
  text: 0.95,
  json: 0.95,
  params: 0.95,
  post: 0.92,
  middleware: 0.95,
  async: 0.95,
  // An id for the request, problem details, and a header that says what they depend on.
  missing: 0.65,
};
const titles: Readonly<Record<Case, string>> = {
  text: "text",
  json: "JSON",
  params: "a parameter among 100 routes",
  post: "POST of validated JSON",
  middleware: "JSON behind two middleware",
  async: "JSON by an asynchronous handler",
  missing: "404 where nothing is",
};
const module = new URL("./http/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 60);
const warmUp = 12;
const perSlice = 1600;

/** Servers in processes of their own, each loaded in turn over connections that stay open. */
export default async function* http(): AsyncGenerator<Result> {
  for (const name of cases) yield await measure(name);
  yield await measureRoutes();
  yield await measureMemory();
}

/** What a request costs must not depend on how many routes there are, be it one that is asked for or all of them. */
async function measureRoutes(): Promise<Result> {
  const one = requests.params;
  const any = (count: number) => (): string => get(`/group${Math.floor(Math.random() * count)}/items/1234`);
  const servers: LoadedServer[] = [];
  const start = async (who: string, count: number, request: string | (() => string), what: string) => {
    const title = `${who}, ${what} of ${count}`;
    const server = await LoadedServer.start(title, module, [who, "params", `${count}`], request);
    servers.push(server);
    await server.probe();
    return server;
  };
  try {
    const few = await start("miqro", 100, one, "one");
    const many = await start("miqro", 10_000, one, "one");
    const all = await start("miqro", 10_000, any(10_000), "any");
    const peer = await start("fastify", 10_000, any(10_000), "any");
    // Long enough for each route to be seen once before it counts.
    await runAll(servers, 40);
    return {
      title: "http: a parameter among many routes",
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections. What any of 10,000 costs more is memory that is not in the caches of the machine.`,
      columns: ["", "CPU a request", "ratio"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, few, "cpu").toFixed(3),
      ]),
      targets: [
        atLeast("CPU with 100 routes as a part of that with 10,000", 0.97, ratio(many, few, "cpu")),
        atLeast("CPU of fastify as a part of miqro's, any of 10,000", 1, ratio(all, peer, "cpu")),
      ],
    };
  } finally {
    for (const server of servers) server.stop();
  }
}

const random = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, "0");
/** What clients can vary: none of it may leave anything behind. */
const hostile: Readonly<Record<string, readonly [what: string, request: () => string]>> = {
  "one path": ["params", () => requests.params],
  "parameters and queries": ["params", () => get(`/group57/items/${random()}?${random()}=${random()}`)],
  bodies: ["post", () => requests.post.replace("Ada", random().slice(0, 3))],
  "broken bodies": ["post", () => requests.post.replace("ada@example", random().padEnd(11, "x"))],
  "unknown paths": ["params", () => get(`/${random()}/${random()}/${random()}`)],
  "overlapping patterns": [
    "overlap",
    () => {
      const path = Array.from({ length: 20 }, () => (Math.random() < 0.5 ? "/a" : "/b")).join("");
      // No pattern takes the path that is all b. In 200,000 requests, it comes in one run of five.
      return get(path.includes("a") ? path : path.replace("b", "a"));
    },
  ],
};

/** An idle process must hold no more after many requests than after some. */
async function measureMemory(): Promise<Result> {
  const rows: string[][] = [];
  const targets: Target[] = [];
  const toText = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;
  for (const [name, [what, request]] of Object.entries(hostile)) {
    const server = await LoadedServer.start(name, module, ["miqro", what], request);
    try {
      await server.probe();
      await server.run(20_000, false);
      const some = await server.memory();
      await server.run(180_000);
      const many = await server.memory();
      rows.push([name, toText(some), toText(many), `${server.slices[0]?.cpu.toFixed(2)} µs`]);
      targets.push(
        atMost(`heap after 200,000 requests as a multiple of that after 20,000: ${name}`, 1.01, many / some),
      );
    } finally {
      server.stop();
    }
  }
  return {
    title: "http: memory of an idle process",
    note: "The heap after a collection. Everything but the first is different in each request.",
    columns: ["requests", "after 20,000", "after 200,000", "CPU a request"],
    rows,
    targets,
  };
}

async function runAll(servers: readonly LoadedServer[], before = warmUp): Promise<void> {
  for (let round = 0; round < before + slices; round++) {
    for (let index = 0; index < servers.length; index++) {
      await servers[(index + round) % servers.length]?.run(perSlice, round >= before);
    }
  }
}

async function measure(name: Case): Promise<Result> {
  const servers: LoadedServer[] = [];
  try {
    const functions = hasFunctions(name) ? ["functions"] : [];
    for (const one of ["raw", "raw-again", "miqro", ...functions, ...peersOf(name)]) {
      const server = await LoadedServer.start(one, module, [one, name], requests[name]);
      servers.push(server);
      const answer = await server.probe();
      assert.match(answer, name === "missing" ? /^HTTP\/1\.1 404 / : /^HTTP\/1\.1 200 /, one);
      if (name === "missing") continue;
      const sent = answer.slice(answer.indexOf("\r\n\r\n") + 4);
      assert.deepEqual(name === "text" ? sent : JSON.parse(sent), expected[name], one);
    }
    await runAll(servers);
    return toResult(name, servers);
  } finally {
    for (const server of servers) server.stop();
  }
}

function toResult(name: Case, servers: readonly LoadedServer[]): Result {
  const find = (wanted: string): LoadedServer =>
    servers.find((server) => server.name === wanted) as LoadedServer;
  const raw = find("raw");
  const cpu = (server: LoadedServer): number => ratio(server, raw, "cpu");
  // The 404 of fastify and hono has neither an id of the request nor problem details.
  const rivals = name === "missing" ? ["express"] : peersOf(name);
  const best = rivals.map(find).sort((left, right) => cpu(right) - cpu(left))[0] as LoadedServer;
  const noise = Math.abs(1 - cpu(find("raw-again")));
  const checks: Target[] = [
    atLeast(
      `CPU of raw as a part of miqro's (raw lies ${noise.toFixed(3)} from itself)`,
      targets[name],
      cpu(find("miqro")) + noise,
    ),
    atLeast(
      `CPU of ${best.name}, the best peer, as a part of miqro's`,
      1,
      ratio(find("miqro"), best, "cpu") + noise,
    ),
  ];
  if (hasFunctions(name)) {
    checks.push(
      atLeast(
        "CPU of micro as a part of that of the same service by @miqro/core/micro",
        1,
        ratio(find("functions"), find("micro"), "cpu") + noise,
      ),
    );
  }
  return {
    title: `http: ${titles[name]}`,
    note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections; ratios are to raw node:http in the same round.`,
    columns: ["", "CPU a request", "ratio", "time a request", "ratio"],
    rows: servers.map((server) => [
      server.name,
      `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
      cpu(server).toFixed(3),
      `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
      ratio(server, raw, "time").toFixed(3),
    ]),
    targets: checks,
  };
}
