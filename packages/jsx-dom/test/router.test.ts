import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { build } from "esbuild";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, Page } from "playwright-core";

const contents = `
  import { createElement as h, Link, Router, useQuery } from "@miqro/jsx";
  import { createStaticRuntime } from "@miqro/jsx";
  import { define, render } from "@miqro/jsx-dom";
  const tall = { style: "height: 3000px" };
  const Home = () => h("section", null, h("h1", null, "Home"), h("p", tall));
  const Post = ({ id }) => h("section", null, h("h1", null, "Post " + id), h("p", tall), h("h2", { id: "é" }, "far"));
  const Filter = () => {
    const [value, set] = useQuery("q", "");
    return h("input", { value, onInput: (event) => set(event.target.value || null) });
  };
  const routes = { "/": Home, "/posts/:id": Post, "/filter": Filter };
  const links = ["/", "/posts/1", "/posts/2#%C3%A9", "/filter", "/nowhere"].map((href) => h(Link, { key: href, href }, href));
  const App = () => [h("nav", null, links), h(Router, { routes })];
  const basePath = location.pathname.startsWith("/app/") ? "/app" : undefined;
  render(h(App), document.querySelector("main"), { basePath });
  define("base-app", App, { shadowInit: false, basePath });
  const runtime = createStaticRuntime({ url: "/x/posts/3", basePath: "/x" });
  globalThis.showStatic = (box) => render(h(App), box, { runtime });
`;

let browser: Browser;
let server: Server;
let origin: string;
before(async () => {
  const bundle = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["development"],
  });
  const html = `<!doctype html><title>t</title><main></main><script type="module">${bundle.outputFiles[0]?.text}</script>`;
  server = createServer((_req, res) => {
    res.setHeader("content-type", "text/html; charset=utf-8");
    res.end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
after(async () => {
  server.close();
  await browser.close();
});

async function openAt(path: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(origin + path);
  await page.evaluate("globalThis.loaded = true");
  return page;
}

const focused = "document.activeElement.textContent";

describe("Link and Router in a page", () => {
  it("go on without loading a page, with the focus in what is new and the page at its top", async () => {
    const page = await openAt("/");
    await page.evaluate("scrollTo(0, 500)");
    await page.evaluate("document.querySelectorAll('a')[1].click()");
    await page.getByText("Post 1").waitFor();
    assert.equal(await page.evaluate("location.pathname"), "/posts/1");
    assert.equal(await page.evaluate("globalThis.loaded"), true);
    assert.match((await page.evaluate(focused)) as string, /^Post 1/);
    assert.equal(await page.evaluate("scrollY"), 0);
    assert.equal(await page.getAttribute("a:nth-child(2)", "aria-current"), "page");
    assert.equal(await page.getAttribute("a:nth-child(1)", "aria-current"), null);
    await page.close();
  });

  it("leave the focus alone when the page opens, and give it back to the browser on the way back", async () => {
    const page = await openAt("/posts/1");
    assert.equal(await page.evaluate("document.activeElement === document.body"), true);
    await page.click("text=/filter");
    await page.locator("input").waitFor();
    await page.focus("a");
    await page.goBack();
    await page.getByText("Post 1").waitFor();
    assert.equal(await page.evaluate(focused), "/");
    assert.equal(await page.evaluate("globalThis.loaded"), true);
    await page.close();
  });

  it("go to the element that a fragment names", async () => {
    const page = await openAt("/");
    await page.click("a:nth-child(3)");
    await page.getByText("Post 2").waitFor();
    assert.ok(((await page.evaluate("scrollY")) as number) > 1000);
    await page.close();
  });

  it("work with the keyboard, and leave modified clicks to the browser", async () => {
    const page = await openAt("/");
    await page.focus("a:nth-child(4)");
    await page.keyboard.press("Enter");
    await page.locator("input").waitFor();
    // The last to see the click tells whether it was taken, and keeps the browser from opening a tab.
    await page.evaluate(`addEventListener("click", (event) => {
      globalThis.taken = event.defaultPrevented;
      event.preventDefault();
    })`);
    await page.click("a:nth-child(2)", { modifiers: ["ControlOrMeta"] });
    assert.equal(await page.evaluate("globalThis.taken"), false);
    assert.equal(await page.evaluate("location.pathname"), "/filter");
    await page.close();
  });

  it("keep typing in a field whose value is in the query string", async () => {
    const page = await openAt("/filter?q=a");
    const length = await page.evaluate("history.length");
    await page.locator("input").press("End");
    await page.keyboard.type("b&c");
    assert.equal(await page.evaluate("location.search"), "?q=ab%26c");
    assert.equal(await page.inputValue("input"), "ab&c");
    assert.equal(await page.evaluate("document.activeElement.localName"), "input");
    assert.equal(await page.evaluate("history.length"), length);
    await page.close();
  });

  it("show nothing where no path fits, and go on from there", async () => {
    const page = await openAt("/");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.click("a:nth-child(5)");
    await page.locator("section").waitFor({ state: "detached" });
    await page.click("a:nth-child(2)");
    await page.getByText("Post 1").waitFor();
    assert.deepEqual(errors, []);
    await page.close();
  });

  it("know where the page is, however its path is written, and add no entry for it", async () => {
    const page = await openAt("/posts/1/");
    const length = await page.evaluate("history.length");
    assert.equal(await page.getAttribute("a:nth-child(2)", "aria-current"), "page");
    await page.click("a:nth-child(2)");
    await page.waitForURL("**/posts/1");
    await page.click("a:nth-child(2)");
    assert.equal(await page.evaluate("history.length"), (length as number) + 1);
    await page.close();
  });

  it("keep the state of the history, and a path with two slashes, when the query string changes", async () => {
    const page = await openAt("//filter");
    await page.evaluate("history.replaceState({ own: 1 }, '')");
    await page.locator("input").press("x");
    assert.equal(await page.evaluate("location.pathname + location.search"), "//filter?q=x");
    assert.deepEqual(await page.evaluate("history.state"), { own: 1 });
    await page.close();
  });

  it("have the base path or the runtime of their tree, beside the router too", async () => {
    const page = await openAt("/app/posts/1");
    assert.equal(await page.textContent("h1"), "Post 1");
    assert.equal(await page.getAttribute("a:nth-child(2)", "aria-current"), "page");
    await page.click("a:nth-child(1)");
    await page.getByText("Home").waitFor();
    assert.equal(await page.evaluate("location.pathname"), "/app/");
    assert.equal(await page.evaluate("loaded"), true);
    const others = await page.evaluate(`
      const [element, box] = ["base-app", "p"].map((tag) => document.body.appendChild(document.createElement(tag)));
      showStatic(box);
      [element, box].map((root) => root.querySelector("a").getAttribute("href") + root.querySelector("h1").textContent);
    `);
    assert.deepEqual(others, ["/app/Home", "/x/Post 3"]);
    await page.close();
  });
});
