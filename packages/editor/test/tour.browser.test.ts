import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { findSeriousFaults } from "miqro-tests/axe";
import { launchChromium } from "miqro-tests/chromium";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import type { Browser, Page } from "playwright-core";
import { fixedPorts } from "./support/fixed-ports.js";
import { createProject, type Project } from "./support/project.js";
import { type RunningEditor, startEditor } from "./support/running-editor.js";

const missing = process.env.MISSING_CHROMIUM ?? false;
const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
// The folder in which a person finds the pictures that the tests took.
const pictures = process.env.EDITOR_PICTURES;

const tsconfig = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    lib: ["es2023", "dom", "dom.iterable"],
    types: ["miqro"],
    jsx: "react",
    jsxFactory: "JSX.createElement",
    jsxFragmentFactory: "JSX.Fragment",
    skipLibCheck: true,
    sourceMap: true,
    rootDir: ".",
    outDir: "dist",
  },
};
const page = (text: string) => `import JSX from "@miqro/jsx";

export default () => (
  <html lang="en">
    <head>
      <title>A page</title>
    </head>
    <body>
      <h1>${text}</h1>
    </body>
  </html>
);
`;
const files = {
  "tsconfig.json": JSON.stringify(tsconfig),
  "app/http/index.html.tsx": page("first"),
  "app/http/items.api.ts": `import { defineRoute } from "miqro";

export default defineRoute({
  method: "POST",
  description: "Makes an item",
  request: { body: { title: "string1", count: { type: "integer", min: 1 } } },
  handler: (req, res) => res.json({ made: req.body.title }, {}, 201),
});
`,
  "app/http/talk.api.ts": `import type { Request } from "miqro";

export default (req: Request) => {
  const lines = Number(req.query.lines ?? 1);
  for (let index = 0; index < lines; index++) req.logger.info("line %d", index);
  req.logger.error("something is wrong");
  return { lines };
};
`,
  "app/db.ts": `export default { name: "main", dialect: "node:sqlite", storage: ":memory:" };\n`,
  "app/migration/001_items.ts": `import type { MigrationModule } from "miqro";

export default {
  async up(db) {
    await db.query("CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT)");
    for (let id = 1; id <= 120; id++) await db.insert("items").values({ id, title: "title " + id }).yield();
  },
  async down(db) {
    await db.query("DROP TABLE items");
  },
} satisfies MigrationModule;
`,
  "app/static/logo.png": new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]),
  "notes/large.txt": "x".repeat(3 * 1024 * 1024),
  "notes/crlf.md": "# Title\r\n\r\nText\r\n",
};

describe("the editor in a browser", { skip: missing }, () => {
  let project: Project;
  let compiler: RunningProcess;
  let editor: RunningEditor;
  let port: readonly string[];
  let browser: Browser;
  let tab: Page;
  const faults: string[] = [];
  before(async () => {
    project = await createProject(files);
    compiler = startProcess(process.execPath, [tsc, "--watch", "--preserveWatchOutput"], {
      cwd: project.path,
    });
    await compiler.waitFor(/Watching for file changes/, 60_000);
    port = ["--port", String(await fixedPorts())];
    editor = await startEditor(project, port);
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    tab = await context.newPage();
    tab.setDefaultTimeout(20_000);
    tab.on("pageerror", (error) => faults.push(String(error)));
    tab.on("console", (message) => {
      // Chromium itself writes styles into a text that is replaced by keys; the policy stops that, and it is of no use.
      if (/Content Security Policy/.test(message.text()) && !/^Applying inline style/.test(message.text()))
        faults.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
    await editor?.stop();
    await compiler?.stop();
    await project?.remove();
  });

  const picture = async (name: string): Promise<void> => {
    if (pictures !== undefined)
      await tab.screenshot({ path: join(pictures, `${name}.png`), caret: "initial" });
  };
  const item = (path: string) => tab.locator(`[data-path="${path}"]`);
  const frame = () => tab.frameLocator("iframe");
  const text = () => tab.locator(".cm-content");
  const onDisk = (path: string) => readFile(join(project.path, path), "utf8");
  const openFile = async (path: string): Promise<void> => {
    await tab.keyboard.press("Control+p");
    await tab.locator("dialog input").fill(path);
    await tab.keyboard.press("Enter");
    await tab
      .locator(".tab.active button", { hasText: path.split("/").at(-1) ?? "" })
      .first()
      .waitFor();
    await tab.locator("dialog").waitFor({ state: "detached" });
  };
  /** Replaces the whole text as a person would: by keys. */
  const write = async (content: string): Promise<void> => {
    await text().focus();
    await tab.keyboard.press("Control+a");
    await tab.keyboard.insertText(content);
  };
  const save = () => tab.keyboard.press("Control+s");

  it("lets in who has the key, and shows the files", async () => {
    await tab.goto(editor.keyURL);
    await item("app").waitFor();
    assert.equal(tab.url(), `${editor.url}/`);
    await picture("begin");
  });

  it("opens a file beside its page", async () => {
    await item("app").click();
    await item("app/http").click();
    await item("app/http/index.html.tsx").click();
    await text().getByText("first").waitFor();
    await frame().getByRole("heading", { name: "first" }).waitFor();
    // The styles of CodeMirror have the nonce of the page.
    const display = await tab
      .locator(".cm-scroller")
      .evaluate((element) => getComputedStyle(element).display);
    assert.equal(display, "flex");
    await tab.locator(".tok-keyword").first().waitFor();
    await picture("page");
  });

  it("saves, says that tsc has taken it, and shows the new page", async () => {
    await write(page("second"));
    await tab.locator(".tab .dirty").waitFor();
    await save();
    await frame().getByRole("heading", { name: "second" }).waitFor();
    await tab.getByText("app/http/index.html.tsx is saved, and tsc has written its output").waitFor();
    assert.equal(await tab.locator(".tab .dirty").count(), 0);
    assert.equal(await onDisk("app/http/index.html.tsx"), page("second"));
  });

  it("shows what does not compile at its line, and mends", async () => {
    await write(page("third").replace("() =>", "(count: number = 'no') =>"));
    await save();
    await tab.locator(".problems", { hasText: "app/http/index.html.tsx:3" }).waitFor();
    await tab.locator(".cm-lint-marker-error").waitFor();
    await tab.locator(".cm-lintRange-error").waitFor();
    await picture("compile-error");
    await write(page("fourth"));
    await save();
    await frame().getByRole("heading", { name: "fourth" }).waitFor();
    await tab.locator(".problems").waitFor({ state: "detached" });
  });

  it("shows what does not load at its line while the old version serves, and mends", async () => {
    await write(page("fifth").replace("export", 'throw new Error("broken at load");\nexport'));
    await save();
    const problem = tab.locator(".problems button", { hasText: "broken at load" });
    await problem.waitFor();
    assert.match((await problem.textContent()) ?? "", /^app\/http\/index\.html\.tsx:3 /);
    await tab.getByText("The new version does not start; the old version continues to serve").waitFor();
    await frame().getByRole("heading", { name: "fourth" }).waitFor();
    await picture("load-error");
    await tab.keyboard.press("F8");
    await write(page("sixth"));
    await save();
    await frame().getByRole("heading", { name: "sixth" }).waitFor();
    await tab.getByText("The app runs on").waitFor();
    await tab.locator(".problems").waitFor({ state: "detached" });
  });

  it("tries an API with the fields of its schema", async () => {
    await tab.keyboard.press("Alt+2");
    await tab.locator("select[name=route]").selectOption("POST /items");
    const body = tab.locator("textarea[name=body]");
    assert.deepEqual(JSON.parse(await body.inputValue()), { title: "x", count: 1 });
    await body.fill('{ "title": "a chair", "count": 1 }');
    await tab.getByRole("button", { name: "Send POST" }).click();
    await tab.locator(".answer", { hasText: "201" }).getByText('"made": "a chair"').waitFor();
    await picture("try");
    await body.fill('{ "title": "a chair" }');
    await tab.getByRole("button", { name: "Send POST" }).click();
    await tab.locator(".answer b.bad", { hasText: "400" }).waitFor();
  });

  it("shows the log as it comes, by level", async () => {
    await tab.keyboard.press("Alt+5");
    await fetch(`${editor.appURL}/talk`);
    await tab.locator(".log .info", { hasText: "line 0" }).waitFor();
    await tab.locator("select[aria-label=Level]").selectOption("error");
    await tab.locator(".log .error", { hasText: "something is wrong" }).waitFor();
    assert.equal(await tab.locator(".log .info").count(), 0);
    await tab.locator("select[aria-label=Level]").selectOption("trace");
    await picture("log");
  });

  it("stays at hand in a burst of 10,000 lines", async () => {
    await tab.evaluate(() => {
      const state = { longest: 0, last: performance.now() };
      const tick = (): void => {
        const now = performance.now();
        state.longest = Math.max(state.longest, now - state.last);
        state.last = now;
        requestAnimationFrame(tick);
      };
      tick();
      Object.assign(globalThis, { frames: state });
    });
    await fetch(`${editor.appURL}/talk?lines=10000`);
    await tab.locator(".log", { hasText: "line 9999" }).waitFor();
    const longest = await tab.evaluate(
      () => (globalThis as unknown as { frames: { longest: number } }).frames.longest,
    );
    console.log(`longest time without a frame in a burst of 10,000 lines: ${Math.round(longest)} ms`);
    assert.ok(longest < 1500, `${longest} ms without a frame`);
  });

  it("shows tables, page by page", async () => {
    await tab.keyboard.press("Alt+4");
    await tab.locator("select[aria-label=Table]").selectOption("main/items");
    await tab.getByText("1 to 50 of 120").waitFor();
    await tab.getByRole("button", { name: "Next" }).click();
    await tab.getByText("51 to 100 of 120").waitFor();
    await tab.getByRole("cell", { name: "title 51", exact: true }).waitFor();
    await picture("tables");
  });

  it("lists the routes in their order, with the way to their files", async () => {
    await tab.keyboard.press("Alt+3");
    await tab.getByRole("button", { name: "/items", exact: true }).click();
    await tab.locator(".tab.active", { hasText: "items.api.ts" }).waitFor();
    await picture("routes");
  });

  it("makes a file from the template of its kind, which then answers", async () => {
    await tab.keyboard.press("Alt+n");
    await tab.locator("dialog select").selectOption("http/data.json.ts");
    assert.equal(await tab.locator("dialog input").inputValue(), "app/http/data.json.ts");
    await picture("new");
    await tab.getByRole("button", { name: "Create" }).click();
    await text().getByText("hello").waitFor();
    await eventually(async () => {
      assert.deepEqual(await (await fetch(`${editor.appURL}/data.json`)).json(), { hello: "world" });
    });
  });

  it("renames and removes files, and brings them back", async () => {
    await item("app/http/data.json.ts").focus();
    await tab.keyboard.press("F2");
    await tab.locator("dialog input").fill("app/http/other.json.ts");
    await tab.keyboard.press("Enter");
    await item("app/http/other.json.ts").waitFor();
    await tab.locator(".tab", { hasText: "other.json.ts" }).waitFor();
    await item("app/http/other.json.ts").focus();
    await tab.keyboard.press("Delete");
    await item("app/http/other.json.ts").waitFor({ state: "detached" });
    await assert.rejects(stat(join(project.path, "app/http/other.json.ts")), { code: "ENOENT" });
    await tab.getByRole("button", { name: "Undo" }).click();
    await item("app/http/other.json.ts").waitFor();
    assert.match(await onDisk("app/http/other.json.ts"), /hello/);
  });

  it("tells what somebody else wrote before it saves, and loses nothing", async () => {
    await openFile("app/http/other.json.ts");
    await write('export default { hello: "mine" };\n');
    await writeFile(join(project.path, "app/http/other.json.ts"), 'export default { hello: "theirs" };\n');
    await save();
    await tab.getByText("Another program changed this file").waitFor();
    assert.match(await onDisk("app/http/other.json.ts"), /theirs/);
    await picture("conflict");
    await tab.getByRole("button", { name: "Show theirs" }).click();
    await text().getByText("theirs").waitFor();
    await tab
      .locator(".tab button", { hasText: /^other\.json\.ts/ })
      .first()
      .click();
    await text().getByText("mine").waitFor();
    await tab.getByRole("button", { name: "Keep mine" }).click();
    await tab.locator(".notice").waitFor({ state: "detached" });
    assert.match(await onDisk("app/http/other.json.ts"), /mine/);
  });

  it("takes theirs, and undo brings back mine", async () => {
    await write('export default { hello: "unsaved" };\n');
    await writeFile(join(project.path, "app/http/other.json.ts"), 'export default { hello: "theirs" };\n');
    await save();
    await tab.getByRole("button", { name: "Take theirs" }).click();
    await text().getByText("theirs").waitFor();
    await text().focus();
    await tab.keyboard.press("Control+z");
    await text().getByText("unsaved").waitFor();
    await tab.keyboard.press("Alt+r");
    await text().getByText("theirs").waitFor();
  });

  it("keeps what is not saved over a reload of the page", async () => {
    await openFile("app/http/index.html.tsx");
    await write(page("not saved"));
    await tab.reload();
    await text().getByText("not saved").waitFor();
    await tab.locator(".tab.active .dirty").waitFor();
    assert.equal(await onDisk("app/http/index.html.tsx"), page("sixth"));
    await text().focus();
    await tab.keyboard.press("Control+z");
    await text().getByText("sixth").waitFor();
    await tab.locator(".tab.active .dirty").waitFor({ state: "detached" });
  });

  it("selects the tab of before, and no other, when the page is reloaded", async () => {
    const before = await tab.locator(".tab").allInnerTexts();
    assert.ok(before.length > 1, before.join());
    await openFile("app/http/index.html.tsx");
    const seen: string[] = [];
    await tab.exposeFunction("tellTab", (name: string) => seen.push(name));
    await tab.addInitScript(() => {
      const page = globalThis as unknown as {
        document: { querySelector(selector: string): { textContent: string } | null };
        tellTab(name: string): void;
        MutationObserver: new (callback: () => void) => { observe(target: object, options: object): void };
      };
      let last = "";
      new page.MutationObserver(() => {
        const name = page.document.querySelector(".tab.active")?.textContent ?? "";
        if (name !== last) page.tellTab(name);
        last = name;
      }).observe(page.document, { subtree: true, childList: true, attributes: true });
    });
    await tab.reload();
    await text().getByText("sixth").waitFor();
    await tab
      .locator(".tab")
      .nth(before.length - 1)
      .waitFor();
    assert.deepEqual(
      seen.map((name) => name.replace(/\W+$/, "")),
      ["index.html.tsx"],
    );
    assert.deepEqual(await tab.locator(".tab").allInnerTexts(), before);
  });

  it("keeps line ends as they are", async () => {
    await openFile("notes/crlf.md");
    await text().focus();
    await tab.keyboard.press("Control+End");
    await tab.keyboard.type("More");
    await save();
    await tab.locator(".tab.active .dirty").waitFor({ state: "detached" });
    assert.equal(await onDisk("notes/crlf.md"), "# Title\r\n\r\nText\r\nMore");
  });

  it("opens what is no text, or too large, as such", async () => {
    await openFile("app/static/logo.png");
    await tab.getByText("has 8 bytes and is not text").waitFor();
    await openFile("notes/large.txt");
    await tab.getByText("larger than 2 MB").waitFor();
    await picture("large");
  });

  it("searches in a file, and lists its shortcuts", async () => {
    await openFile("app/http/items.api.ts");
    await text().focus();
    await tab.keyboard.press("Control+f");
    await tab.locator(".cm-search").waitFor();
    await tab.keyboard.press("Escape");
    await tab.keyboard.press("F1");
    await tab
      .getByRole("dialog", { name: "Keyboard shortcuts" })
      .getByText("Save and reload the app")
      .waitFor();
    await tab.keyboard.press("Escape");
    await tab.locator("dialog").waitFor({ state: "detached" });
  });

  it("has no serious fault for axe-core, in light and in dark, in every panel and dialog", async () => {
    for (const theme of ["light", "dark"]) {
      await tab.getByRole("button", { name: "Theme: " }).click();
      for (const panel of ["5", "1", "2", "3", "4"]) {
        await tab.keyboard.press(`Alt+${panel}`);
        // Of ten thousand lines it would say the same ten thousand times.
        if (panel === "5") await tab.getByRole("button", { name: "Clear" }).click();
        if (panel === "5") await fetch(`${editor.appURL}/talk`);
        assert.deepEqual(await findSeriousFaults(tab), [], `${theme}, panel ${panel}`);
      }
      for (const key of ["Control+p", "Alt+n", "F1"]) {
        await tab.keyboard.press(key);
        await tab.locator("dialog").waitFor();
        assert.deepEqual(await findSeriousFaults(tab), [], `${theme}, ${key}`);
        await tab.keyboard.press("Escape");
        await tab.locator("dialog").waitFor({ state: "detached" });
      }
      await picture(`theme-${theme}`);
    }
    await tab.getByRole("button", { name: "Theme: dark" }).click();
  });

  it("is of use at 1024 pixels", async () => {
    await tab.setViewportSize({ width: 1024, height: 700 });
    await tab.keyboard.press("Alt+1");
    for (const name of ["Save", "Revert", "Shortcuts", "Remove", "Reload"]) {
      const box = await tab.getByRole("button", { name, exact: true }).first().boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 1024, name);
    }
    assert.ok(((await tab.locator(".cm-editor").boundingBox())?.width ?? 0) > 400);
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 1024);
    await picture("narrow");
    await tab.setViewportSize({ width: 1280, height: 800 });
  });

  for (const width of [320, 390, 600]) {
    it(`shows everything below each other at ${width} pixels`, async () => {
      await tab.setViewportSize({ width, height: 844 });
      for (const name of ["Save", "Theme: auto", "Remove", "Log", "Reload"]) {
        const box = await tab.getByText(name, { exact: true }).first().boundingBox();
        assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, name);
      }
      for (const part of [".files .tree", ".cm-editor", ".side"]) {
        const box = await tab.locator(part).first().boundingBox();
        assert.ok(box !== null && box.width > width - 40 && box.height > 60, part);
      }
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), width);
      await picture(`phone-${width}`);
      await tab.setViewportSize({ width: 1280, height: 800 });
    });
  }

  it("no longer says that a file is saved when it was changed or removed", async () => {
    await openFile("notes/crlf.md");
    await tab.locator(".cm-content").click();
    await tab.keyboard.press("Control+End");
    await tab.keyboard.type("a");
    await tab.keyboard.press("Control+s");
    await tab.getByText("notes/crlf.md is saved").waitFor();
    await tab.keyboard.type("b");
    await tab.getByText("notes/crlf.md is not saved").waitFor();
    assert.equal(await tab.getByText("notes/crlf.md is saved").count(), 0);
    await tab.keyboard.press("Control+s");
    await tab.getByText("notes/crlf.md is saved").waitFor();
    await tab.keyboard.press("Control+z");
    await tab.keyboard.press("Control+z");
    await tab.keyboard.press("Control+s");
    await tab.getByText("notes/crlf.md is saved").waitFor();
  });

  it("lists a file that another program makes or removes, when the new version runs", async () => {
    const path = "app/http/outside.api.ts";
    await writeFile(join(project.path, path), "export default () => ({ from: 'outside' });\n");
    await openFile("app/http/index.html.tsx");
    const entry = tab.locator(`[data-path="${path}"]`);
    await entry.waitFor();
    await rm(join(project.path, path));
    await entry.waitFor({ state: "detached" });
  });

  it("outlives an app that crashes, and one that does not start at all", async () => {
    await openFile("app/http/talk.api.ts");
    const before = await onDisk("app/http/talk.api.ts");
    await write("export default () => setTimeout(() => { throw new Error('crash'); }, 1) && 'soon';\n");
    await save();
    await eventually(async () => {
      await fetch(`${editor.appURL}/talk`).catch(() => undefined);
      // One crash is started again; a third within ten seconds waits for a change.
      assert.match(editor.server.output(), /(?:uncaught exception: Error: crash[\s\S]*){3}Showing it on/);
    });
    await tab.getByText("The app crashed").waitFor();
    await picture("crash");
    await write(before);
    await save();
    await tab.getByText("The app runs on").waitFor();
  });

  it("comes back by itself to a server that was away", async () => {
    // The editor takes the port after that of the app again: a file that is not saved belongs to its origin.
    await openFile("notes/crlf.md");
    await write("# Written while away\n");
    assert.equal(await editor.stop(), 0);
    await tab.getByText("The server of the editor does not respond").waitFor();
    editor = await startEditor(project, port);
    await tab.goto(editor.keyURL);
    await text().getByText("Written while away").waitFor();
  });

  it("broke no rule of its own policy, and threw nothing", () => {
    assert.deepEqual(faults, []);
  });
});
