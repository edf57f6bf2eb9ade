import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../../../test/runtimes/node_modules/", import.meta.url));
const main = fileURLToPath(new URL("./support/contract-main.js", import.meta.url));

const runtimes: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["Node.js 20", "node-20/bin/node", []],
  ["Node.js 26", "node-26/bin/node", []],
  ["Bun", ".bin/bun", ["run"]],
  ["Deno", ".bin/deno", ["run", "-A", "--no-lock"]],
];

describe("the contract of requests and responses", () => {
  for (const [name, command, args] of runtimes) {
    const file = folder + command;
    it(`holds on ${name}`, { skip: existsSync(file) ? false : `${name} is not installed` }, async () => {
      const { stdout } = await run(file, [...args, main], { timeout: 60_000 }).catch((error) => error);
      assert.match(stdout, /^\d+ passed, 0 failed\n$/, stdout);
    });
  }
});
