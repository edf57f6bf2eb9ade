import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";
import { eventually, type RunningProcess } from "miqro-tests/process";

const run = promisify(execFile);
const program = "miqro/bin/miqro.js";

const api = (text: string) => `export default () => ${JSON.stringify(text)};\n`;

describe("miqro --watch", () => {
  let packed: PackedPackages;
  let folder: EmptyFolder;
  let server: RunningProcess | undefined;
  let url = "";

  const tsc = () =>
    run(process.execPath, [join(folder.path, "node_modules/typescript/bin/tsc")], { cwd: folder.path });
  // Each on a connection of its own: a kept one would still belong to the version that it was opened to.
  const get = (path: string, method = "GET") =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      request(url + path, { agent: false, method }, async (res) => {
        resolve({ status: res.statusCode, text: (await res.toArray()).join("") });
      })
        .once("error", reject)
        .end();
    });
  const text = async (path: string) => (await get(path)).text;
  // tsc writes one file after the other, so one edit may be told as several changes: what counts is the answer.
  const answers = (path: string, expected: string) =>
    eventually(async () => assert.equal(await text(path), expected));

  before(async () => {
    packed = await packPackages();
    folder = await createEmptyFolder({ private: true, type: "module" });
    await folder.install(...packed.tarballs.values(), "typescript@7");
    assert.equal(await folder.start(program, ["--install-tsconfig"]).exited, 0);
    await folder.write({ "app/http/one.api.ts": api("first"), "app/http/two.api.ts": api("two") });
    await tsc();
    server = folder.start(program, ["--no-build", "--watch", "--port", "0", "--service", "app/"]);
    [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
  });
  after(async () => {
    await server?.stop();
    await folder.remove();
    await packed.remove();
  });

  it("listens on loopback only", () => {
    assert.match(url, /^http:\/\/(localhost|127\.0\.0\.1):/);
  });

  it("answers with the new version of a file that tsc wrote", async () => {
    assert.equal(await text("/one"), "first");
    await folder.write({ "app/http/one.api.ts": api("second") });
    await tsc();
    await answers("/one", "second");
    assert.match(server?.output() ?? "", /one\.api\.js.* changed: reloaded in \d+ ms/);
  });

  it("notices new files, and files that are gone although their output stays", async () => {
    await folder.write({ "app/http/new.api.ts": api("new") });
    await tsc();
    await answers("/new", "new");
    await rm(join(folder.path, "app/http/new.api.ts"));
    await eventually(async () => assert.equal((await get("/new")).status, 404));
  });

  it("leaves the old version serving when the new one does not load, and says why", async () => {
    await folder.write({ "app/http/one.api.ts": "throw new Error('broken');\nexport default () => 1;\n" });
    await tsc().catch(() => undefined);
    await server?.waitFor(/one\.api\.ts: Error: broken.*\n(?: {4}.*\n)+The old version continues to serve/);
    assert.equal(await text("/one"), "second");
    await folder.write({ "app/http/one.api.ts": api("third") });
    await tsc();
    await answers("/one", "third");
  });

  it("answers requests in flight on the version that took them", async () => {
    await folder.write({
      "app/http/slow.api.ts": `import { existsSync, watch } from "node:fs";
        export default () => new Promise<string>((resolve) => {
          const watcher = watch(".", () => {
            if (!existsSync("go")) return;
            watcher.close();
            resolve("slow");
          });
          console.log("slow has begun");
        });\n`,
    });
    await tsc();
    await eventually(async () => assert.equal((await get("/slow", "POST")).status, 405));
    const slow = text("/slow");
    await server?.waitFor(/slow has begun/);
    await folder.write({ "app/http/two.api.ts": api("two again") });
    await tsc();
    await answers("/two", "two again");
    await folder.write({ go: "" });
    assert.equal(await slow, "slow");
  });

  it("ends on SIGINT, and leaves no process behind", async () => {
    const { pid } = server?.child ?? {};
    const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(pid)]);
    assert.equal(await server?.stop("SIGINT"), 0, server?.output());
    for (const child of stdout.trim().split(/\s+/)) {
      assert.throws(() => process.kill(Number(child), 0), { code: "ESRCH" });
    }
  });

  it("shows what keeps the first version from starting, until it is mended", async () => {
    await folder.write({ "app/db.ts": "export default { dialect: 'node:sqlite' } as any;\n" });
    await tsc();
    server = folder.start(program, ["--no-build", "--watch", "--port", "0", "--service", "app/"]);
    await server.waitFor(/db\.ts: "name" .* must be string/);
    [, url = ""] = await server.waitFor(/Showing it on (http:\/\/\S+)/);
    const response = await fetch(url, { headers: { accept: "text/html" } });
    assert.equal(response.status, 500);
    assert.match(await response.text(), /app\/db\.ts/);
    await rm(join(folder.path, "app/db.ts"));
    await answers("/one", "third");
  });
});
