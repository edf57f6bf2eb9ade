import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { checkExample } from "./check-example.js";

const runtimes = fileURLToPath(new URL("../../../test/runtimes/node_modules/", import.meta.url));
const folder = fileURLToPath(new URL("../dist/", import.meta.url));

describe("the example of modules", () => {
  for (const [name, command, args] of [
    ["Node.js 20", "node-20/bin/node", ["node.js"]],
    ["Node.js 26", "node-26/bin/node", ["node.js"]],
    ["Bun", ".bin/bun", ["run", "bun.js"]],
    ["Deno", ".bin/deno", ["run", "-A", "--no-lock", "deno.js"]],
  ] as const) {
    const program = runtimes + command;
    it(`answers the same on ${name}`, {
      skip: existsSync(program) ? false : `${name} is not installed`,
    }, async () => {
      const before = args.slice(0, -1);
      const output = await checkExample(program, [...before, `${folder}${args.at(-1)}`]);
      assert.match(output, /The store is closed\./);
    });
  }
});
