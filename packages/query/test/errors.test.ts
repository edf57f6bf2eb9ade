import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";

/** The codes that a text names. */
function codesIn(text: string): string[] {
  return [...new Set(text.match(/\bQUERY_[A-Z_]+\b/g))].sort();
}

describe("QueryErrorCode", () => {
  it("has the codes that the README explains, and no others", async () => {
    const declared = codesIn(await readFile(new URL("../dist/errors.d.ts", import.meta.url), "utf8"));
    const explained = codesIn(await readFile(new URL("../README.md", import.meta.url), "utf8"));
    assert.ok(declared.length > 0);
    assert.deepEqual(explained, declared);
  });
});
