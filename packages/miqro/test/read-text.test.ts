import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readText, withoutByteOrderMark } from "../dist/service/read-text.js";

describe("readText", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "miqro-text-"));
  });
  after(() => rm(folder, { recursive: true }));

  const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();
  const texts: readonly [title: string, bytes: Buffer, text: string][] = [
    ["UTF-8", Buffer.from("# é 日 🙂\r\n"), "# é 日 🙂\r\n"],
    ["UTF-8 with a byte order mark", Buffer.from("\uFEFF# é"), "# é"],
    ["a second byte order mark, which is content", Buffer.from("\uFEFF\uFEFFx"), "\uFEFFx"],
    ["UTF-16 of Windows", Buffer.from("\uFEFF# é 🙂", "utf16le"), "# é 🙂"],
    ["UTF-16, the other way round", swapped("\uFEFF# é 🙂"), "# é 🙂"],
    ["an empty file", Buffer.alloc(0), ""],
    ["a byte order mark alone", Buffer.from("\uFEFF"), ""],
  ];
  for (const [title, bytes, text] of texts) {
    it(`reads ${title}`, async () => {
      const file = join(folder, "text");
      await writeFile(file, bytes);
      assert.equal(await readText(file), text);
    });
  }

  const broken: readonly [title: string, bytes: Buffer, message: RegExp][] = [
    ["Latin-1", Buffer.from("caf\xe9", "latin1"), /^it is not UTF-8 text\. Save it as UTF-8\.$/],
    ["half a character", Buffer.from("é").subarray(0, 1), /UTF-8/],
    ["UTF-16 that ends too early", Buffer.from("\uFEFFab", "utf16le").subarray(0, 5), /not UTF-16LE text/],
  ];
  for (const [title, bytes, message] of broken) {
    it(`refuses ${title}`, async () => {
      const file = join(folder, "text");
      await writeFile(file, bytes);
      await assert.rejects(readText(file), { name: "MiqroError", message });
    });
  }
});

describe("withoutByteOrderMark", () => {
  it("takes one away at the beginning only", () => {
    assert.equal(withoutByteOrderMark("\uFEFFa\uFEFF"), "a\uFEFF");
    assert.equal(withoutByteOrderMark("a"), "a");
  });
});
