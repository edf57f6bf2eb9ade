import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("useEffect in a page", () => {
  it("that sets state runs once a frame, and ends with a clear error", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useState } = jsx;
      let timers = 0;
      const real = setTimeout;
      globalThis.setTimeout = ((...args: Parameters<typeof real>) => {
        timers++;
        return real(...args);
      }) as typeof setTimeout;
      reported.length = 0;
      let runs = 0;
      function Loop() {
        const [n, setN] = useState(0);
        useEffect(() => {
          runs++;
          setN(n + 1);
        });
        return n;
      }
      const container = newContainer();
      dom.render(h(Loop), container);
      let frames = 0;
      while (reported.length === 0 && frames < 1000) {
        frames++;
        await new Promise(requestAnimationFrame);
      }
      globalThis.setTimeout = real;
      await painted();
      await painted();
      return { runs, timers, frames, reported, text: container.textContent };
    });
    assert.equal(result.runs, 101);
    assert.equal(result.text, "101");
    assert.deepEqual(result.reported.length, 1);
    assert.match(result.reported[0] ?? "", /^JSXError: Components asked for 100 renders in a row/);
    assert.ok(result.timers <= 2 * result.runs, `${result.timers} timers for ${result.runs} runs`);
    assert.ok(result.frames >= 50, `${result.runs} runs in ${result.frames} frames`);
  });

  it("may go on as long as it likes when something else asks for the renders", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useState } = jsx;
      reported.length = 0;
      const done = new Promise<void>((resolve) => {
        function Count() {
          const [n, setN] = useState(0);
          useEffect(() => {
            if (n === 150) resolve();
            else queueMicrotask(() => setN(n + 1));
          }, [n]);
          return n;
        }
        dom.render(h(Count), newContainer());
      });
      await done;
      return reported;
    });
    assert.deepEqual(result, []);
  });

  it("does not count renders that the page asks for", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useState } = jsx;
      reported.length = 0;
      let update = (_n: number) => {};
      let shown = 0;
      function Twice() {
        const [n, setN] = useState(0);
        const [copy, setCopy] = useState(0);
        update = setN;
        useEffect(() => setCopy(n), [n]);
        shown = copy;
        return copy;
      }
      dom.render(h(Twice), newContainer());
      for (let n = 1; n <= 250; n++) {
        update(n);
        await settled();
      }
      await painted();
      await settled();
      return [reported, shown];
    });
    assert.deepEqual(result, [[], 250]);
  });
});

describe("an endless loop of layout effects", () => {
  it("is reported, and leaves no component without its render", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useLayoutEffect, useState } = jsx;
      reported.length = 0;
      let runs = 0;
      let set = (_n: number) => {};
      function Loop() {
        const [n, setN] = useState(0);
        useLayoutEffect(() => {
          runs++;
          setN(n + 1);
          if (runs > 90 && runs < 101) set(runs);
        });
        return n;
      }
      let state = 0;
      function Other() {
        const [n, setN] = useState(0);
        set = (next) => {
          state = next;
          setN(next);
        };
        return h("b", null, n);
      }
      const container = newContainer();
      dom.render([h(Loop), h(Other)], container);
      await settled();
      const seen = [reported.length, runs, container.querySelector("b")?.textContent === String(state)];
      set(7);
      await settled();
      return [...seen, container.querySelector("b")?.textContent];
    });
    assert.deepEqual(result, [1, 101, true, "7"]);
  });
});

describe("an error boundary whose onError throws", () => {
  it("has that reported, and the page goes on", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useErrorBoundary, useState } = jsx;
      reported.length = 0;
      const Broken = () => {
        useEffect(() => {
          throw new Error("effect");
        });
        return null;
      };
      const Boundary = () => {
        const [error] = useErrorBoundary(() => {
          throw new Error("onError");
        });
        return error === undefined ? h(Broken) : String(error);
      };
      let set = (_n: number) => {};
      const Other = () => {
        const [n, setN] = useState(0);
        set = setN;
        return n;
      };
      const container = newContainer();
      dom.render([h(Boundary), "|", h(Other)], container);
      await painted();
      await settled();
      set(1);
      await settled();
      return [container.textContent, reported];
    });
    assert.deepEqual(result, ["Error: effect|1", ["Error: onError"]]);
  });
});
