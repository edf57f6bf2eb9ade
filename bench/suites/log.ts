import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, type Result } from "../lib/result.ts";

const module = new URL("./log/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 60);
const warmUp = 12;
const perSlice = 1600;

/** What a line per request in a file costs: a hello world with it as a part of one without. */
export default async function* log(): AsyncGenerator<Result> {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  const servers: LoadedServer[] = [];
  try {
    for (const one of ["miqro", "fastify"]) {
      for (const path of [undefined, join(folder, `${one}.log`)]) {
        const title = path === undefined ? one : `${one} with a line per request`;
        const args = path === undefined ? [one] : [one, path];
        const server = await LoadedServer.start(
          title,
          module,
          args,
          "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        );
        servers.push(server);
        assert.match(await server.probe(), /^HTTP\/1\.1 200 [\s\S]*Hello, World!$/);
      }
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
    const [plain, logged, peer, peerLogged] = servers as [
      LoadedServer,
      LoadedServer,
      LoadedServer,
      LoadedServer,
    ];
    const baseOf = (server: LoadedServer): LoadedServer =>
      server === peer || server === peerLogged ? peer : plain;
    return yield {
      title: "log: a line per request in a file",
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections; ratios are to the same server without a log.`,
      columns: ["", "CPU a request", "ratio", "time a request", "ratio"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, baseOf(server), "cpu").toFixed(3),
        `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
        ratio(server, baseOf(server), "time").toFixed(3),
      ]),
      targets: [
        atLeast("throughput with the log as a part of that without", 0.85, ratio(logged, plain, "cpu")),
      ],
    };
  } finally {
    for (const server of servers) server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
