import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { FolderOutput } from "../../dist/inflate/folder-output.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "miqro-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function gather(files: Files): FolderOutput {
  const output = new FolderOutput(folder);
  for (const [name, text] of Object.entries(files)) output.add(name, Buffer.from(text));
  return output;
}

/** All files but the list of them. */
function read(): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const names = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  return Object.fromEntries(
    names
      .filter((name) => name !== ".inflate.json")
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

describe("FolderOutput", () => {
  it("writes nothing before it is told to, and nothing at all where it is abandoned", () => {
    const output = gather({ "a/b.html": "b" });
    assert.ok(!existsSync(join(folder, "a")));
    output.abandon();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("removes the folder again that it made for nothing", () => {
    const below = join(folder, "x");
    new FolderOutput(below).abandon();
    assert.ok(!existsSync(below));
  });

  it("keeps the file and the time of what did not change, and removes what is gone", async () => {
    assert.deepEqual(await gather({ "a.html": "a", "b/b.html": "b", "c.html": "c" }).commit(), {
      written: 3,
      unchanged: 0,
      removed: 0,
    });
    const before = statSync(join(folder, "a.html"), { bigint: true });
    const counts = await gather({ "a.html": "a", "c.html": "C", "d/e/f.html": "f" }).commit();
    assert.deepEqual(counts, { written: 2, unchanged: 1, removed: 1 });
    const after = statSync(join(folder, "a.html"), { bigint: true });
    assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
    assert.deepEqual(read(), { "a.html": "a", "c.html": "C", "d/e/f.html": "f" });
    assert.ok(!existsSync(join(folder, "b")));
  });

  it("puts a folder where a file was, and a file where a folder was", async () => {
    await gather({ x: "file", "y/z": "file" }).commit();
    await gather({ "x/index.html": "page", y: "file" }).commit();
    assert.deepEqual(read(), { "x/index.html": "page", y: "file" });
  });

  it("keeps files of others, and refuses to write over them", async () => {
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "notes.txt"), "notes");
    writeFileSync(join(folder, "CNAME"), "example.com");
    await gather({ "a.html": "a", CNAME: "example.com" }).commit();
    assert.deepEqual(read(), { "a.html": "a", CNAME: "example.com", "mine/notes.txt": "notes" });
    const output = gather({ "mine/notes.txt": "other" });
    assert.match(
      output.problems.join(),
      /mine\/notes\.txt exists already, and inflate did not write it\. Remove it/,
    );
    output.abandon();
    const other = gather({ mine: "file" });
    assert.equal(other.problems.length, 1);
    other.abandon();
    const last = gather({ "CNAME/x": "file", "mine/notes.txt/index.html": "page" });
    assert.equal(last.problems.length, 1);
    last.abandon();
  });

  it("copies large files, and finds that they are the same", async () => {
    const source = join(folder, "source.bin");
    writeFileSync(source, Buffer.alloc(3_000_000, 7));
    for (const unchanged of [0, 1, 0]) {
      if (unchanged === 0) writeFileSync(source, Buffer.alloc(3_000_000, 8 + readdirSync(folder).length));
      const output = new FolderOutput(folder);
      await output.copy("copy.bin", source);
      assert.equal((await output.commit()).unchanged, unchanged);
      assert.ok(readFileSync(source).equals(readFileSync(join(folder, "copy.bin"))));
    }
  });

  it("does not mix the files of runs that end at the same time", async () => {
    const runs = Array.from({ length: 8 }, (_, run) => {
      const names = Array.from({ length: 40 }, (_, index) => `${index % 7}/${(index * run) % 50}.html`);
      return Object.fromEntries(names.map((name) => [name, `run ${run}`]));
    });
    await Promise.all(runs.map((files) => gather(files).commit()));
    const found = read();
    const [first = ""] = Object.values(found);
    assert.deepEqual(found, runs[Number(first.slice(4))]);
  });

  it("goes on where a run was killed", async () => {
    const script = `
      const { FolderOutput } = await import(${JSON.stringify(new URL("../../dist/inflate/folder-output.js", import.meta.url).href)});
      const output = new FolderOutput(${JSON.stringify(folder)});
      output.add("x.html", Buffer.from("x"));
      await (await import(${JSON.stringify(new URL("../../dist/inflate/folder-lock.js", import.meta.url).href)})).lockFolder(${JSON.stringify(folder)});
      process.kill(process.pid, "SIGKILL");`;
    assert.equal(spawnSync(process.execPath, ["--input-type=module", "-e", script]).signal, "SIGKILL");
    assert.equal(readdirSync(folder).length, 2);
    await gather({ "y.html": "y" }).commit();
    assert.deepEqual(read(), { "y.html": "y" });
    assert.deepEqual(readdirSync(folder).sort(), [".inflate.json", "y.html"]);
  });

  it("says what is wrong with a folder that it cannot write to", () => {
    writeFileSync(join(folder, "file"), "");
    assert.throws(
      () => new FolderOutput(join(folder, "file", "x")),
      /cannot be written: a part of its path is a file/,
    );
    writeFileSync(join(folder, ".inflate.json"), "{");
    assert.throws(() => new FolderOutput(folder), /\.inflate\.json, which lists .* cannot be read/);
  });
});
