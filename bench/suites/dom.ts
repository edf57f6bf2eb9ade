import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, Page } from "playwright-core";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";
import { operations } from "./dom/app.ts";

const rounds = 25;
const libraries = {
  miqro: `import { createElement } from "@miqro/jsx"; import { render } from "@miqro/jsx-dom";
    export const contestant = () => createContestant(createElement, render);`,
  preact: `import { h, render } from "preact";
    export const contestant = () => createContestant(h, render);`,
} as const;

type Library = keyof typeof libraries;

/** Runs in a page, where the contestants are globals. */
declare const contestants: Record<string, import("./dom/page.ts").Contestant>;

/** What web components cost: their bytes, and their time in a real browser. */
export default async function* dom(): AsyncGenerator<Result> {
  yield await size();
  const browser = await launchChromium();
  try {
    yield await speed(browser);
    yield await memory(browser);
  } finally {
    await browser.close();
  }
}

async function bundle(contents: string, options: BuildOptions = {}): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    ...options,
  });
  return result.outputFiles?.[0]?.text ?? "";
}

async function size(): Promise<Result> {
  const counter = (h: string) => `function Counter() {
    const [n, setN] = useState(0);
    return ${h}("button", { onClick: () => setN(n + 1) }, "count: ", n);
  }`;
  const sources = {
    miqro: `import JSX, { useState } from "@miqro/jsx"; import { define } from "@miqro/jsx-dom";
      ${counter("JSX.createElement")}
      define("my-counter", Counter, { observedAttributes: ["initial"], shadowInit: false });`,
    preact: `import { h } from "preact"; import { useState } from "preact/hooks";
      import register from "preact-custom-element";
      ${counter("h")}
      register(Counter, "my-counter", ["initial"], { shadow: false });`,
  };
  const sizes: [string, number, number][] = [];
  for (const [name, source] of Object.entries(sources)) {
    const code = await bundle(source);
    sizes.push([name, code.length, gzipSync(code, { level: 9 }).length]);
  }
  const gzipped = Object.fromEntries(sizes.map(([name, , bytes]) => [name, bytes / 1000]));
  return {
    title: "dom: a counter in a web component",
    note: "Bundled and minified by esbuild, compressed by gzip.",
    columns: ["", "minified", "compressed"],
    rows: sizes.map(([name, bytes, zipped]) => [name, `${bytes} B`, `${zipped} B`]),
    targets: [
      atMost("compressed size", 5.5, gzipped.miqro ?? Number.NaN, " kB"),
      atMost(
        "as a part of preact's with hooks and preact-custom-element",
        1,
        (gzipped.miqro ?? Number.NaN) / (gzipped.preact ?? 1),
      ),
    ],
  };
}

async function openPage(browser: Browser, names: readonly Library[]): Promise<Page> {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>bench</title><body></body>");
  for (const name of names) {
    const contents = `import { createContestant } from "./dom/page.ts"; ${libraries[name]}
      (globalThis.contestants ??= {}).${name} = contestant();`;
    await page.addScriptTag({ content: await bundle(contents, { format: "iife" }) });
  }
  return page;
}

async function speed(browser: Browser): Promise<Result> {
  const page = await openPage(browser, ["miqro", "preact"]);
  const rows: string[][] = [];
  const ratios: number[] = [];
  for (const name of Object.keys(operations)) {
    const times = await page.evaluate(
      ([operation, count]) => {
        const pairs: [number, number][] = [];
        for (let round = -5; round < count; round++) {
          const order = round % 2 === 0 ? ["miqro", "preact"] : ["preact", "miqro"];
          const time: Record<string, number> = {};
          for (const library of order) time[library] = contestants[library]?.measure(operation) ?? 0;
          if (round >= 0) pairs.push([time.miqro ?? 0, time.preact ?? 0]);
        }
        return pairs;
      },
      [name, rounds] as const,
    );
    const ratio = median(times.map(([own, other]) => own / other));
    ratios.push(ratio);
    const time = (index: 0 | 1) => `${median(times.map((pair) => pair[index])).toFixed(2)} ms`;
    rows.push([name, time(0), time(1), ratio.toFixed(2)]);
  }
  await page.close();
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  rows.push(["geometric mean", "", "", mean.toFixed(2)]);
  return {
    title: "dom: the operations of js-framework-benchmark, keyed",
    note: `In Chromium, with the layout that follows; medians of ${rounds} interleaved pairs.`,
    columns: ["", "miqro", "preact", "time preact = 1"],
    rows,
    targets: [atMost("time as a part of preact's, geometric mean", 1, mean)],
  };
}

async function memory(browser: Browser): Promise<Result> {
  const bytes: Record<Library, number[]> = { miqro: [], preact: [] };
  for (let round = 0; round < 3; round++) {
    for (const name of Object.keys(libraries) as Library[]) {
      const page = await openPage(browser, [name]);
      const session = await page.context().newCDPSession(page);
      await page.evaluate((library) => contestants[library]?.work(), name);
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      bytes[name].push(usedSize / 1e6);
      await page.close();
    }
  }
  const own = median(bytes.miqro);
  const other = median(bytes.preact);
  return {
    title: "dom: memory with 1,000 rows, after all operations",
    note: "The heap of the page after a garbage collection; medians of 3 pages each.",
    columns: ["", "heap"],
    rows: [
      ["miqro", `${own.toFixed(2)} MB`],
      ["preact", `${other.toFixed(2)} MB`],
    ],
    targets: [atMost("heap as a part of preact's", 1, own / other)],
  };
}
