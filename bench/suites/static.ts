import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, type Result } from "../lib/result.ts";
import { type Case, cases, content, fileName } from "./static/cases.ts";

const contestants = ["miqro", "fastify", "sirv", "express"] as const;
const titles: Readonly<Record<Case, string>> = {
  file: "a file of 4 kB behind another folder",
  unchanged: "the same, which the client has",
  missing: "a path that is in neither folder",
};
const module = new URL("./static/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 40);
const perSlice = 800;
const warmUp = 8;

/** Servers of two folders in processes of their own, each loaded in turn over connections that stay open. */
export default async function* statics(): AsyncGenerator<Result> {
  const folders = [
    await mkdtemp(join(tmpdir(), "first-")),
    await mkdtemp(join(tmpdir(), "second-")),
  ] as const;
  try {
    await writeFile(join(folders[1], fileName), content);
    await utimes(join(folders[1], fileName), 1_700_000_000, 1_700_000_000);
    for (const name of cases) yield await measure(name, folders);
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true });
  }
}

async function measure(name: Case, folders: readonly [string, string]): Promise<Result> {
  const servers: LoadedServer[] = [];
  const condition =
    name === "unchanged"
      ? "If-Modified-Since: Wed, 15 Nov 2023 00:00:00 GMT\r\nCache-Control: max-age=0\r\n"
      : "";
  const path = name === "missing" ? "/none/such.js" : `/${fileName}`;
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${condition}\r\n`;
  const status = { file: 200, unchanged: 304, missing: 404 }[name];
  try {
    for (const one of contestants) {
      // sirv answers conditions of tags only.
      if (name === "unchanged" && one === "sirv") continue;
      const server = await LoadedServer.start(one, module, [one, ...folders], request);
      servers.push(server);
      const answer = await server.probe();
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), one);
      if (name === "file") assert.ok(answer.endsWith(`\r\n\r\n${content}`), one);
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
    const [own, ...peers] = servers as [LoadedServer, ...LoadedServer[]];
    return {
      title: `static: ${titles[name]}`,
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections; ratios are to miqro in the same round.`,
      columns: ["", "CPU a request", "ratio", "time a request", "ratio"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, own, "cpu").toFixed(3),
        `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
        ratio(server, own, "time").toFixed(3),
      ]),
      // sirv looks for a path synchronously and answers a bare 404, so that it is shown there and not a target.
      targets: peers
        .filter((peer) => name !== "missing" || peer.name !== "sirv")
        .map((peer) => atLeast(`CPU of ${peer.name} as a part of miqro's`, 1, ratio(own, peer, "cpu"))),
    };
  } finally {
    for (const server of servers) server.stop();
  }
}
