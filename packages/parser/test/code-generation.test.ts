import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const script = `
  import { compile } from "@miqro/parser";
  const { parse, is } = compile({ n: "number", list: "string[]!" }, { coerce: true });
  console.log(JSON.stringify([parse({ n: "1", list: "x" }), is({ n: "1", list: [] })]));
`;

describe("compile", () => {
  for (const flag of [
    "--disallow-code-generation-from-strings",
    "--disable-proto=throw",
    "--disable-proto=delete",
  ]) {
    it(`works under ${flag}`, async () => {
      const args = [flag, "--input-type=module", "--eval", script];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
      assert.equal(stdout.trim(), '[{"n":1,"list":["x"]},false]');
    });
  }
});
