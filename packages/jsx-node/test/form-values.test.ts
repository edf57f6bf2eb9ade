import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h, type JSXNode, type VNode } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, Page } from "playwright-core";

const options = (...values: string[]) => values.map((value) => h("option", { value }, `option ${value}`));

/** A field, and what a browser says that it holds: its value, its selected options, or whether it is checked. */
const fields: readonly (readonly [field: VNode, held: unknown])[] = [
  [h("textarea", { value: "v" }), "v"],
  [h("textarea", { defaultValue: "d" }), "d"],
  [h("textarea", { defaultValue: "\n<d>\n" }), "\n<d>\n"],
  [h("textarea", { value: "v", defaultValue: "d" }), "v"],
  [h("textarea", { defaultValue: "d", value: "" }), ""],
  [h("textarea", { value: null, defaultValue: "d" }), "d"],
  [h("textarea", { value: 0 }), "0"],
  [h("textarea", null, "child"), "child"],
  [h("input", { value: "v", defaultValue: "d" }), "v"],
  [h("input", { defaultValue: "d", value: "v" }), "v"],
  [h("input", { value: undefined, defaultValue: "d" }), "d"],
  [h("input", { defaultValue: "d", value: undefined }), "d"],
  [h("input", { defaultValue: "d", value: null }), "d"],
  [h("input", { defaultValue: "d", value: 0 }), "0"],
  [h("input", { defaultValue: 5 }), "5"],
  [h("input", { type: "checkbox", defaultChecked: true, checked: undefined }), true],
  [h("input", { type: "checkbox", defaultChecked: true, checked: null }), true],
  [h("textarea", { defaultValue: "d", value: undefined }), "d"],
  [h("select", { defaultValue: "b", value: undefined }, options("a", "b")), ["b"]],
  [h("select", null, options("a"), h("option", { defaultSelected: true, selected: undefined }, "z")), ["z"]],
  [h("input", { type: "checkbox", checked: false, defaultChecked: true }), false],
  [h("input", { type: "checkbox", defaultChecked: true, checked: false }), false],
  [h("input", { type: "checkbox", defaultChecked: true }), true],
  [h("select", { value: "b" }, options("a", "b", "c")), ["b"]],
  [h("select", { defaultValue: "b" }, options("a", "b", "c")), ["b"]],
  [h("select", { value: "c", defaultValue: "b" }, options("a", "b", "c")), ["c"]],
  [h("select", { defaultValue: "b", value: null }, options("a", "b", "c")), ["b"]],
  [h("select", { value: 2 }, options("1", "2")), ["2"]],
  [h("select", { value: "none" }, options("a", "b")), ["a"]],
  [h("select", { value: "b" }, h("optgroup", { label: "g" }, options("a", "b"))), ["b"]],
  [h("select", { value: "x y" }, h("option", null, "a"), h("option", null, "  x\n", [" ", "y "])), ["x y"]],
  // The first of two with one value, whatever the options themselves say.
  [h("select", { value: "b" }, options("a", "b", "b")), ["b"]],
  [h("select", { value: "a" }, h("option", null, "a"), h("option", { selected: true }, "b")), ["a"]],
  [h("select", null, h("option", null, "a"), h("option", { selected: true }, "b")), ["b"]],
  [h("select", { multiple: true, value: ["a", "c"] }, options("a", "b", "c")), ["a", "c"]],
  [h("select", { value: ["a", "c"], multiple: true }, options("a", "b", "c")), ["a", "c"]],
  [h("select", { multiple: true, defaultValue: ["b", "c"] }, options("a", "b", "c")), ["b", "c"]],
  [h("select", { multiple: "", value: [1, 3] }, options("1", "2", "3")), ["1", "3"]],
  [h("select", { multiple: true, value: [] }, h("option", { selected: true }, "a")), []],
  [h("select", { multiple: true, value: ["none"] }, options("a", "b")), []],
  [h("select", { multiple: true, value: "b" }, options("a", "b")), ["b"]],
  [h("select", { multiple: true, value: [null, undefined, "b"] }, options("null", "b")), ["b"]],
  [
    h(
      "select",
      { multiple: true },
      h("option", { selected: true }, "a"),
      h("option", { selected: true }, "b"),
    ),
    ["a", "b"],
  ],
  [h("select", { multiple: false, value: ["a"] }, options("b", "a")), ["a"]],
];

describe("form fields in a browser", () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
  });
  after(() => browser.close());

  for (const [field, held] of fields) {
    const html = renderToString(field);
    it(`hold what their props say: ${html}`, async () => {
      await page.setContent(`<!doctype html><body>${html}`);
      const seen = await page.evaluate(`(() => {
        const field = document.querySelector("input, select, textarea");
        if (field.type === "checkbox") return field.checked;
        return field.localName === "select" ? [...field.selectedOptions].map((option) => option.value) : field.value;
      })()`);
      assert.deepEqual(seen, held);
      assert.doesNotMatch(html, /default|<select[^>]* value/i);
      const selected = html.match(/ selected/g)?.length ?? 0;
      if (/^<select>/.test(html)) assert.ok(selected <= 1, html);
    });
  }

  it("do not choose options of a template within a select", () => {
    const node: JSXNode = h(
      "select",
      { value: "a" },
      h("template", null, h("option", null, "a")),
      h("option", null, "a"),
    );
    assert.equal(
      renderToString(node),
      "<select><template><option>a</option></template><option selected>a</option></select>",
    );
  });
});
