import assert from "node:assert/strict";
import { createElement } from "@miqro/jsx";
import * as miqroRuntime from "@miqro/jsx/jsx-runtime";
import { renderToString } from "@miqro/jsx-node";
import { jsx as honoJSX } from "hono/jsx";
import { h as preactH } from "preact";
import * as preactRuntime from "preact/jsx-runtime";
import { renderToString as preactRender } from "preact-render-to-string";
import { compare } from "../lib/compare.ts";
import { atLeast, type Result } from "../lib/result.ts";

// React chooses its build when it is loaded.
process.env.NODE_ENV = "production";
const { createElement: reactElement } = await import("react");
const { renderToString: reactRender } = await import("react-dom/server");
const reactRuntime = await import("react/jsx-runtime");

type Table = typeof import("./ssr/table.ts");
type Orders = typeof import("./ssr/orders.ts");

// Each has a copy of the components of its own, as a program with one library has: what the engine learns of the
// factory of one must not be unlearned by the next.
async function pageOf(name: string, factory: unknown): Promise<() => unknown> {
  const { createPage } = (await import(`./ssr/table.ts?${name}`)) as Table;
  return createPage(factory);
}

const { writeByHand } = (await import("./ssr/table.ts")) as Table;
const miqro = await pageOf("miqro", createElement);
const preact = await pageOf("preact", preactH);
const react = await pageOf("react", reactElement);
const hono = await pageOf("hono", honoJSX);

async function ordersOf(name: string, factories: { jsx: unknown; jsxs: unknown }) {
  const { createPage } = (await import(`./ssr/orders.ts?${name}`)) as Orders;
  return createPage(factories);
}

const orders = (await import("./ssr/orders.ts")) as Orders;
const miqroOrders = await ordersOf("miqro", miqroRuntime);
const preactOrders = await ordersOf("preact", preactRuntime);
const reactOrders = await ordersOf("react", reactRuntime);
const { jsx, jsxTemplate, jsxAttr, jsxEscape } = preactRuntime as unknown as Record<string, never>;
const precompiledOrders = orders.createPrecompiledPage(
  jsx as never,
  jsxTemplate as never,
  jsxAttr as never,
  jsxEscape as never,
);

const contestants: Readonly<Record<string, () => string>> = {
  "by hand": writeByHand,
  miqro: () => renderToString(miqro() as never),
  preact: () => preactRender(preact() as never),
  "react-dom": () => reactRender(react() as never),
  "hono/jsx": () => String(hono()),
};

/**
 * What a server does next: it asks for the length. V8 joins strings only when they are read, so a page that nobody reads
 * is not made yet.
 */
function measured(renders: Readonly<Record<string, () => string>>): Record<string, () => number> {
  return Object.fromEntries(
    Object.entries(renders).map(([name, render]) => [name, () => Buffer.byteLength(render())]),
  );
}

/** What browsers read of them must be the same, however each writes quotes. */
function normalize(html: string): string {
  return html
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&#x27;|&#39;|&#039;/g, "'")
    .replace(/&gt;/g, ">")
    .replace(/<!-- -->/g, "");
}

/** A table of 1,000 rows in nested components, and pages of orders, with text and attributes to escape. */
export default async function* ssr(): AsyncGenerator<Result> {
  yield table();
  for (const count of [10, 100, 1000]) yield page(count);
}

/** A page with a component for each cell, made by the automatic transform: 54 elements to 5,004. */
function page(count: number): Result {
  const rows = orders.createOrders(count);
  const pages: Readonly<Record<string, () => string>> = {
    "by hand": () => orders.writeByHand(rows),
    miqro: () => renderToString(miqroOrders(rows) as never),
    "preact, precompiled": () => preactRender(precompiledOrders(rows) as never),
    preact: () => preactRender(preactOrders(rows) as never),
    "react-dom": () => reactRender(reactOrders(rows) as never),
  };
  const expected = normalize(pages["by hand"]());
  for (const [name, render] of Object.entries(pages)) {
    assert.equal(normalize(render()).replaceAll('className="', 'class="'), expected, name);
  }
  const comparison = compare(measured(pages), { slices: 100, sliceTime: count === 1000 ? 8 : 3 });
  return {
    title: `ssr: a page of ${count} orders, a component for each cell`,
    note: `Medians of ${comparison.slices} interleaved slices; production mode. Each page is read once, for its length in bytes.`,
    columns: ["", "time", "speed by hand = 1"],
    rows: comparison.names.map((name) => [
      name,
      `${(comparison.time(name) / 1e6).toFixed(3)} ms`,
      comparison.speed(name, "by hand").toFixed(2),
    ]),
    targets: [
      atLeast("speed as a part of string concatenation's", 0.45, comparison.speed("miqro", "by hand")),
      atLeast(
        "speed as a multiple of precompiled preact's",
        1,
        comparison.speed("miqro", "preact, precompiled"),
      ),
    ],
  };
}

function table(): Result {
  for (const [name, render] of Object.entries(contestants)) {
    assert.equal(normalize(render()), normalize(writeByHand()), name);
  }
  const comparison = compare(measured(contestants), { slices: 120, sliceTime: 8 });
  const speed = (name: string) => comparison.speed("miqro", name);
  return {
    title: "ssr: a table of 1,000 rows in nested components",
    note: `Medians of ${comparison.slices} interleaved slices of about 8 ms; production mode. Each page is read once, for its length in bytes.`,
    columns: ["", "time", "speed by hand = 1", "speed preact = 1"],
    rows: comparison.names.map((name) => [
      name,
      `${(comparison.time(name) / 1e6).toFixed(2)} ms`,
      comparison.speed(name, "by hand").toFixed(2),
      comparison.speed(name, "preact").toFixed(2),
    ]),
    targets: [
      atLeast("speed as a multiple of preact-render-to-string's", 1.7, speed("preact")),
      atLeast("speed as a part of string concatenation's", 0.36, speed("by hand")),
      atLeast("speed as a multiple of react-dom/server's", 2, speed("react-dom")),
      atLeast("speed as a multiple of hono/jsx's", 2, speed("hono/jsx")),
    ],
  };
}
