import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { createElement as h } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

/** What a server writes of each style, as the page's parser reads it. */
const written = (styles: readonly object[]) => styles.map((style) => renderToString(h("p", { style })));

/** What the page shows of each style: parsed from a server, hydrated from that, rendered, and changed to from another. */
function show([styles, html]: readonly [readonly object[], readonly string[]]): string[][] {
  const { createElement: h } = jsx;
  const container = newContainer();
  // A priority changes the order in which they are written.
  const cssOf = ({ firstChild }: Element) =>
    [...(firstChild as HTMLElement).style.cssText.split(/(?<=;) /)].sort().join(" ");
  const warn = console.warn;
  console.warn = () => {};
  const result = styles.map((style, index) => {
    const seen: string[] = [];
    const other = document.createElement("div");
    other.innerHTML = html[index] as string;
    seen.push(cssOf(other));
    dom.hydrate(h("p", { style }), other);
    seen.push(cssOf(other));
    dom.render(h("p", { style, key: index }), container);
    seen.push(cssOf(container));
    dom.render(h("p", { style: { "--before": 1 }, key: index }), container);
    dom.render(h("p", { style, key: index }), container);
    seen.push(cssOf(container));
    return seen;
  });
  console.warn = warn;
  container.remove();
  return result;
}

describe("a style object", () => {
  it("means the same to a server and to a page: every property that the browser knows, with a number", async () => {
    const names = await opened.page.evaluate(() =>
      Object.keys(document.body.style).filter(
        (name) => /^[a-z]/i.test(name) && !/^css(?:Text|Float)$/.test(name),
      ),
    );
    assert.ok(names.length > 500, `${names.length} properties`);
    for (const value of [1, 3, 0, 0.5, -2]) {
      const styles = names.map((name) => ({ [name]: value }));
      const shown = await opened.page.evaluate(show, [styles, written(styles)] as const);
      const differing = shown.flatMap((texts, index) => {
        // The browser writes one 0 as 0 and another one as 0px.
        const meanings = new Set(texts.map((text) => text.replace(/ 0;$/, " 0px;")));
        return meanings.size > 1 ? [`${names[index]}: ${texts.join(" | ")}`] : [];
      });
      assert.deepEqual(differing, [], `for ${value}`);
    }
  });

  it("adds a unit where the property takes no number, in the minified files as well", async () => {
    const names = await opened.page.evaluate(() =>
      Object.keys(document.body.style).filter(
        (name) => /^[a-z]/i.test(name) && !/^css(?:Text|Float)$/.test(name),
      ),
    );
    const file = await readFile(new URL("../../jsx/dist/browser/index.js", import.meta.url), "utf8");
    const [wrong, differing] = await opened.page.evaluate(
      async ([names, file]) => {
        const minified: typeof jsx = await import(
          URL.createObjectURL(new Blob([file], { type: "text/javascript" }))
        );
        const wrong = names.filter((name) => {
          const property = jsx.toStyleName(name);
          const [plain, length] = ["3", "3px"].map((text) => CSS.supports(property, text));
          const text = jsx.toStyleValue(name, 3);
          return (plain || length) && !CSS.supports(property, text);
        });
        const differing = names.filter((name) => {
          const texts = [jsx, minified].map(({ toStyleValue }) => toStyleValue(name, 3));
          return texts[0] !== texts[1] && CSS.supports(jsx.toStyleName(name), "3px");
        });
        return [wrong, differing];
      },
      [names, file] as const,
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(differing, []);
  });

  it("means the same with priorities, custom properties, prefixes and values that are left out", async () => {
    const styles: readonly Record<string, unknown>[] = [
      { color: "rgb(200, 0, 0) !important" },
      { color: "blue!important", width: "3px ! IMPORTANT" },
      { "--x": "1 !important", "--Y": "a" },
      { "--empty": "", "--number": 5 },
      { WebkitLineClamp: 3, webkitLineClamp: 3 },
      { WebkitTextFillColor: "red", MozAppearance: "none", msTransform: "none" },
      { fontWeight: "bold", "font-size": 12, lineHeight: 1.5 },
      { gridAutoRows: 10, gridRow: 2, gridColumnGap: 3 },
      { width: null, height: undefined, top: false, left: true, color: "red" },
      { content: '"a;b"', background: "url(data:image/png;base64,AAAA)" },
      { color: "red; top: 1px", width: 1 },
      { margin: "0 auto", flex: "1 1 0", animation: "none", transition: "none" },
      {},
    ];
    const shown = await opened.page.evaluate(show, [styles, written(styles)] as const);
    const differing = shown.flatMap((texts, index) =>
      new Set(texts).size > 1 ? [`${JSON.stringify(styles[index])}: ${texts.join(" | ")}`] : [],
    );
    assert.deepEqual(differing, []);
    assert.equal(shown[0]?.[2], "color: rgb(200, 0, 0) !important;");
    assert.equal(shown[1]?.[3], "color: blue !important; width: 3px !important;");
  });

  it("loses a priority when its value does", async () => {
    const texts = await opened.page.evaluate(() => {
      const container = newContainer();
      return ["red !important", "red", "blue !important", undefined].map((color) => {
        dom.render(jsx.createElement("p", { style: { color } }), container);
        return (container.firstChild as HTMLElement).style.cssText;
      });
    });
    assert.deepEqual(texts, ["color: red !important;", "color: red;", "color: blue !important;", ""]);
  });
});
