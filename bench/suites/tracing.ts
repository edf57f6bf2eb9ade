import { tracingChannel } from "node:diagnostics_channel";
import { LoadedServer } from "../lib/http-load.ts";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";

const module = new URL("./http/server.ts", import.meta.url).href;
const slices = Number(process.env.SLICES ?? 20);
const perSlice = 1600;
const looks = 2_000_000;

/** What a request pays for its tracing channels while nobody subscribes: one look at each of two. */
export default async function* tracing(): AsyncGenerator<Result> {
  const server = await LoadedServer.start(
    "miqro",
    module,
    ["miqro", "text"],
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  );
  try {
    await server.probe();
    for (let round = 0; round < 10 + slices; round++) await server.run(perSlice, round >= 10);
  } finally {
    server.stop();
  }
  const request = tracingChannel("miqro:request");
  const step = tracingChannel("miqro:step");
  const times: number[] = [];
  let subscribed = 0;
  for (let round = 0; round < 5 + slices; round++) {
    const start = process.hrtime.bigint();
    for (let look = 0; look < looks; look++) {
      if (request.hasSubscribers) subscribed++;
      if (step.hasSubscribers) subscribed++;
    }
    if (round >= 5) times.push(Number(process.hrtime.bigint() - start) / looks);
  }
  if (subscribed > 0) throw new Error("Somebody subscribed.");
  const cpu = median(server.slices.map((slice) => slice.cpu));
  const nanoseconds = median(times);
  yield {
    title: "tracing: channels without a subscriber",
    note: `Medians of ${slices} slices of ${perSlice} requests, and of ${looks} looks.`,
    columns: ["", "time"],
    rows: [
      ["CPU of a hello world", `${cpu.toFixed(2)} µs`],
      ["a look at both channels", `${nanoseconds.toFixed(1)} ns`],
    ],
    targets: [atMost("part of a hello world in percent", 0.5, (nanoseconds / cpu / 1000) * 100)],
  };
}
