import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePattern } from "../dist/routing/pattern.js";
import { SegmentTrie } from "../dist/routing/trie.js";

const room = 40;

function create(paths: readonly string[], room?: number): SegmentTrie<string, never> {
  const trie = new SegmentTrie<string, never>(room);
  for (const path of paths) for (const pattern of parsePattern(path)) trie.insert(pattern).entries.push(path);
  return trie;
}

const find = (trie: SegmentTrie<string, never>, path: string): string[] =>
  trie
    .matchPath(path)
    .nodes.flatMap((node) => node.entries)
    .sort();

describe("SegmentTrie", () => {
  it("keeps no more than it has room for, and finds the same", () => {
    const token = fc.constantFrom("a", "b", "c", ":x");
    const route = fc.tuple(fc.array(token, { minLength: 1, maxLength: 5 }), fc.boolean());
    const path = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 6 });
    let reached = 0;
    fc.assert(
      fc.property(
        fc.array(route, { minLength: 5, maxLength: 25 }),
        fc.array(path, { minLength: 20, maxLength: 60 }),
        (routes, paths) => {
          const list = routes.map(([tokens, open]) => {
            const named = tokens.map((text, index) => (text === ":x" ? `:x${index}` : text));
            return `/${[...named, ...(open ? ["*"] : [])].join("/")}`;
          });
          const bounded = create(list, room);
          const free = create(list);
          for (const segments of paths) {
            const asked = `/${segments.join("/")}`;
            assert.deepEqual(find(bounded, asked), find(free, asked), asked);
            assert.ok(bounded.size <= room);
          }
          if (free.size > room) reached++;
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(reached > 50, `only ${reached} runs needed more room`);
  });

  it("makes no state for segments that no pattern names", () => {
    const trie = create(["/a/:x", "/:y/b", "/*"]);
    for (let index = 0; index < 1000; index++) find(trie, `/${index}/x${index}/y`);
    const before = trie.stateCount;
    for (let index = 0; index < 1000; index++) find(trie, `/${index}z/${index}z/${index}`);
    assert.equal(trie.stateCount, before);
    assert.ok(before < 10);
  });
});
