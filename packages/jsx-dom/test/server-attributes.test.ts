import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

/** All properties that can be set of all elements, by tag; markup and styles are for tests of their own. */
function listProps(): (readonly [tag: string, prop: string])[] {
  const tags =
    "a area audio base blockquote button canvas col data details dialog div fieldset form iframe img input ins label li link map meta meter object ol optgroup option output p param progress q script select slot source style svg table td template textarea th time track ul video x-unknown";
  const others = [
    "aria-label",
    "data-a",
    "is-x",
    "class",
    "for",
    "tabindex",
    "viewBox",
    "xlink:href",
    "part",
    "nonce",
  ];
  const left =
    /^on|HTML$|^(?:textContent|innerText|outerText|nodeValue|text|style|srcObject|popoverTargetElement)$/;
  return tags.split(" ").flatMap((tag) => {
    const names = new Set(others);
    const element = document.createElement(tag);
    for (let at = Object.getPrototypeOf(element); at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const [name, { set }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (set !== undefined && !left.test(name)) names.add(name);
      }
    }
    return [...names].map((name) => [tag, name] as const);
  });
}

type Case = readonly [tag: string, prop: string, value: unknown, html: string];

/** The props of which a parsed element has other attributes than a rendered one. */
function findDiffering(cases: readonly Case[]): string[] {
  const attributesOf = (element: Element) =>
    JSON.stringify([...element.attributes].map(({ name, value }) => [name.toLowerCase(), value]).sort());
  const around: Record<string, string> = { td: "<table><tr>", th: "<table><tr>", col: "<table><colgroup>" };
  return cases.flatMap(([tag, prop, value, html]) => {
    const template = document.createElement("template");
    template.innerHTML = (around[tag] ?? "") + html;
    const container = document.createElement("div");
    dom.render(jsx.createElement(tag, { [prop]: value }), container);
    const [written, rendered] = [template.content.querySelector(tag), container.firstElementChild];
    if (written === null || rendered === null) return [`${tag} is not there`];
    if (attributesOf(written) === attributesOf(rendered)) return [];
    return [`${prop}=${JSON.stringify(value)}`];
  });
}

describe("attributes", () => {
  it("are the same from a server and from a page, for every property that the browser knows", async () => {
    const props = await opened.page.evaluate(listProps);
    assert.ok(props.length > 3000, `${props.length} props`);
    const values = ["x", "", 3, 0, true, false, null];
    const cases: Case[] = props.flatMap(([tag, prop]) =>
      values.map((value) => [tag, prop, value, renderToString(h(tag, { [prop]: value }))] as const),
    );
    const differing = new Set(await opened.page.evaluate(findDiffering, cases));
    // What changes with the user is a property in a page, and an attribute in HTML.
    const live = ["checked", "muted", "selected", "value"];
    const wrong = [...differing].filter((name) => !live.includes(name.replace(/=.*/, "")));
    assert.deepEqual(wrong, []);
  });
});
