import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { ask } from "./support/ask.js";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const compilers: Readonly<Record<string, readonly string[]>> = {
  esbuild: ["miqro", "@miqro", "@types", "esbuild", "@esbuild"],
  typescript: ["miqro", "@miqro", "@types", "typescript", "@typescript"],
};

let project: Project | undefined;
let server: RunningProcess | undefined;
afterEach(async () => {
  await server?.stop();
  await project?.remove();
});

for (const [compiler, installed] of Object.entries(compilers)) {
  describe(`miqro --watch with ${compiler} at the start`, () => {
    it("compiles what changed, and keeps the old version at a syntax error", {
      timeout: 60_000,
    }, async () => {
      project = await createProject(
        {
          "app/http/a.api.ts":
            'import { word } from "../../lib/word.js";\nexport default (req, res) => res.text(word);\n',
          "lib/word.ts": 'export const word: string = "first";\n',
        },
        installed,
      );
      server = startProcess(
        process.execPath,
        [program, "--watch", "--service", "app", "--port", "0", "--host", "127.0.0.1"],
        { cwd: project.path, env: { ...process.env, NO_COLOR: "1" } },
      );
      const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
      const answers = (expected: string) =>
        eventually(async () => assert.equal((await ask(`${url}/a`)).text, expected));
      await answers("first");

      // It lies outside of the service.
      await project.write({ "lib/word.ts": 'export const word: string = "second";\n' });
      await answers("second");
      assert.match(server.output(), /lib\/word\.ts changed: reloaded in \d+ ms/);

      await project.write({ "lib/word.ts": 'export const a = 1;\nexport const word: = "third";\n' });
      await server.waitFor(
        /lib\/word\.ts: .+ \(lib\/word\.ts:2:20\)\n[\s\S]*> 2 \| export const word: = "third";\n[\s\S]*The old version continues to serve/,
      );
      await answers("second");

      // Type errors stop nothing.
      await project.write({ "lib/word.ts": "export const word: number = 'fourth';\n" });
      await answers("fourth");

      await project.write({ "app/http/b.api.ts": "export default (req, res) => res.text('new');\n" });
      await eventually(async () => assert.equal((await ask(`${url}/b`)).text, "new"));
      assert.equal(await server.stop("SIGINT"), 0, server.output());
    });

    it("shows a syntax error of the first version until it is mended", { timeout: 60_000 }, async () => {
      project = await createProject({ "app/http/a.api.ts": "export default (req, res => 1;\n" }, installed);
      server = startProcess(
        process.execPath,
        [program, "--watch", "--service", "app", "--port", "0", "--host", "127.0.0.1"],
        { cwd: project.path, env: { ...process.env, NO_COLOR: "1" } },
      );
      const [, url = ""] = await server.waitFor(/Showing it on (http:\/\/\S+) until a file changes/);
      const page = await ask(`${url}/a`, { accept: "text/html" });
      assert.equal(page.status, 500);
      assert.match(page.text, /app\/http\/a\.api\.ts:1:\d+/);
      await project.write({ "app/http/a.api.ts": "export default (req, res) => res.text('mended');\n" });
      await eventually(async () => assert.equal((await ask(`${url}/a`)).text, "mended"));
    });
  });
}
