import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { writePack } from "../../dist/binary/build/write-pack.js";
import type { PackIndex } from "../../dist/binary/pack-index.js";

type Index = Omit<PackIndex, "files">;

const index = (formats: readonly (readonly [string, string])[]): Index =>
  ({ folders: [], formats: Object.fromEntries(formats) }) as unknown as Index;

describe("writePack", () => {
  const content = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.uint8Array()), {
    selector: ([path]) => path,
  });

  it("keeps every byte, by its path", () => {
    fc.assert(
      fc.property(content, (files) => {
        const pack = writePack({
          files: new Map(files.map(([path, bytes]) => [path, Buffer.from(bytes)])),
          index: index([]),
        });
        const start = 4 + pack.readUInt32LE(0);
        const read = JSON.parse(pack.toString("utf8", 4, start)) as PackIndex;
        for (const [path, bytes] of files) {
          const [offset = 0, length = 0] =
            (Object.hasOwn(read.files, path) ? read.files[path] : undefined) ?? [];
          assert.deepEqual([...pack.subarray(start + offset, start + offset + length)], [...bytes]);
        }
      }),
    );
  });

  it("makes the same bytes in whatever order it is told", () => {
    fc.assert(
      fc.property(content, (files) => {
        const forth = files.map(([path, bytes]) => [path, Buffer.from(bytes)] as const);
        const back = forth.toReversed();
        const formats = files.map(([path]) => [path, "module"] as const);
        const one = writePack({ files: new Map(forth), index: index(formats) });
        const other = writePack({ files: new Map(back), index: index(formats.toReversed()) });
        assert.ok(one.equals(other));
      }),
    );
  });
});
