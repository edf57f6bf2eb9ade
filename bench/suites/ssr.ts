import assert from "node:assert/strict";
import { createElement } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { jsx as honoJSX } from "hono/jsx";
import { h as preactH } from "preact";
import { renderToString as preactRender } from "preact-render-to-string";
import { compare } from "../lib/compare.ts";
import { atLeast, type Result } from "../lib/result.ts";

// React chooses its build when it is loaded.
process.env.NODE_ENV = "production";
const { createElement: reactElement } = await import("react");
const { renderToString: reactRender } = await import("react-dom/server");

type Table = typeof import("./ssr/table.ts");

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

const contestants = {
  "by hand": writeByHand,
  miqro: () => renderToString(miqro() as never),
  preact: () => preactRender(preact() as never),
  "react-dom": () => reactRender(react() as never),
  "hono/jsx": () => String(hono()),
};

/** What browsers read of them must be the same, however each writes quotes. */
function normalize(html: string): string {
  return html
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&#x27;|&#39;|&#039;/g, "'")
    .replace(/&gt;/g, ">")
    .replace(/<!-- -->/g, "");
}

/** A table of 1,000 rows in nested components, with text and attributes to escape. */
export default async function* ssr(): AsyncGenerator<Result> {
  for (const [name, render] of Object.entries(contestants)) {
    assert.equal(normalize(render()), normalize(writeByHand()), name);
  }
  const comparison = compare(contestants, { slices: 120, sliceTime: 8 });
  const speed = (name: string) => comparison.speed("miqro", name);
  yield {
    title: "ssr: a table of 1,000 rows in nested components",
    note: `Medians of ${comparison.slices} interleaved slices of about 8 ms; production mode.`,
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
