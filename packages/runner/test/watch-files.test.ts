import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { InvalidOptionError } from "@miqro/runner";
import { type WatchOptions, watchFiles } from "@miqro/runner/watch";
import { until } from "./support/cluster.js";

class Folder {
  readonly root: string;
  /** Every call of `onChange`, as paths relative to the root. */
  readonly calls: string[][] = [];

  constructor(test: TestContext) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "watch-")));
    test.after(() => rmSync(this.root, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  watch(test: TestContext, options: Partial<WatchOptions> = {}): void {
    const watcher = watchFiles({
      folders: [this.path("app")],
      onChange: (paths) => {
        this.calls.push(paths.map((path) => relative(this.root, path)));
      },
      ...options,
    });
    test.after(() => watcher.close());
  }

  /** Waits for the next call after `change` and returns its paths. */
  async after(change: () => void): Promise<readonly string[]> {
    const before = this.calls.length;
    change();
    await until(() => this.calls.length > before, 3000);
    return this.calls[before] ?? [];
  }
}

describe("watchFiles", () => {
  it("tells changed, new and deleted files in folders of any depth", async (test) => {
    const folder = new Folder(test);
    folder.write("app/http/index.js", "1");
    folder.watch(test);
    assert.deepEqual(await folder.after(() => folder.write("app/http/index.js", "22")), [
      "app/http/index.js",
    ]);
    assert.deepEqual(await folder.after(() => folder.write("app/http/new.js", "")), ["app/http/new.js"]);
    assert.deepEqual(await folder.after(() => unlinkSync(folder.path("app/http/new.js"))), [
      "app/http/new.js",
    ]);
  });

  it("tells what is in new and deleted folders, and watches on in new ones", async (test) => {
    const folder = new Folder(test);
    folder.write("app/a.js", "");
    folder.watch(test);
    const made = await folder.after(() => folder.write("app/x/y/z.js", "1"));
    assert.deepEqual(made, ["app/x", "app/x/y", "app/x/y/z.js"]);
    assert.deepEqual(await folder.after(() => folder.write("app/x/y/z.js", "22")), ["app/x/y/z.js"]);
    const gone = await folder.after(() => rmSync(folder.path("app/x"), { recursive: true }));
    assert.deepEqual(gone, ["app/x", "app/x/y", "app/x/y/z.js"]);
  });

  it("notices a folder that is moved in place of another", async (test) => {
    const folder = new Folder(test);
    folder.write("app/x/old.js", "");
    folder.write("next/new.js", "");
    folder.watch(test);
    const changed = await folder.after(() => {
      renameSync(folder.path("app/x"), folder.path("before"));
      renameSync(folder.path("next"), folder.path("app/x"));
    });
    assert.deepEqual(changed, ["app/x", "app/x/new.js", "app/x/old.js"]);
    assert.deepEqual(await folder.after(() => folder.write("app/x/new.js", "22")), ["app/x/new.js"]);
    folder.write("before/old.js", "not watched any more");
    assert.deepEqual(await folder.after(() => folder.write("app/x/last.js", "")), ["app/x/last.js"]);
  });

  it("survives editors that write another file and rename it, again and again", async (test) => {
    const folder = new Folder(test);
    folder.write("app/page.js", "0");
    folder.watch(test);
    for (let count = 1; count <= 4; count++) {
      const changed = await folder.after(() => {
        folder.write("app/page.js~", `${count}`);
        renameSync(folder.path("app/page.js~"), folder.path("app/page.js"));
      });
      assert.deepEqual(changed, ["app/page.js"]);
    }
  });

  it("tells many files written by another program in one call", async (test) => {
    const folder = new Folder(test);
    folder.write("app/a.js", "");
    folder.watch(test);
    const changed = await folder.after(() => {
      for (let count = 0; count < 300; count++) folder.write(`app/${count % 10}/${count}.js`, `${count}`);
    });
    assert.equal(changed.length, 310);
    await folder.after(() => folder.write("app/last.js", ""));
    assert.equal(folder.calls.length, 2);
  });

  it("notices that a watched folder is made, deleted and made again", async (test) => {
    const folder = new Folder(test);
    folder.watch(test, { folders: [folder.path("out/app")] });
    const made = ["out/app", "out/app/a.js"];
    assert.deepEqual(await folder.after(() => folder.write("out/app/a.js", "")), made);
    assert.deepEqual(await folder.after(() => rmSync(folder.path("out"), { recursive: true })), made);
    assert.deepEqual(await folder.after(() => folder.write("out/app/a.js", "")), made);
    assert.deepEqual(await folder.after(() => folder.write("out/app/a.js", "22")), ["out/app/a.js"]);
  });

  it("leaves out hidden names and node_modules, or what ignore says", async (test) => {
    const folder = new Folder(test);
    folder.write("app/a.js", "");
    folder.watch(test);
    folder.write("app/.git/HEAD", "");
    folder.write("app/node_modules/x/index.js", "");
    folder.write("app/.a.js.swp", "");
    assert.deepEqual(await folder.after(() => folder.write("app/a.js", "22")), ["app/a.js"]);

    const other = new Folder(test);
    other.write("app/a.js", "");
    other.watch(test, { ignore: (path) => path.endsWith(".log") });
    other.write("app/x.log", "");
    assert.deepEqual(await other.after(() => other.write("app/.env", "")), ["app/.env"]);
  });

  it("does not follow links to folders, and does not tell what is not a change", async (test) => {
    const folder = new Folder(test);
    folder.write("app/a.js", "");
    folder.watch(test);
    symlinkSync("..", folder.path("app/loop"));
    symlinkSync("missing", folder.path("app/broken"));
    chmodSync(folder.path("app/a.js"), 0o600);
    folder.write("app/4913", "");
    unlinkSync(folder.path("app/4913"));
    assert.deepEqual(await folder.after(() => folder.write("app/b.js", "")), ["app/b.js"]);
  });

  it("calls nothing after close", async (test) => {
    const folder = new Folder(test);
    folder.write("app/a.js", "");
    const closed = watchFiles({ folders: [folder.path("app")], onChange: () => assert.fail("called") });
    folder.watch(test);
    folder.write("app/b.js", "");
    closed.close();
    closed.close();
    await folder.after(() => folder.write("app/c.js", ""));
  });

  it("refuses options that cannot work", (test) => {
    const folder = new Folder(test);
    folder.write("file", "");
    const onChange = () => {};
    assert.throws(() => watchFiles({ folders: [], onChange }), InvalidOptionError);
    assert.throws(() => watchFiles({ folders: [folder.path("file")], onChange }), /array of folders/);
    assert.throws(() => watchFiles({ folders: ["."], debounce: Number.NaN, onChange }), InvalidOptionError);
  });
});
