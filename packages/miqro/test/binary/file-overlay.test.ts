import assert from "node:assert/strict";
import fs, { existsSync, readFileSync, statSync } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { installFileOverlay } from "../../dist/binary/file-overlay.js";
import type { CarriedFiles, PackIndex } from "../../dist/binary/pack-index.js";

const root = process.execPath + sep;
const texts: Readonly<Record<string, string>> = {
  "app/a.txt": "text of a",
  "app/http/b.txt": "text of b",
  "app/empty.txt": "",
  "app/large.bin": "0123456789".repeat(30_000),
};
const at = (path: string) => join(root, path);

describe("installFileOverlay", () => {
  before(() => {
    const files = Object.entries(texts).map(([path, text]) => [
      path,
      [0, Buffer.byteLength(text), `digest ${path}`],
    ]);
    const index = { files: Object.fromEntries(files), folders: ["app/static"] } as unknown as PackIndex;
    const read: CarriedFiles["read"] = (path) => (path in texts ? Buffer.from(texts[path] ?? "") : undefined);
    installFileOverlay({ index, root, isUnpacked: false, read });
  });

  it("reads files by strings, URLs and buffers, at once, later and by promises", async () => {
    const path = at("app/a.txt");
    for (const name of [path, pathToFileURL(path), Buffer.from(path), at("app/http/../a.txt")]) {
      assert.equal(readFileSync(name, "utf8"), "text of a");
      assert.equal((await readFile(name)).toString(), "text of a");
      assert.equal(await promisify(fs.readFile)(name, { encoding: "utf8" }), "text of a");
    }
    readFileSync(path).fill(0);
    assert.equal(readFileSync(path, "utf8"), "text of a");
  });

  it("lists folders, those that hold nothing as well", async () => {
    assert.deepEqual(await readdir(at("app")), ["a.txt", "empty.txt", "http", "large.bin", "static"]);
    assert.deepEqual(await readdir(at("app/static")), []);
    const entries = await readdir(at("app"), { withFileTypes: true });
    assert.deepEqual(
      entries.map((entry) => [entry.name, entry.isFile(), entry.isDirectory(), entry.parentPath]),
      [
        ["a.txt", true, false, at("app")],
        ["empty.txt", true, false, at("app")],
        ["http", false, true, at("app")],
        ["large.bin", true, false, at("app")],
        ["static", false, true, at("app")],
      ],
    );
  });

  it("tells sizes, kinds, and the times of the executable", async () => {
    const { mtimeMs, mtime } = statSync(process.execPath);
    const file = await stat(at("app/large.bin"));
    assert.deepEqual([file.size, file.isFile(), file.mtimeMs, file.mtime], [300_000, true, mtimeMs, mtime]);
    assert.equal((await stat(at("app/"))).isDirectory(), true);
    assert.equal(await realpath(at("app/http/../a.txt")), at("app/a.txt"));
    assert.equal(await promisify(fs.realpath.native)(at("app/a.txt")), at("app/a.txt"));
    assert.equal(fs.realpathSync.native(at("app")), at("app"));
  });

  it("opens and streams parts of files", async () => {
    const handle = await open(at("app/large.bin"));
    const buffer = Buffer.alloc(4);
    assert.equal((await handle.read(buffer, 0, 4, 299_998)).bytesRead, 2);
    assert.equal((await handle.read(buffer, 0, 4, 12)).bytesRead, 4);
    assert.equal(buffer.toString(), "2345");
    const part = await handle.createReadStream({ start: 5, end: 200_004 }).toArray();
    assert.equal(Buffer.concat(part).toString(), texts["app/large.bin"]?.slice(5, 200_005));
    assert.deepEqual(await fs.createReadStream(at("app/empty.txt")).toArray(), []);
    await handle.close();
  });

  it("says of what is not there what the disk would say", async () => {
    const path = at("app/none");
    const error = { code: "ENOENT", errno: -2, syscall: "stat", path };
    assert.throws(() => statSync(path), error);
    await assert.rejects(stat(path), error);
    await assert.rejects(promisify(fs.stat)(path), error);
    assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
    assert.deepEqual(
      [existsSync(path), existsSync(at("app/a.txt")), existsSync(at("app"))],
      [false, true, true],
    );
    await assert.rejects(readFile(at("app")), { code: "EISDIR" });
    await assert.rejects(readdir(at("app/a.txt")), { code: "ENOTDIR" });
    assert.throws(() => fs.writeFileSync(at("app/a.txt"), ""), { code: "ENOTDIR" });
  });

  it("leaves the disk alone", async () => {
    const own = new URL(import.meta.url);
    assert.equal(await readFile(own, "utf8"), readFileSync(own, "utf8"));
    assert.equal(statSync(process.execPath).isFile(), true);
    assert.equal(existsSync(join(root, "..", "none")), false);
    assert.equal(existsSync(join(process.execPath, "..")), true);
    assert.equal(statSync("/none", { throwIfNoEntry: false }), undefined);
  });
});
