import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sign } from "@miqro/core/jwt";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";
import { claims, data, origin, secret, toRequest } from "./services/cases.ts";

const module = new URL("./services/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 60);
const warmUp = 12;
const perSlice = 1600;
const names = ["raw", "raw-again", "miqro", "fastify", "fastify-cache"] as const;

/** A request through a log, security headers, CORS and a session from a token, each in its default form. */
export default async function* services(): AsyncGenerator<Result> {
  const token = await sign(claims, secret, { expiresIn: "1d" });
  const servers = new Map<string, LoadedServer>();
  const folder = await mkdtemp(join(tmpdir(), "services-"));
  try {
    for (const name of names) {
      process.env.BENCH_LOG = join(folder, `${name}.log`);
      const server = await LoadedServer.start(name, module, [name.replace("-again", "")], toRequest(token));
      servers.set(name, server);
      const answer = await server.probe();
      assert.match(answer, /^HTTP\/1\.1 200 /, name);
      assert.deepEqual(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)), data, name);
      if (name.startsWith("raw")) continue;
      for (const header of [`access-control-allow-origin: ${origin}`, "content-security-policy: default-src"])
        assert.ok(answer.toLowerCase().includes(header), `${name} sends no ${header}`);
    }
    const list = [...servers.values()];
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < list.length; index++)
        await list[(index + round) % list.length]?.run(perSlice, round >= warmUp);
    }
    yield toResult(servers);
  } finally {
    for (const server of servers.values()) server.stop();
    await rm(folder, { recursive: true });
  }
}

function toResult(servers: ReadonlyMap<string, LoadedServer>): Result {
  const find = (name: string): LoadedServer => servers.get(name) as LoadedServer;
  const miqro = find("miqro");
  const raw = find("raw");
  // How much of a peer's CPU miqro takes.
  const part = (peer: string): number => 1 / ratio(miqro, find(peer), "cpu");
  return {
    title: "services: a line of a log, security headers, CORS, and a session from a token",
    note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections; ratios are to raw node:http in the same round, which does nothing of it. fastify has @fastify/helmet, @fastify/cors and @fastify/jwt; fastify-cache also remembers tokens, as miqro does by default. miqro sends the larger head: @fastify/helmet has no permissions policy. All but raw write one line per request to a file; fastify by a hook, with the destination that pino recommends for speed.`,
    columns: ["", "CPU a request", "ratio", "time a request"],
    rows: [...servers.values()].map((server) => [
      server.name,
      `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
      ratio(server, raw, "cpu").toFixed(3),
      `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
    ]),
    targets: [
      atMost("raw lies from itself", 0.05, Math.abs(1 - ratio(find("raw-again"), raw, "cpu"))),
      atMost("CPU of miqro as a part of fastify's", 0.85, part("fastify")),
      atMost("CPU of miqro as a part of that of fastify with remembered tokens", 0.85, part("fastify-cache")),
    ],
  };
}
