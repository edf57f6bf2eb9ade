import assert from "node:assert/strict";
import { LoadedServer, ratio } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atLeast, type Result } from "../lib/result.ts";
import { type Encoding, encodings, type Size, sizes } from "./compression/cases.ts";

const module = new URL("./compression/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 30);
const warmUp = 5;

/** JSON of three sizes, compressed by each coding: `Compression` beside `@fastify/compress`. */
export default async function* compression(): AsyncGenerator<Result> {
  for (const size of Object.keys(sizes) as Size[]) {
    for (const encoding of encodings) yield await measure(size, encoding);
  }
}

async function measure(size: Size, encoding: Encoding): Promise<Result> {
  const servers: LoadedServer[] = [];
  const request = `GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: ${encoding}\r\n\r\n`;
  const perSlice = Math.ceil(3200 / Math.sqrt(sizes[size]));
  try {
    for (const one of ["miqro", "fastify"]) {
      const server = await LoadedServer.start(one, module, [one, size], request);
      servers.push(server);
      assert.match(await server.probe(), new RegExp(`\\r\\ncontent-encoding: ${encoding}\\r\\n`, "i"), one);
    }
    for (let round = 0; round < warmUp + slices; round++) {
      for (let index = 0; index < servers.length; index++) {
        await servers[(index + round) % servers.length]?.run(perSlice, round >= warmUp);
      }
    }
    const [own, peer] = servers as [LoadedServer, LoadedServer];
    return {
      title: `compression: ${sizes[size]} rows of JSON by ${encoding}`,
      note: `Median of ${slices} slices of ${perSlice} requests each on 16 connections; ratios are to miqro in the same round.`,
      columns: ["", "CPU a request", "ratio", "time a request", "ratio"],
      rows: servers.map((server) => [
        server.name,
        `${median(server.slices.map((slice) => slice.cpu)).toFixed(2)} µs`,
        ratio(server, own, "cpu").toFixed(3),
        `${median(server.slices.map((slice) => slice.time)).toFixed(2)} µs`,
        ratio(server, own, "time").toFixed(3),
      ]),
      targets: [atLeast("CPU of fastify as a part of miqro's", 1, ratio(own, peer, "cpu"))],
    };
  } finally {
    for (const server of servers) server.stop();
  }
}
