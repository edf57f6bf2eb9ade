import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LogLine, LogStore } from "../dist/log/log-store.js";
import { readEntry } from "../dist/log/read-entry.js";

describe("readEntry", () => {
  const cases: Readonly<Record<string, { line: string; stream?: "stdout" | "stderr"; expected: object }>> = {
    "reads a line of a logger": {
      line: "2026-01-01T10:00:00.000Z ERROR [POSTS_GET] it failed [1]",
      expected: {
        level: "error",
        time: "2026-01-01T10:00:00.000Z",
        name: "POSTS_GET",
        text: "it failed [1]",
      },
    },
    "reads a line as JSON": {
      line: '{"time":"2026-01-01T10:00:00.000Z","level":"debug","identifier":"A","message":"m"}',
      expected: { level: "debug", time: "2026-01-01T10:00:00.000Z", name: "A", text: "m" },
    },
    "takes what the app prints for info": { line: "hello", expected: { level: "info", text: "hello" } },
    "takes what it prints to stderr for a warning": {
      line: "\u001b[31mhello\u001b[39m",
      stream: "stderr",
      expected: { level: "warn", text: "hello" },
    },
    "takes broken JSON for text": { line: '{"time":1', expected: { level: "info", text: '{"time":1' } },
  };
  for (const [name, { line, stream = "stdout", expected }] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(readEntry(line, stream), { stream, ...expected }));
  }
});

describe("LogStore", () => {
  const told = () => {
    const batches: (readonly LogLine[])[] = [];
    let wake = () => {};
    const store = new LogStore((lines) => {
      batches.push(lines);
      wake();
    });
    const next = () =>
      new Promise<void>((resolve) => {
        // The timer of the store keeps no process alive.
        const alive = setInterval(() => {}, 1000);
        wake = () => {
          clearInterval(alive);
          resolve();
        };
      });
    return { store, batches, next };
  };

  it("tells a burst in few messages, and keeps the last 5,000 lines", async () => {
    const { store, batches, next } = told();
    const arrived = next();
    for (let index = 0; index < 10_000; index++) store.add([{ stream: "stdout", text: `line ${index}\n` }]);
    await arrived;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(store.lines.length, 5000);
    assert.equal(store.lines.at(-1)?.text, "line 9999");
    assert.ok(batches.length <= 6, String(batches.length));
    assert.ok(batches.every((lines) => lines.length <= 1000));
  });

  it("keeps the lines of a stack together", async () => {
    const { store, next } = told();
    const arrived = next();
    store.add([{ stream: "stderr", text: "Error: no\n    at a\n    at b\nnext\n" }]);
    await arrived;
    assert.deepEqual(
      store.lines.map(({ text }) => text),
      ["Error: no\n    at a\n    at b", "next"],
    );
  });
});
