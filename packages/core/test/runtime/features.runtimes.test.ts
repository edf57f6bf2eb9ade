import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../../../../test/runtimes/node_modules/", import.meta.url));
const main = fileURLToPath(new URL("./features-main.js", import.meta.url));

describe("the table of runtimes", () => {
  for (const [name, command, args] of [
    ["Node.js 20", "node-20/bin/node", []],
    ["Node.js 26", "node-26/bin/node", []],
    ["Bun", ".bin/bun", ["run"]],
    ["Deno", ".bin/deno", ["run", "-A", "--no-lock"]],
  ] as const) {
    const file = folder + command;
    it(`holds on ${name}`, { skip: existsSync(file) ? false : `${name} is not installed` }, async () => {
      const here = await run(process.execPath, [main], { timeout: 60_000 });
      const there = await run(file, [...args, main], { timeout: 60_000 });
      assert.equal(here.stdout.split("\n").length, 10);
      assert.equal(there.stdout, here.stdout);
    });
  }
});
