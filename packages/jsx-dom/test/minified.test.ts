import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const suites = ["custom-elements", "define", "fields", "insertion", "lifecycle", "styles"];

describe("the minified files in a page", () => {
  for (const suite of suites) {
    it(`do what the modules do: ${suite}`, async () => {
      const file = new URL(`${suite}.test.js`, import.meta.url).pathname;
      const { NODE_TEST_CONTEXT: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--test", "--test-reporter=tap", file],
        {
          env: { ...env, PAGE_CONDITION: "browser" },
        },
      );
      assert.match(stdout, /^# fail 0$/m);
      assert.match(stdout, /^# pass [1-9]/m);
    });
  }
});
