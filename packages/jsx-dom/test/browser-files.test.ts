import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";

const packages = new URL("../../", import.meta.url);
const html = `<!doctype html>
<script type="importmap">
  {
    "imports": {
      "@miqro/jsx": "/jsx/dist/browser/index.js",
      "@miqro/jsx/jsx-runtime": "/jsx/dist/browser/jsx-runtime.js",
      "@miqro/jsx-dom": "/jsx-dom/dist/browser/index.js"
    }
  }
</script>
<my-counter></my-counter>
<script type="module">
  import { useState } from "@miqro/jsx";
  import { jsx, jsxs } from "@miqro/jsx/jsx-runtime";
  import { define } from "@miqro/jsx-dom";
  function Counter() {
    const [n, setN] = useState(0);
    return jsxs("button", { onClick: () => setN(n + 1), children: ["count: ", n] });
  }
  define("my-counter", Counter);
</script>`;

describe("the minified files", () => {
  it("run in a page without a bundler, and are few", async () => {
    const requests: string[] = [];
    const server = createServer(async (req, res) => {
      const path = req.url ?? "/";
      if (path.endsWith(".js")) {
        requests.push(path);
        res.setHeader("content-type", "text/javascript");
        res.end(await readFile(new URL(`.${path}`, packages)));
      } else {
        res.setHeader("content-type", "text/html");
        res.end(path === "/" ? html : "");
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.click("my-counter button");
      await page.getByText("count: 1").waitFor();
      assert.equal(requests.length, 3);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
