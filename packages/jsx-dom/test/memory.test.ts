import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("10,000 mounts and unmounts", () => {
  it("leave no nodes, no listeners and no effects behind", async () => {
    const session = await opened.page.context().newCDPSession(opened.page);
    const count = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      return { nodes, jsEventListeners, megabytes: usedSize / 1e6 };
    };
    const mount = (times: number) =>
      opened.page.evaluate(async (times) => {
        const {
          createContext,
          createElement: h,
          useContext,
          useEffect,
          useErrorBoundary,
          useRef,
          useState,
        } = jsx;
        const Theme = createContext("none");
        let alive = 0;
        function Leaf() {
          const theme = useContext(Theme);
          const [n, setN] = useState(0);
          const ref = useRef<Element>();
          useErrorBoundary();
          useEffect(() => {
            alive++;
            return () => alive--;
          }, []);
          return h("button", { ref, class: theme, onClick: () => setN(n + 1) }, "n: ", n);
        }
        if (!customElements.get("my-leaf")) {
          dom.define("my-leaf", Leaf);
          dom.define("my-light", ({ children }: { children?: never }) => h("p", null, children), {
            shadowInit: false,
          });
        }
        const container = newContainer();
        for (let time = 0; time < times; time++) {
          const list = [1, 2].map((key) => h(Leaf, { key }));
          dom.render(
            h(
              Theme.Provider,
              { value: "dark" },
              h("div", null, list, h("my-leaf"), h("my-light", null, h(Leaf))),
            ),
            container,
          );
          dom.render(null, container);
          if (time % 100 === 0) await settled();
        }
        container.remove();
        await painted();
        return alive;
      }, times);
    await mount(500);
    const before = await count();
    assert.equal(await mount(10_000), 0);
    const after = await count();
    assert.ok(after.nodes - before.nodes < 20, `${after.nodes - before.nodes} nodes`);
    assert.ok(after.jsEventListeners - before.jsEventListeners < 20, `${after.jsEventListeners} listeners`);
    assert.ok(after.megabytes - before.megabytes < 1, `${after.megabytes - before.megabytes} MB`);
  });
});

describe("what the user does while a list is reordered", () => {
  it("stays: focus, selection, scroll positions, input and the document of a frame", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const show = (ids: readonly string[]) =>
        dom.render(
          ids.map((id) =>
            h(
              "section",
              { key: id, id },
              h("input", { "aria-label": id }),
              h("div", { style: "height: 20px; overflow: auto" }, h("p", { style: "height: 200px" })),
              h("iframe", { srcdoc: "<p>frame" }),
            ),
          ),
          container,
        );
      show(["a", "b", "c", "d"]);
      await Promise.all(
        [...container.querySelectorAll("iframe")].map(
          (frame) => new Promise((resolve) => frame.addEventListener("load", resolve)),
        ),
      );
      const [section] = container.children as unknown as HTMLElement[];
      const input = section?.querySelector("input") as HTMLInputElement;
      const box = section?.querySelector("div") as HTMLElement;
      const frame = section?.querySelector("iframe") as HTMLIFrameElement;
      input.value = "typed";
      input.focus();
      input.setSelectionRange(1, 3);
      box.scrollTop = 50;
      (frame.contentWindow as unknown as { mark: boolean }).mark = true;
      const seen: unknown[] = [];
      // It stays in place, and then it is the one that moves.
      for (const ids of [
        ["b", "a", "c", "d"],
        ["b", "c", "d", "a"],
        ["a", "d"],
      ]) {
        show(ids);
        await settled();
        seen.push([
          document.activeElement === input,
          input.value,
          input.selectionStart,
          input.selectionEnd,
          box.scrollTop,
          (frame.contentWindow as unknown as { mark?: boolean } | null)?.mark,
        ]);
      }
      return { seen, can: "moveBefore" in Element.prototype };
    });
    const kept = [true, "typed", 1, 3, 50, true];
    if (result.can) assert.deepEqual(result.seen, [kept, kept, kept]);
    else assert.deepEqual(result.seen[0], kept);
  });
});
