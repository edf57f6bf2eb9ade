import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

// Runs a program in a process of its own, and gives the names of all modules that it loaded.
async function findModules(program: string): Promise<string[]> {
  const source = `
    const { registerHooks } = await import("node:module");
    const loaded = new Set();
    registerHooks({
      resolve(name, context, next) {
        const result = next(name, context);
        if (result.url.startsWith("node:")) loaded.add(result.url);
        return result;
      },
      load(url, context, next) {
        loaded.add(url);
        return next(url, context);
      },
    });
    await import("data:text/javascript," + ${JSON.stringify(encodeURIComponent(program))});
    console.log(JSON.stringify([...loaded]));
    process.exit();
  `;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", source], {
    cwd: import.meta.dirname,
  });
  return JSON.parse(stdout.split("\n").at(-2) ?? "") as string[];
}

const { registerHooks } = await import("node:module");
const skip =
  typeof registerHooks === "function" ? false : "this version of Node.js cannot list what it loads";

describe("a hello world", { skip }, () => {
  it("loads at most 70 modules, and nothing that it does not use", async () => {
    const core = import.meta.resolve("@miqro/core");
    const program = `
      const { App } = await import("${core}");
      const app = new App().get("/", () => "hello");
      const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
      const { request } = process.getBuiltinModule("node:http");
      await new Promise((done) => request({ port, host: "127.0.0.1" }, (res) => res.resume().on("end", done)).end());
      if (process.moduleLoadList.some((name) => /undici|webcrypto|readline/.test(name))) throw new Error(process.moduleLoadList.join());
    `;
    const modules = await findModules(program);
    const files = modules.filter((url) => url.startsWith("file:"));
    assert.ok(files.length > 30 && files.length <= 70, `${files.length} modules`);
    for (const name of [
      "/parser/",
      "/middleware/basic",
      "/middleware/c",
      "/middleware/security",
      "/middleware/t",
      "/session/",
      "/cookie/",
      "/ws/",
      "/jose/",
      "/busboy/",
      "node:https",
      "node:zlib",
      "undici",
    ]) {
      assert.deepEqual(
        modules.filter((url) => !url.startsWith("data:") && url.includes(name)),
        [],
        name,
      );
    }
  });

  it("pays for jose only when a token is signed or verified", async () => {
    const jwt = import.meta.resolve("@miqro/core/jwt");
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x";
    const decoding = `const { decode } = await import("${jwt}"); if (decode("${token}").a !== 1) throw new Error();`;
    assert.deepEqual(
      (await findModules(decoding)).filter((url) => url.includes("/jose/")),
      [],
    );
  });

  it("has schemas checked even while others import the parser", async () => {
    const core = import.meta.resolve("@miqro/core");
    const parser = import.meta.resolve("@miqro/parser");
    const program = `
      const { App } = await import("${core}");
      const importing = import("${parser}");
      const app = new App();
      const declared = { request: { body: { a: "number" } }, response: { body: { a: "number" } } };
      app.route({ ...declared, method: "POST", path: "/", handler: (req) => ({ a: req.body.a, b: 2 }) });
      const send = (payload) =>
        app.inject({ method: "POST", url: "/", headers: { "content-type": "application/json" }, body: payload });
      const [bad, good] = await Promise.all([send('{"a":"x"}'), send('{"a":1}')]);
      await importing;
      const answers = JSON.stringify([bad.status, good.status, good.json()]);
      if (answers !== '[400,200,{"a":1}]') throw new Error(answers);
    `;
    await findModules(program);
  });
});
