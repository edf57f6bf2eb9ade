import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, BrowserContext } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

const component = (name: string): string => `import JSX, { useState } from "@miqro/jsx";
import { define } from "@miqro/jsx-dom";
define("${name}", () => {
  const [count, setCount] = useState(0);
  return JSX.createElement("button", { onClick: () => setCount(count + 1) }, "${name} ", count);
}, { shadowInit: false });
`;
const names = ["my-counter", "my-likes", "my-cart"];

/** A page with three components, as tsc leaves it. */
const files: Readonly<Record<string, string>> = {
  "package.json": '{ "private": true, "type": "module" }',
  "app/http/index.html.js": `import JSX from "@miqro/jsx";
import "./js/app.min.js";
const h = JSX.createElement;
export default h("html", null,
  h("head", null, h("link", { rel: "icon", href: "data:," }), h("script", { src: "/js/app.js" })),
  h("body", null, ${names.map((name) => `h("${name}")`).join(", ")}));
`,
  // The entry has one of them, and imports two: each module is a request.
  "app/http/js/app.min.js": `import "./likes.js";\nimport "./cart.js";\n${component("my-counter")}`,
  "app/http/js/likes.js": component("my-likes"),
  "app/http/js/cart.js": component("my-cart"),
};

describe("a page with three components in production", () => {
  const { NODE_ENV } = process.env;
  let folder: string;
  let app: Miqro;
  let url: string;
  let browser: Browser;
  before(async () => {
    process.env.NODE_ENV = "production";
    folder = await mkdtemp(join(tmpdir(), "miqro-weight-"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    app = new Miqro({ services: join(folder, "app"), port: 0, host: "127.0.0.1" });
    url = `http://127.0.0.1:${((await app.start()) as AddressInfo).port}`;
    browser = await launchChromium();
  });
  after(async () => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    await browser?.close();
    await app?.stop({ drainIdle: 0 });
    await rm(folder, { recursive: true });
  });

  /** Opens the page, waits until its components work, and counts what came over the network. */
  async function visit(context: BrowserContext): Promise<{ requests: string[]; bytes: number }> {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const requests = new Map<string, string>();
    const cached = new Set<string>();
    let bytes = 0;
    session.on("Network.requestWillBeSent", ({ requestId, request }) => {
      if (request.url.startsWith("http")) requests.set(requestId, request.url);
    });
    session.on("Network.requestServedFromCache", ({ requestId }) => cached.add(requestId));
    session.on("Network.responseReceived", ({ requestId, response }) => {
      if (response.fromDiskCache) cached.add(requestId);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (requests.has(requestId) && !cached.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto(`${url}/`);
    for (const name of names) {
      const button = page.locator(`${name} button`);
      await button.click();
      await page.locator(`${name} button`, { hasText: `${name} 1` }).waitFor();
    }
    await page.close();
    return { requests: [...requests].filter(([id]) => !cached.has(id)).map(([, path]) => path), bytes };
  }

  it("takes at most 7 requests and 35 kB until it works, and 2 requests on a second visit", async (context) => {
    const browsing = await browser.newContext();
    const first = await visit(browsing);
    const second = await visit(browsing);
    context.diagnostic(
      `${first.requests.length} requests and ${first.bytes} bytes, then ${second.requests.length}`,
    );
    assert.ok(first.requests.length <= 7, first.requests.join("\n"));
    assert.ok(first.bytes <= 35_000, `${first.bytes} bytes`);
    assert.ok(second.requests.length <= 2, second.requests.join("\n"));
  });
});
