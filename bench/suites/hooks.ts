import assert from "node:assert/strict";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, type Result, type Target } from "../lib/result.ts";
import { type Case, data, request, statuses } from "./hooks/cases.ts";

const module = new URL("./hooks/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 30);
const warmUp = 12;
const perSlice = 1600;
const note = `Median of ${slices} slices of ${perSlice} requests each on 16 connections.`;
const titles: Readonly<Partial<Record<Case, string>>> = {
  direct: "a Response from a handler",
  data: "data behind a request and a transform hook",
  early: "a Response from a request hook",
  error: "a Response from an error hook",
};

/** Measures the cost of hooks, beside other frameworks that have hooks. */
export default async function* hooks(): AsyncGenerator<Result> {
  yield await measureOwn();
  for (const name of ["direct", "data", "early", "error"] as const) yield await measurePeers(name);
}

async function measureOwn(): Promise<Result> {
  return await load(
    [
      ["miqro", "plain"],
      ["miqro", "plain"],
      ["miqro", "beside"],
      ["miqro", "json"],
      ["miqro", "direct"],
      ["miqro", "early"],
    ],
    (servers) => {
      const [plain, again, beside, json, direct, early] = servers as LoadedServer[] as [
        LoadedServer,
        LoadedServer,
        LoadedServer,
        LoadedServer,
        LoadedServer,
        LoadedServer,
      ];
      const noise = Math.abs(1 - ratio(again, plain, "cpu"));
      return {
        title: "hooks: what they cost",
        first: plain,
        targets: [
          atLeast(
            `CPU without hooks as a part of that with hooks on another scope (it lies ${noise.toFixed(3)} from itself)`,
            0.99,
            ratio(beside, plain, "cpu") + noise,
          ),
          atLeast("CPU of res.json as a part of that of a Response", 0.5, ratio(direct, json, "cpu")),
          atLeast(
            "CPU of a Response from a handler as a part of that from a request hook",
            0.98,
            ratio(early, direct, "cpu") + noise,
          ),
        ],
      };
    },
  );
}

async function measurePeers(name: Case): Promise<Result> {
  return await load(
    [
      ["miqro", name],
      ["elysia", name],
      ["h3", name],
    ],
    ([own, ...peers]) => ({
      title: `hooks: ${titles[name]}`,
      first: own as LoadedServer,
      targets: peers.map((peer) =>
        atLeast(`CPU of ${peer.name} as a part of miqro's`, 1, ratio(own as LoadedServer, peer, "cpu")),
      ),
    }),
  );
}

interface Outcome {
  readonly title: string;
  readonly first: LoadedServer;
  readonly targets: readonly Target[];
}

async function load(
  contestants: readonly (readonly [who: string, name: Case])[],
  judge: (servers: readonly LoadedServer[]) => Outcome,
): Promise<Result> {
  const servers: LoadedServer[] = [];
  try {
    for (const [who, name] of contestants) {
      const title = contestants.every((one) => one[1] === name) ? who : `${who}, ${name}`;
      const server = await LoadedServer.start(title, module, [who, name], request);
      servers.push(server);
      const answer = await server.probe();
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${statuses[name]} `), `${title}: ${answer}`);
      if (name !== "error") assert.ok(answer.includes(JSON.stringify(data)), `${title}: ${answer}`);
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
    const { title, first, targets } = judge(servers);
    return {
      title,
      note,
      columns: ["", "CPU a request", "ratio", "time a request"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, first, "cpu").toFixed(3),
        `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
      ]),
      targets,
    };
  } finally {
    for (const server of servers) server.stop();
  }
}
