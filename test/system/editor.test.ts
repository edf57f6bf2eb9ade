import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";

const program = "miqro/bin/miqro.js";
const args = ["--no-build", "--editor", "--service", "app", "--port", "0"];

describe("miqro --editor, as it is published", () => {
  let packed: PackedPackages;
  let folder: EmptyFolder;
  before(async () => {
    packed = await packPackages();
    folder = await createEmptyFolder({ private: true, type: "module" });
    await folder.write({ "app/http/hello.api.js": "export default () => 'hello';\n" });
    const all = [...packed.tarballs].filter(([name]) => name !== "editor").map(([, tarball]) => tarball);
    await folder.install(...all);
  });
  after(async () => {
    await folder?.remove();
    await packed?.remove();
  });

  it("names the package in one sentence where it is not installed", async () => {
    const miqro = folder.start(program, args);
    assert.equal(await miqro.exited, 10);
    assert.match(
      miqro.output(),
      /^miqro: The editor is not installed: run npm install .*@miqro\/editor.*\.\n$/,
    );
  });

  it("serves its page and its scripts once it is installed", async () => {
    await folder.install("--save-dev", packed.tarballs.get("editor") ?? "");
    const miqro = folder.start(program, args);
    try {
      const [, url = "", origin = ""] = await miqro.waitFor(/Editor on ((http:\/\/[^/]+)\/\S+)/);
      await miqro.waitFor(/miqro [\d.]+ on/);
      const cookie = (await fetch(url)).headers.get("set-cookie")?.split(";")[0] ?? "";
      const page = await (await fetch(origin, { headers: { cookie } })).text();
      const scripts = [...page.matchAll(/href="(\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? "");
      assert.ok(scripts.length > 20 && scripts.includes("/editor.css"), page);
      for (const path of scripts) {
        assert.equal((await fetch(origin + path, { headers: { cookie } })).status, 200, path);
      }
      const tree = await (await fetch(`${origin}/api/app`, { headers: { cookie } })).text();
      assert.match(tree, /\/hello/);
    } finally {
      assert.equal(await miqro.stop(), 0);
    }
  });
});
