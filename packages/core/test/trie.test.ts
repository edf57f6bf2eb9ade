import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePattern } from "../dist/routing/pattern.js";
import { SegmentTrie } from "../dist/routing/trie.js";

const limit = 12;

function create(paths: readonly string[], stateLimit?: number): SegmentTrie<string, never> {
  const trie = new SegmentTrie<string, never>(stateLimit);
  for (const path of paths) for (const pattern of parsePattern(path)) trie.insert(pattern).entries.push(path);
  return trie;
}

const find = (trie: SegmentTrie<string, never>, path: string): string[] =>
  trie
    .matchPath(path)
    .nodes.flatMap((node) => node.entries)
    .sort();

describe("SegmentTrie", () => {
  it("keeps no more states than its limit, and finds the same beyond it", () => {
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
          const bounded = create(list, limit);
          const free = create(list);
          for (const segments of paths) {
            const asked = `/${segments.join("/")}`;
            assert.deepEqual(find(bounded, asked), find(free, asked), asked);
            assert.ok(bounded.stateCount <= limit);
          }
          if (free.stateCount > limit) reached++;
        },
      ),
      { numRuns: 200 },
    );
    assert.ok(reached > 50, `only ${reached} runs went beyond the limit`);
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
