import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
  await opened.page.evaluate(() => {
    const { createElement: h, useState } = jsx;
    const Item = ({ id }: { id: number }) => {
      const [born] = useState(id);
      return id % 2 === 0 ? h("li", null, born) : [h("li", null, born), h("hr")];
    };
    const list = (ids: readonly number[]) => ids.map((id) => h(Item, { key: id, id }));
    Object.assign(globalThis, { list });
  });
});
after(() => opened.close());

declare global {
  var list: (ids: readonly number[]) => never;
}

/** What a change did: the text, the elements that stayed the same, and how many were put somewhere. */
interface Outcome {
  readonly texts: readonly string[];
  readonly kept: readonly number[];
  readonly insertions: number;
  readonly removals: number;
}

function change(before: readonly number[], next: readonly number[]): Promise<Outcome> {
  return opened.page.evaluate(
    ([old, ids]) => {
      const container = newContainer();
      const items = () => [...container.querySelectorAll("li")];
      dom.render(list(old), container);
      const elements = new Map(items().map((item, index) => [old[index], item]));
      const observer = new MutationObserver(() => {});
      observer.observe(container, { childList: true });
      dom.render(list(ids), container);
      const records = observer.takeRecords();
      observer.disconnect();
      const count = (part: "addedNodes" | "removedNodes") =>
        records.flatMap((record) => [...record[part]]).filter((node) => node.nodeName === "LI").length;
      const outcome = {
        texts: items().map((item) => item.textContent ?? ""),
        kept: ids.filter((id, index) => elements.get(id) === items()[index]),
        insertions: count("addedNodes"),
        removals: count("removedNodes"),
      };
      container.remove();
      return outcome;
    },
    [before, next] as const,
  );
}

/** The length of the longest rising run, the slow and simple way. */
function longestRun(values: readonly number[]): number {
  const lengths: number[] = [];
  values.forEach((value, index) => {
    const shorter = lengths.filter((_length, place) => (values[place] as number) < value);
    lengths[index] = 1 + Math.max(0, ...shorter);
  });
  return Math.max(0, ...lengths);
}

describe("a keyed list", () => {
  it("moves one element when one moves", async () => {
    const outcome = await change([2, 4, 6, 8, 10], [10, 2, 4, 6, 8]);
    assert.deepEqual(outcome.texts, ["10", "2", "4", "6", "8"]);
    assert.equal(outcome.insertions, 1);
  });

  it("touches nothing when nothing changes", async () => {
    const outcome = await change([1, 2, 3], [1, 2, 3]);
    assert.deepEqual([outcome.insertions, outcome.removals], [0, 0]);
  });

  it("keeps the elements and the state of each key, and moves the fewest, for any change", async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, ids, async (before, next) => {
        const outcome = await change(before, next);
        const staying = next.filter((id) => before.includes(id));
        const moves = staying.length - longestRun(staying.map((id) => before.indexOf(id)));
        assert.deepEqual(outcome.texts, next.map(String));
        assert.deepEqual(outcome.kept, staying);
        // A move is a removal and an insertion to a MutationObserver.
        assert.equal(outcome.insertions, next.length - staying.length + moves);
        assert.equal(outcome.removals, before.length - staying.length + moves);
      }),
      { numRuns: 300 },
    );
  });

  it("shows each of the nodes that share a key by mistake", async () => {
    assert.deepEqual((await change([1, 1, 2], [2, 1, 1, 1])).texts, ["2", "1", "1", "1"]);
    assert.deepEqual((await change([1, 1, 2], [])).texts, []);
  });
});

describe("components that begin to show something", () => {
  it("stand where they belong, in whatever order they do", async () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 11 }), fc.boolean()), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({ max: 5 }), async (toggles, together) => {
        const [shown, expected] = await opened.page.evaluate(
          async ([toggles, together]) => {
            const { createElement: h, useState } = jsx;
            const sets: ((on: boolean) => void)[] = [];
            const Toggle = ({ id }: { id: number }) => {
              const [on, set] = useState(false);
              sets[id] = set;
              return on ? h("i", null, id) : null;
            };
            const Pair = ({ id }: { id: number }) => [h(Toggle, { id }), null, h(Toggle, { id: id + 1 })];
            const container = newContainer();
            dom.render(
              [
                [0, 2, 4].map((id) => h(Pair, { key: id, id })),
                [6, 8, 10].map((id) => h(Pair, { key: id, id })),
              ],
              container,
            );
            const model = new Set<number>();
            for (const [step, [id, on]] of toggles.entries()) {
              sets[id]?.(on);
              if (on) model.add(id);
              else model.delete(id);
              if (step % (together + 1) === 0) await settled();
            }
            await settled();
            const texts = [...container.querySelectorAll("i")].map((element) => Number(element.textContent));
            container.remove();
            return [texts, [...model].sort((one, other) => one - other)];
          },
          [toggles, together] as const,
        );
        assert.deepEqual(shown, expected);
      }),
      { numRuns: 100 },
    );
  });

  it("take time as their number, and not as its square", async () => {
    const measure = (count: number) =>
      opened.cpuTime(() =>
        opened.page.evaluate(async (count) => {
          const { createElement: h, useState } = jsx;
          const sets: ((on: boolean) => void)[] = [];
          const Late = () => {
            const [on, set] = useState(false);
            sets.push(set);
            return on ? h("i") : null;
          };
          const container = newContainer();
          dom.render(
            Array.from({ length: count }, (_, key) => h(Late, { key })),
            container,
          );
          for (const set of [...sets]) set(true);
          await settled();
          container.remove();
        }, count),
      );
    await measure(1000);
    const [few, many] = [await measure(2000), await measure(16_000)];
    // The square would be 64 times as long.
    assert.ok(many < few * 30, `${few} ms, then ${many} ms`);
  });
});
