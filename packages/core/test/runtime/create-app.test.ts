import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { App, StateError } from "@miqro/core";
import { createApp as createBunApp } from "@miqro/core/bun";
import { createApp } from "@miqro/core/node";

describe("createApp", () => {
  it("makes an App with the modules of a folder", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "miqro-app-"));
    t.after(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "module.mjs"), `export const routes = { "GET /": () => "modules" };`);
    for (const modules of [folder, pathToFileURL(folder)]) {
      const app = createApp({ modules, caseSensitive: false });
      assert.ok(app instanceof App);
      assert.equal((await app.inject("/")).text(), "modules");
      assert.equal(await (await createBunApp({ modules }).fetch(new Request("http://a/"))).text(), "modules");
    }
    assert.equal((await createApp().inject("/")).status, 404);
  });

  it("refuses options that are unknown, or that the runtime has no use for", async () => {
    assert.throws(() => createApp({ moduels: "x" } as never), /no "moduels"/);
    assert.throws(
      () => createApp({ modules: 1 } as never),
      /"modules" of `createApp` must be a folder: a path or a URL, not 1/,
    );
    assert.throws(
      () => createBunApp({ headersTimeout: 1, onUpgrade() {} }),
      /Bun\.serve has no `headersTimeout`, `onUpgrade`/,
    );
    const app = createBunApp();
    await assert.rejects(
      app.listen(0),
      (error) => error instanceof StateError && /needs Bun/.test(error.message),
    );
    assert.equal(app.address, undefined);
  });
});
