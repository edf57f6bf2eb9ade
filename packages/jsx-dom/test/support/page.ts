import { build } from "esbuild";
import { launchChromium } from "miqro-tests/chromium";
import type { Page } from "playwright-core";

declare global {
  /** The packages, inside the page. */
  var jsx: typeof import("@miqro/jsx");
  var dom: typeof import("@miqro/jsx-dom");
  /** Errors that were reported to the page. */
  var reported: string[];
  /** Resolves when what was queued in microtasks is done. */
  var settled: () => Promise<void>;
  /** Resolves when effects have run. */
  var painted: () => Promise<void>;
  /** An empty element in the page. */
  var newContainer: () => HTMLElement;
}

const setup = `
  import * as jsx from "@miqro/jsx";
  import * as dom from "@miqro/jsx-dom";
  const reported = [];
  addEventListener("error", (event) => { reported.push(String(event.error)); event.preventDefault(); });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const painted = () => new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => setTimeout(resolve)));
  });
  const newContainer = () => document.body.appendChild(document.createElement("main"));
  Object.assign(globalThis, { jsx, dom, reported, settled, painted, newContainer });
`;

export interface TestPage {
  readonly page: Page;
  /** The milliseconds of CPU that the main thread of the page takes, which a busy machine does not lengthen. */
  cpuTime(run: () => Promise<void>): Promise<number>;
  close(): Promise<void>;
}

/** Opens a page that has the packages as globals; tests run their functions in it. */
export async function openPage(): Promise<TestPage> {
  const bundle = await build({
    stdin: { contents: setup, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    // The minified files have short names for some properties: their tests are these, run once more.
    conditions: [process.env.PAGE_CONDITION ?? "development"],
  });
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>test</title>");
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taskTime = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
  };
  return {
    page,
    async cpuTime(run) {
      const before = await taskTime();
      await run();
      return (await taskTime()) - before;
    },
    close: () => browser.close(),
  };
}
