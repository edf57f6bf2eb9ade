import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";

const run = promisify(execFile);
const program = `
  import { createElement } from "@miqro/jsx";
  import { define } from "@miqro/jsx-dom";
  import { renderToString } from "@miqro/jsx-node";
  define("my-counter", () => createElement("b", null, 0), { shadowInit: false });
  console.log(renderToString(createElement("my-counter")));
`;
const expected = "<my-counter><!--$s1--><b>0</b></my-counter>\n";
const start = (args: readonly string[]) => run(process.execPath, args, { cwd: import.meta.dirname });

describe("a module that calls define, on a server", () => {
  it("is recorded where a bundler takes the files for browsers last", async () => {
    // What the bundlers of Cloudflare, Vercel and others ask for, each with "browser" at the end.
    for (const conditions of [["workerd", "worker"], ["edge-light"], ["worker"], ["node"]]) {
      const { outputFiles } = await build({
        stdin: { contents: program, resolveDir: import.meta.dirname },
        bundle: true,
        write: false,
        format: "esm",
        conditions: [...conditions, "browser"],
        external: ["node:*"],
      });
      const { stdout } = await start(["--input-type=module", "--eval", outputFiles[0]?.text ?? ""]);
      assert.equal(stdout, expected, conditions.join());
    }
  });

  it("is recorded by Node.js, whatever it is told to prefer", async () => {
    for (const condition of ["browser", "development"]) {
      const { stdout } = await start([`--conditions=${condition}`, "--input-type=module", "--eval", program]);
      assert.equal(stdout, expected, condition);
    }
  });
});
