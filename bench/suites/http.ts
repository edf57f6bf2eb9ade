import assert from "node:assert/strict";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, atMost, type Result, type Target } from "../lib/result.ts";
import { type Case, cases, expected, requests } from "./http/cases.ts";

const peers = ["fastify", "hono", "h3", "koa", "express", "micro"];
const names = ["raw", "raw-again", "miqro", ...peers];
const targets: Readonly<Record<Case, number>> = { text: 0.95, json: 0.95, params: 0.95, post: 0.92 };
const titles: Readonly<Record<Case, string>> = {
  text: "text",
  json: "JSON",
  params: "a parameter among 100 routes",
  post: "POST of validated JSON",
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

/** What a request costs must not depend on how many routes there are. */
async function measureRoutes(): Promise<Result> {
  const counts = [100, 10_000];
  const servers: LoadedServer[] = [];
  try {
    for (const count of counts) {
      const server = await LoadedServer.start(
        `${count} routes`,
        module,
        ["miqro", "params", `${count}`],
        requests.params,
      );
      servers.push(server);
      await server.probe();
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
    const [few, many] = servers as [LoadedServer, LoadedServer];
    return {
      title: "http: a parameter among many routes",
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections.`,
      columns: ["", "CPU a request", "ratio"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, few, "cpu").toFixed(3),
      ]),
      targets: [atLeast("CPU with 100 routes as a part of that with 10,000", 0.97, ratio(many, few, "cpu"))],
    };
  } finally {
    for (const server of servers) server.stop();
  }
}

/** An idle process must hold no more after many requests than after some. */
async function measureMemory(): Promise<Result> {
  const server = await LoadedServer.start("miqro", module, ["miqro", "params"], requests.params);
  try {
    await server.probe();
    await server.run(20_000, false);
    const some = await server.memory();
    await server.run(180_000, false);
    const many = await server.memory();
    const toText = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MB`;
    return {
      title: "http: memory of an idle process",
      note: "The heap after a collection.",
      columns: ["after", "heap"],
      rows: [
        ["20,000 requests", toText(some)],
        ["200,000 requests", toText(many)],
      ],
      targets: [atMost("heap after 200,000 requests as a multiple of that after 20,000", 1.01, many / some)],
    };
  } finally {
    server.stop();
  }
}

async function measure(name: Case): Promise<Result> {
  const servers: LoadedServer[] = [];
  try {
    for (const one of names) {
      const server = await LoadedServer.start(one, module, [one, name], requests[name]);
      servers.push(server);
      const answer = await server.probe();
      assert.match(answer, /^HTTP\/1\.1 200 /, one);
      const sent = answer.slice(answer.indexOf("\r\n\r\n") + 4);
      assert.deepEqual(name === "text" ? sent : JSON.parse(sent), expected[name], one);
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
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
  const best = peers.map(find).sort((left, right) => cpu(right) - cpu(left))[0] as LoadedServer;
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
