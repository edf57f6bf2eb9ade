import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { JSXNode } from "@miqro/jsx";
import { createElement as h } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { build } from "esbuild";
import type { CDPSession } from "playwright-core";
import { openPage, type TestPage } from "./support/page.js";

declare global {
  /** The state of each component of a field, by the id of its field. */
  var states: Record<string, unknown>;
  /** Renders the component of a field again. */
  var refresh: Record<string, () => void>;
  /** Shows a field of the given props, whose state follows what `accept` makes of it. */
  var field: (
    id: string,
    tag: string,
    props: object,
    initial: unknown,
    accept: string,
    inside?: string[],
  ) => void;
  var heard: string[];
}

let opened: TestPage;
let session: CDPSession;
before(async () => {
  opened = await openPage();
  session = await opened.page.context().newCDPSession(opened.page);
  await opened.page.evaluate(() => {
    const { createElement: h, useRefresh, useState } = jsx;
    Object.assign(globalThis, { states: {}, refresh: {}, heard: [] });
    globalThis.field = (id, tag, props, initial, accept, inside = []) => {
      const take = new globalThis.Function("field", "state", `return ${accept}`);
      const prop = /checkbox|radio/.test((props as { type?: string }).type ?? "") ? "checked" : "value";
      function Field() {
        const [state, setState] = useState(initial);
        states[id] = state;
        refresh[id] = useRefresh();
        const onInput = ({ currentTarget }: Event) => {
          setState((before: unknown) => take(currentTarget, before));
          refresh[id]?.();
        };
        return h(
          tag,
          { id, ...props, [prop]: state, onInput },
          inside.map((value) => h("option", { key: value, value }, value)),
        );
      }
      dom.render(h(Field), newContainer());
    };
  });
});
after(() => opened.close());

interface Typing {
  readonly name: string;
  readonly tag?: string;
  readonly props?: object;
  readonly initial: unknown;
  /** What the handler makes of the field: an expression of `field` and `state`. */
  readonly accept: string;
  /** What is typed after all was selected; keys of `KeyboardEvent` in braces. */
  readonly typed: string;
  readonly shown: string;
  readonly state?: unknown;
}

const text = "field.value";
const number = "Number.isNaN(field.valueAsNumber) ? state : field.valueAsNumber";
const typings: readonly Typing[] = [
  { name: "text", initial: "", accept: text, typed: "a b", shown: "a b" },
  {
    name: "text that takes digits",
    initial: "",
    accept: "field.value.replace(/\\D/g, '')",
    typed: "1a2b",
    shown: "12",
  },
  { name: "text that refuses all", initial: "kept", accept: "state", typed: "x", shown: "kept" },
  { name: "text in capitals", initial: "", accept: "field.value.toUpperCase()", typed: "abc", shown: "ABC" },
  {
    name: "text with a limit",
    initial: "",
    accept: "field.value.slice(0, 3)",
    typed: "abcdef",
    shown: "abc",
  },
  {
    name: "text of a number",
    initial: 7,
    accept: "Number(field.value) || 0",
    typed: "12",
    shown: "12",
    state: 12,
  },
  {
    name: "number",
    props: { type: "number", step: "any" },
    initial: 7,
    accept: number,
    typed: "1.05",
    shown: "1.05",
    state: 1.05,
  },
  {
    name: "number, with zeros",
    props: { type: "number", step: "any" },
    initial: 7,
    accept: number,
    typed: "0.007",
    shown: "0.007",
    state: 0.007,
  },
  {
    name: "number, negative",
    props: { type: "number" },
    initial: 7,
    accept: "field.valueAsNumber",
    typed: "-40",
    shown: "-40",
    state: -40,
  },
  {
    name: "number, with an exponent",
    props: { type: "number", step: "any" },
    initial: 7,
    accept: "field.valueAsNumber",
    typed: "2e3",
    shown: "2e3",
    state: 2000,
  },
  {
    name: "number, in a state of text",
    props: { type: "number", step: "any" },
    initial: "7",
    accept: text,
    typed: "10.50",
    shown: "10.50",
  },
  {
    name: "number with a limit",
    props: { type: "number" },
    initial: 7,
    accept: "Math.min(field.valueAsNumber, 50)",
    typed: "99",
    shown: "50",
    state: 50,
  },
  {
    name: "number that is emptied",
    props: { type: "number" },
    initial: 7,
    accept: "Number(field.value)",
    typed: "{Backspace}",
    shown: "0",
    state: 0,
  },
  { name: "email", props: { type: "email" }, initial: "", accept: text, typed: "a@b.c", shown: "a@b.c" },
  { name: "url", props: { type: "url" }, initial: "", accept: text, typed: "http://a", shown: "http://a" },
  {
    name: "tel",
    props: { type: "tel" },
    initial: "",
    accept: "field.value.replace(/[^\\d+]/g, '')",
    typed: "+1 (2)",
    shown: "+12",
  },
  { name: "search", props: { type: "search" }, initial: "", accept: text, typed: "a b ", shown: "a b " },
  {
    name: "password",
    props: { type: "password" },
    initial: "",
    accept: text,
    typed: "secret",
    shown: "secret",
  },
  { name: "textarea", tag: "textarea", initial: "", accept: text, typed: "a{Enter}b", shown: "a\nb" },
  {
    name: "textarea that refuses lines",
    tag: "textarea",
    initial: "",
    accept: "field.value.replace(/\\n/g, '')",
    typed: "a{Enter}b",
    shown: "ab",
  },
];

describe("a controlled field that is typed into", () => {
  for (const [index, typing] of typings.entries()) {
    const { name, tag = "input", props = {}, initial, accept, typed, shown, state = shown } = typing;
    it(`shows what its component says: ${name}`, async () => {
      const { page } = opened;
      const id = `typed-${index}`;
      await page.evaluate(([id, tag, props, initial, accept]) => field(id, tag, props, initial, accept), [
        id,
        tag,
        props,
        initial,
        accept,
      ] as const);
      await page.locator(`#${id}`).selectText();
      for (const key of typed.match(/\{\w+\}|./gs) ?? [])
        await page.keyboard.press(key.replace(/^\{|\}$/g, ""));
      await page.waitForFunction(
        ([id, shown]) => (document.getElementById(id) as HTMLInputElement).value === shown,
        [id, shown] as const,
        { timeout: 3000 },
      );
      assert.equal(await page.evaluate((id) => states[id], id), state);
    });
  }
});

describe("a controlled field that gets its text in one piece", () => {
  const pieces: readonly [name: string, accept: string, shown: string][] = [
    ["keeps what is accepted", text, "1a2b"],
    ["shows what the state refused", "field.value.replace(/\\D/g, '')", "12"],
  ];
  for (const [index, [name, accept, shown]] of pieces.entries()) {
    for (const tag of ["input", "textarea"]) {
      const show = async (id: string) => {
        await opened.page.evaluate(([id, tag, accept]) => field(id, tag, {}, "", accept), [
          id,
          tag,
          accept,
        ] as const);
        await opened.page.focus(`#${id}`);
      };
      const check = async (id: string) => {
        await opened.page.waitForFunction(
          ([id, shown]) =>
            (document.getElementById(id) as HTMLInputElement).value === shown && states[id] === shown,
          [id, shown] as const,
          { timeout: 3000 },
        );
      };
      it(`${name}: pasted into ${tag}`, async () => {
        const id = `pasted-${tag}-${index}`;
        await show(id);
        await opened.page.evaluate(() => document.execCommand("insertText", false, "1a2b"));
        await check(id);
      });
      it(`${name}: dropped or inserted into ${tag}`, async () => {
        const id = `inserted-${tag}-${index}`;
        await show(id);
        await opened.page.keyboard.insertText("1a2b");
        await check(id);
      });
      it(`${name}: composed in ${tag}`, async () => {
        const id = `composed-${tag}-${index}`;
        await show(id);
        if (shown === "1a2b") {
          // Each step of a composition renders the component again, and none of them ends it.
          for (const part of ["に", "にほ", "にほん"]) {
            await session.send("Input.imeSetComposition", {
              text: part,
              selectionStart: part.length,
              selectionEnd: part.length,
            });
            assert.equal(await opened.page.inputValue(`#${id}`), part);
          }
          await session.send("Input.insertText", { text: "1a2b" });
        } else {
          // What is refused ends the composition, as it does in every library.
          await session.send("Input.imeSetComposition", { text: "1a2b", selectionStart: 4, selectionEnd: 4 });
        }
        await check(id);
      });
    }
  }

  it("goes on where the user was, as long as the state is what was typed", async () => {
    const { page } = opened;
    await page.evaluate(() => {
      field("caret", "input", {}, "ad", "field.value");
      field("lines", "textarea", {}, "a\r\nd", "field.value");
    });
    for (const [id, shown] of [
      ["caret", "abcd"],
      ["lines", "abc\nd"],
    ] as const) {
      await page.evaluate(
        (id) => (document.getElementById(id) as HTMLInputElement).setSelectionRange(1, 1),
        id,
      );
      await page.focus(`#${id}`);
      await page.keyboard.type("bc");
      assert.equal(await page.inputValue(`#${id}`), shown);
    }
  });
});

interface Choosing {
  readonly name: string;
  readonly tag?: string;
  readonly props?: object;
  readonly initial: unknown;
  readonly accept: string;
  readonly options?: string[];
  /** What the user does, as the browser does it. */
  readonly act: string;
  /** What the field then shows, an expression of `field`. */
  readonly show: string;
  readonly shown: unknown;
}

const selected = "[...field.selectedOptions].map((option) => option.value).join()";
const choose = (value: string) => `field.value = ${JSON.stringify(value)}; fire("input"); fire("change");`;
const choosings: readonly Choosing[] = [
  {
    name: "checkbox",
    props: { type: "checkbox" },
    initial: false,
    accept: "field.checked",
    act: "field.click()",
    show: "field.checked",
    shown: true,
  },
  {
    name: "checkbox that refuses",
    props: { type: "checkbox" },
    initial: true,
    accept: "state",
    act: "field.click()",
    show: "field.checked",
    shown: true,
  },
  {
    name: "radio button that refuses",
    props: { type: "radio" },
    initial: false,
    accept: "state",
    act: "field.click()",
    show: "field.checked",
    shown: false,
  },
  {
    name: "range",
    props: { type: "range" },
    initial: 10,
    accept: "field.valueAsNumber",
    act: choose("20"),
    show: "field.value",
    shown: "20",
  },
  {
    name: "range with steps",
    props: { type: "range" },
    initial: 10,
    accept: "Math.round(field.valueAsNumber / 25) * 25",
    act: choose("40"),
    show: "field.value",
    shown: "50",
  },
  {
    name: "color",
    props: { type: "color" },
    initial: "#FF8800",
    accept: "field.value",
    act: choose("#00ff00"),
    show: "field.value",
    shown: "#00ff00",
  },
  {
    name: "color that refuses",
    props: { type: "color" },
    initial: "#FF8800",
    accept: "state",
    act: choose("#00ff00"),
    show: "field.value",
    shown: "#ff8800",
  },
  {
    name: "date",
    props: { type: "date" },
    initial: "2024-05-31",
    accept: "field.value",
    act: choose("2025-01-01"),
    show: "field.value",
    shown: "2025-01-01",
  },
  {
    name: "date that refuses",
    props: { type: "date" },
    initial: "2024-05-31",
    accept: "state",
    act: choose("2025-01-01"),
    show: "field.value",
    shown: "2024-05-31",
  },
  {
    name: "time with seconds",
    props: { type: "time" },
    initial: "12:00:00",
    accept: "field.value",
    act: choose("13:30"),
    show: "field.value",
    shown: "13:30",
  },
  {
    name: "datetime-local that refuses",
    props: { type: "datetime-local" },
    initial: "2024-05-31T12:00:00",
    accept: "state",
    act: choose("2024-06-01T10:00"),
    show: "field.value",
    shown: "2024-05-31T12:00",
  },
  {
    name: "month",
    props: { type: "month" },
    initial: "2024-05",
    accept: "field.value",
    act: choose("2024-06"),
    show: "field.value",
    shown: "2024-06",
  },
  {
    name: "week",
    props: { type: "week" },
    initial: "2024-W05",
    accept: "field.value",
    act: choose("2024-W06"),
    show: "field.value",
    shown: "2024-W06",
  },
  {
    name: "select",
    tag: "select",
    initial: "b",
    options: ["a", "b", "c"],
    accept: "field.value",
    act: choose("c"),
    show: "field.value",
    shown: "c",
  },
  {
    name: "select that refuses",
    tag: "select",
    initial: "b",
    options: ["a", "b", "c"],
    accept: "state",
    act: choose("c"),
    show: "field.value",
    shown: "b",
  },
  {
    name: "select of numbers",
    tag: "select",
    initial: 2,
    options: ["1", "2"],
    accept: "Number(field.value)",
    act: choose("1"),
    show: "field.value",
    shown: "1",
  },
  {
    name: "select without such an option",
    tag: "select",
    initial: "z",
    options: ["a", "b"],
    accept: "state",
    act: choose("b"),
    show: "field.value",
    shown: "a",
  },
  {
    name: "select multiple",
    tag: "select",
    props: { multiple: true },
    initial: ["a", "c"],
    options: ["a", "b", "c"],
    accept: "[...field.selectedOptions].map((option) => option.value)",
    act: `field.options[1].selected = true; fire("input"); fire("change");`,
    show: selected,
    shown: "a,b,c",
  },
  {
    name: "select multiple that refuses",
    tag: "select",
    props: { multiple: true },
    initial: ["a", "c"],
    options: ["a", "b", "c"],
    accept: "state",
    act: `field.options[1].selected = true; fire("input"); fire("change");`,
    show: selected,
    shown: "a,c",
  },
  {
    name: "select multiple of numbers",
    tag: "select",
    props: { multiple: true },
    initial: [1, 3],
    options: ["1", "2", "3"],
    accept: "state",
    act: "",
    show: selected,
    shown: "1,3",
  },
];

describe("a controlled field that is chosen from", () => {
  for (const [index, choosing] of choosings.entries()) {
    const { name, tag = "input", props = {}, initial, options = [], accept, act, show, shown } = choosing;
    it(`shows what its component says: ${name}`, async () => {
      const seen = await opened.page.evaluate(
        async ([id, tag, props, initial, accept, options, act, show]) => {
          field(id, tag, props, initial, accept, [...options]);
          const element = document.getElementById(id) as HTMLInputElement;
          const fire = (type: string) => element.dispatchEvent(new Event(type, { bubbles: true }));
          new globalThis.Function("field", "fire", act)(element, fire);
          await settled();
          return new globalThis.Function("field", `return ${show}`)(element);
        },
        [`chosen-${index}`, tag, props, initial, accept, options, act, show] as const,
      );
      assert.equal(seen, shown);
    });
  }

  it("has the whole group of a radio button as the component says", async () => {
    const { page } = opened;
    await page.evaluate(() => {
      const { createElement: h, useState } = jsx;
      function Group() {
        const [chosen] = useState("a");
        const onChange = () => heard.push("radio");
        return ["a", "b"].map((value) =>
          h("input", {
            key: value,
            id: `radio-${value}`,
            type: "radio",
            name: "g",
            value,
            checked: value === chosen,
            onChange,
          }),
        );
      }
      dom.render(h(Group), newContainer());
    });
    await page.click("#radio-b");
    await page.waitForFunction("document.querySelector('#radio-a').checked");
    assert.equal(await page.isChecked("#radio-b"), false);
    assert.deepEqual(await page.evaluate("heard.splice(0)"), ["radio"]);
  });

  it("is right after a click that its handler cancels, and after a reset that a handler hears", async () => {
    const { page } = opened;
    await page.evaluate(() => {
      const { createElement: h, useState } = jsx;
      function Form() {
        const [on, setOn] = useState(false);
        const [name, setName] = useState("x");
        return h(
          "form",
          { id: "form", onReset: () => setName("y") },
          h("input", {
            id: "canceled",
            type: "checkbox",
            checked: on,
            onClick: (event: Event) => {
              event.preventDefault();
              setOn(true);
            },
          }),
          h("input", { id: "reset", value: name }),
          h("button", { type: "reset", id: "resets" }),
        );
      }
      dom.render(h(Form), newContainer());
    });
    await page.click("#canceled");
    await page.waitForFunction("document.querySelector('#canceled').checked");
    await page.click("#resets");
    await page.waitForFunction("document.querySelector('#reset').value === 'y'");
    assert.equal(await page.isChecked("#canceled"), true);
  });

  it("hears a handler of an element around it, after all of them", async () => {
    const { page } = opened;
    await page.evaluate(() => {
      const { createElement: h, useState } = jsx;
      function Form() {
        const [name, setName] = useState("");
        const onInput = ({ target }: Event) => setName((target as HTMLInputElement).value.toLowerCase());
        return h(
          "form",
          { onInput },
          h("input", { id: "around", value: name, onInput: () => heard.push("own") }),
        );
      }
      dom.render(h(Form), newContainer());
    });
    await page.locator("#around").pressSequentially("AbC");
    await page.waitForFunction("document.querySelector('#around').value === 'abc'");
    assert.equal(((await page.evaluate("heard.splice(0)")) as string[]).length, 3);
  });

  it("may wait with what is typed until it is left, where only that is heard", async () => {
    const { page } = opened;
    await page.evaluate(() => {
      const { createElement: h, useState } = jsx;
      function Field() {
        const [name, setName] = useState("");
        const onChange = ({ currentTarget }: Event) =>
          setName((currentTarget as HTMLInputElement).value.trim());
        return h("input", { id: "late", value: name, onChange, onKeyDown: () => {}, onClick: () => {} });
      }
      dom.render(h(Field), newContainer());
    });
    await page.click("#late");
    await page.locator("#late").pressSequentially(" ab ");
    await page.click("#late");
    assert.equal(await page.inputValue("#late"), " ab ");
    await page.locator("#late").blur();
    await page.waitForFunction("document.querySelector('#late').value === 'ab'");
  });
});

describe("a field and what it depends on", () => {
  it("meet when they come in one update, in whatever order", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      let set: (on: boolean) => void = () => {};
      const Options = ({ names }: { names: string[] }) =>
        names.map((name) => h("option", { key: name }, name));
      function Form() {
        const [on, setOn] = useState(false);
        set = setOn;
        return [
          h("select", { value: on ? "c" : "a" }, h(Options, { names: on ? ["a", "b", "c"] : ["a", "b"] })),
          h(
            "select",
            { multiple: on, value: on ? ["a", "b"] : "b" },
            h("option", null, "a"),
            h("option", null, "b"),
          ),
          h("input", { type: "range", value: on ? 150 : 50, max: on ? 200 : 100 }),
          h("input", { value: on ? "5" : "x", type: on ? "number" : "text" }),
          h("input", { type: "radio", name: on ? "p" : "q", checked: !on }),
          h("input", { type: "radio", name: "p", checked: on }),
          h("input", { type: "radio", name: on ? "q" : "p", checked: !on }),
        ];
      }
      const container = newContainer();
      dom.render(h(Form), container);
      const values = () =>
        [...container.querySelectorAll<HTMLInputElement | HTMLSelectElement>("select, input")].map(
          (field) => {
            if ("options" in field) return [...field.selectedOptions].map(({ value }) => value).join();
            return field.type === "radio" ? field.checked : field.value;
          },
        );
      const first = values();
      set(true);
      await settled();
      return [first, values()];
    });
    assert.deepEqual(seen, [
      ["a", "b", "50", "x", true, false, true],
      ["c", "a,b", "150", "5", false, true, false],
    ]);
  });

  it("begin as defaultValue says, of every kind, and are the user's", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const options = ["a", "b", "c"].map((name) => h("option", { key: name }, name));
      const view = (title: number) => [
        h("input", { title, defaultValue: "x" }),
        h("textarea", { title, defaultValue: "y" }),
        h("select", { title, defaultValue: "b" }, options),
        h("select", { title, multiple: true, defaultValue: ["a", "c"] }, options),
        h("textarea", { title, defaultValue: "no", value: "z" }),
        h("select", { title, defaultValue: "a", value: "c" }, options),
      ];
      dom.render(view(0), container);
      const fields = [...container.children] as (HTMLInputElement & HTMLSelectElement)[];
      const values = () =>
        fields.map((field) =>
          field.options ? [...field.selectedOptions].map(({ value }) => value).join() : field.value,
        );
      const first = values();
      for (const [index, value] of ["1", "2", "c", "b"].entries())
        (fields[index] as HTMLInputElement).value = value;
      dom.render(view(1), container);
      return [first, values(), fields.map((field) => field.hasAttribute("value"))];
    });
    assert.deepEqual(seen, [
      ["x", "y", "b", "a,c", "z", "c"],
      ["1", "2", "c", "b", "z", "c"],
      [true, false, false, false, false, false],
    ]);
  });
});

const untouched: readonly [name: string, tag: string, props: Record<string, unknown>, options?: string[]][] =
  [
    ["text", "input", { value: "x" }],
    ["text with a line break", "input", { value: "a\nb" }],
    ["number of a number", "input", { type: "number", value: 1.5 }],
    ["number with zeros", "input", { type: "number", value: "1.50" }],
    ["number that is none", "input", { type: "number", value: "abc" }],
    ["email with spaces", "input", { type: "email", value: " a@b.c " }],
    ["url with spaces", "input", { type: "url", value: " http://a " }],
    ["range outside of its limits", "input", { type: "range", value: 500, max: 100 }],
    ["range with a minimum", "input", { type: "range", min: 20, value: 13 }],
    ["range of nothing", "input", { type: "range", value: "" }],
    ["color in capitals", "input", { type: "color", value: "#FF8800" }],
    ["color by its name", "input", { type: "color", value: "red" }],
    ["date that is none", "input", { type: "date", value: "yesterday" }],
    ["datetime-local with seconds", "input", { type: "datetime-local", value: "2024-05-31T12:00:00" }],
    ["datetime-local with a space", "input", { type: "datetime-local", value: "2024-05-31 12:00" }],
    ["time with seconds", "input", { type: "time", value: "12:00:00" }],
    ["month", "input", { type: "month", value: "2024-05" }],
    ["week", "input", { type: "week", value: "2024-W05" }],
    ["hidden", "input", { type: "hidden", value: " a b " }],
    ["textarea with CRLF", "textarea", { value: "one\r\ntwo" }],
    ["textarea with a line break first", "textarea", { value: "\ntwo" }],
    ["checkbox", "input", { type: "checkbox", checked: true, value: 5 }],
    ["radio button", "input", { type: "radio", checked: true, value: 5 }],
    ["select", "select", { value: "b" }, ["a", "b"]],
    ["select of an unknown option", "select", { value: "z" }, ["a", "b"]],
    ["select of a number", "select", { value: 2 }, ["1", "2"]],
    ["select of two equal options", "select", { value: "a" }, ["a", "a"]],
  ];

describe("hydrate", () => {
  it("fires nothing at fields that nobody touched", async () => {
    const source = (h: typeof import("@miqro/jsx").createElement, onInput: (event: Event) => void): JSXNode =>
      untouched.map(([name, tag, props, options = []]) =>
        h(
          tag,
          { key: name, ...props, name, onInput, onChange: onInput },
          ...options.map((text) => h("option", null, text)),
        ),
      );
    const html = renderToString(source(h, () => {}));
    const result = await opened.page.evaluate(
      async ([html, untouched]) => {
        const { createElement: h } = jsx;
        const main = newContainer();
        main.innerHTML = html;
        const fired: string[] = [];
        const onInput = ({ target }: Event) => fired.push((target as HTMLInputElement).name);
        const view = untouched.map(([name, tag, props, options = []]) =>
          h(
            tag,
            { key: name, ...props, name, onInput, onChange: onInput },
            ...options.map((text) => h("option", null, text)),
          ),
        );
        const fields = [...main.children] as HTMLInputElement[];
        const before = fields.map((field) => field.value);
        dom.hydrate(view, main);
        await settled();
        const fresh = newContainer();
        dom.render(view, fresh);
        const rendered = ([...fresh.children] as HTMLInputElement[]).map((field) => field.value);
        main.remove();
        return { fired, before, after: fields.map((field) => field.value), rendered };
      },
      [html, untouched] as const,
    );
    assert.deepEqual(result.fired, []);
    assert.deepEqual(result.after, result.before);
    assert.deepEqual(result.rendered, result.before);
  });

  it("puts right what the component says otherwise, and keeps and tells what the user did", async () => {
    const fields: readonly [
      tag: string,
      props: Record<string, unknown>,
      server: unknown,
      page: unknown,
      act: string,
      shown: unknown,
    ][] = [
      ["input", {}, "a", "b", "", "b"],
      ["input", {}, "a", "b", "field.value = 'typed'", "typed"],
      ["input", {}, "a", "a", "field.value = 'typed'", "typed"],
      ["input", { type: "number" }, 1, 1, "field.value = '1.0'", "1.0"],
      ["textarea", {}, "a\r\n", "a\r\n", "field.value = 'typed'", "typed"],
      ["input", { type: "color" }, "#FF0000", "#FF0000", "field.value = '#00ff00'", "#00ff00"],
      ["input", { type: "checkbox" }, true, true, "field.checked = false", false],
      ["input", { type: "checkbox" }, true, false, "", false],
      ["select", {}, "b", "b", "field.value = 'a'", "a"],
      ["select", {}, "b", "a", "", "a"],
    ];
    const prop = (props: { type?: string }) => (props.type === "checkbox" ? "checked" : "value");
    const options = (tag: string) =>
      tag === "select" ? ["a", "b"].map((text) => h("option", { key: text }, text)) : undefined;
    const html = renderToString(
      fields.map(([tag, props, server]) => h(tag, { ...props, [prop(props)]: server }, options(tag))),
    );
    const seen = await opened.page.evaluate(
      async ([html, fields]) => {
        const { createElement: h, useState } = jsx;
        const main = newContainer();
        main.innerHTML = html;
        const told: number[] = [];
        const elements = [...main.children] as HTMLInputElement[];
        for (const [index, [, , , , act]] of fields.entries()) {
          new globalThis.Function("field", act)(elements[index]);
        }
        const Field = ({ index }: { index: number }) => {
          const [tag, props, , page] = fields[index] as (typeof fields)[number];
          const name = (props as { type?: string }).type === "checkbox" ? "checked" : "value";
          const [state, setState] = useState(page);
          const onInput = ({ currentTarget }: Event) => {
            told.push(index);
            setState((currentTarget as never as Record<string, unknown>)[name]);
          };
          const inside =
            tag === "select" ? ["a", "b"].map((text) => h("option", { key: text }, text)) : undefined;
          return h(tag, { ...props, [name]: state, onInput }, inside);
        };
        const warn = console.warn;
        console.warn = () => {};
        dom.hydrate(
          fields.map((_, index) => h(Field, { key: index, index })),
          main,
        );
        await settled();
        console.warn = warn;
        const shown = elements.map((field) => (field.type === "checkbox" ? field.checked : field.value));
        main.remove();
        return { shown, told };
      },
      [html, fields] as const,
    );
    assert.deepEqual(
      seen.shown,
      fields.map(([, , , , , shown]) => shown),
    );
    assert.deepEqual(seen.told, [1, 2, 3, 4, 5, 6, 8]);
  });
});

describe("a page that the browser went back to", () => {
  it("tells its components what the browser brought back, and nothing else", async () => {
    const view = (create: typeof h) => [
      create("input", { key: 1, name: "text", value: "a" }),
      create("textarea", { key: 2, name: "area", value: "b" }),
      create("input", { key: 3, name: "box", type: "checkbox", checked: false }),
      create(
        "select",
        { key: 4, name: "select", value: "1" },
        create("option", null, "1"),
        create("option", null, "2"),
      ),
      create("input", { key: 5, name: "untouched", type: "color", value: "#ABCDEF" }),
    ];
    const bundle = await build({
      stdin: {
        contents: `import { createElement as h, useState } from "@miqro/jsx";
          import { hydrate } from "@miqro/jsx-dom";
          const told = [];
          const view = ${view.toString()};
          const create = (type, props, ...children) => h(Field, { ...props, type, given: props, children });
          function Field({ type, given, children }) {
            const prop = "checked" in given ? "checked" : "value";
            const [state, setState] = useState(given[prop]);
            const onInput = ({ target }) => { told.push(target.name); setState(target[prop]); };
            return type === "option" ? h(type, given, children) : h(type, { ...given, [prop]: state, onInput }, children);
          }
          hydrate(view((type, props, ...children) => type === "option" ? h(type, props, ...children) : create(type, props, ...children)), document.forms[0]);
          addEventListener("pageshow", () => setTimeout(() => { document.title = "told:" + told.join(); }));`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      format: "esm",
      conditions: ["development"],
    });
    const server = createServer((req, res) => {
      res.setHeader("content-type", "text/html; charset=utf-8");
      if (req.url !== "/form") res.end("<!doctype html><title>other</title>");
      else
        res.end(
          `<!doctype html><title>form</title><form>${renderToString(view(h))}</form><script type="module">${bundle.outputFiles[0]?.text}</script>`,
        );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const page = await opened.page.context().browser()?.newPage();
    assert.ok(page);
    try {
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await page.goto(`${origin}/form`);
      await page.waitForFunction("document.title === 'told:'");
      await page.fill("[name=text]", "typed");
      await page.fill("[name=area]", "typed too");
      await page.check("[name=box]");
      await page.selectOption("select", "2");
      await page.goto(`${origin}/other`);
      await page.goBack();
      await page.waitForFunction("document.title.startsWith('told:')");
      assert.equal(await page.title(), "told:text,area,box,select");
      const shown = await page.evaluate(() =>
        [...(document.forms[0] as HTMLFormElement).elements].map((field) =>
          (field as HTMLInputElement).type === "checkbox"
            ? (field as HTMLInputElement).checked
            : (field as HTMLInputElement).value,
        ),
      );
      assert.deepEqual(shown, ["typed", "typed too", true, "2", "#abcdef"]);
    } finally {
      await page.close();
      server.close();
    }
  });
});
