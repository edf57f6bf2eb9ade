import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { launchChromium } from "miqro-tests/chromium";
import { type PackedPackages, packPackages } from "miqro-tests/packed-app";
import { missingChromium } from "miqro-tests/parts";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { type Registry, startRegistry } from "miqro-tests/registry";

const run = promisify(execFile);
const skip = isBuiltin("node:sqlite") ? false : "Node.js 22.13 is needed, or a package that is built";

describe("miqro --init, from packed packages", { skip, timeout: 300_000 }, () => {
  let packed: PackedPackages;
  let registry: Registry;
  let root: string;
  let folder: string;
  let app: string;
  let server: RunningProcess | undefined;

  // A test that knows of the one around it reports to that.
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env;
  let env: NodeJS.ProcessEnv;
  const shell = (command: string, cwd = app) => run(command, { cwd, env, shell: true });
  const start = (...args: string[]): RunningProcess => startProcess("npm", args, { cwd: app, env });

  before(async () => {
    packed = await packPackages();
    registry = await startRegistry(packed.tarballs.values());
    root = await mkdtemp(join(tmpdir(), "miqro-init-"));
    // As deep as the folder of a user's project: tsc watches no whole folder that is near the root.
    folder = join(root, "projects");
    await mkdir(folder);
    app = join(folder, "app");
    env = {
      ...rest,
      PORT: "0",
      npm_config_registry: registry.url,
      // Nothing of what an earlier run fetched: versions of the workspace keep their number.
      npm_config_cache: join(folder, ".cache"),
    };
  });
  after(async () => {
    await server?.stop();
    await registry.close();
    await rm(root, { recursive: true, force: true });
    await packed.remove();
  });

  it("writes an app, and says what comes next", async () => {
    await shell("npm install --no-audit --no-fund miqro", folder);
    const { stdout } = await shell("npx miqro --init app", folder);
    assert.match(
      stdout,
      /^Wrote an app to \S+\/app: a page, .*\nNext: cd app && npm install && npm run dev\n$/,
    );
    await shell("npm install --no-audit --no-fund");
  });

  it("writes nothing where a file is there already", async () => {
    await writeFile(join(app, "app/http/notes.api.ts"), "mine");
    await rm(join(app, "dev.js"));
    const error = await shell("npx miqro --init app", folder).catch((error) => error);
    assert.equal(error.code, 10);
    assert.match(
      error.stderr,
      /^miqro: Nothing was written, because app already has package\.json, .*app\/http\/notes\.api\.ts/,
    );
    assert.equal(await readFile(join(app, "app/http/notes.api.ts"), "utf8"), "mine");
    await assert.rejects(readFile(join(app, "dev.js")), { code: "ENOENT" });
    await rm(join(app, "app"), { recursive: true });
    await shell("npx miqro --init other", folder);
    for (const name of ["app", "dev.js"]) {
      await cp(join(folder, "other", name), join(app, name), { recursive: true });
    }
  });

  it("passes its own test, and keeps that out of its database", async () => {
    const { stdout } = await shell("npm test");
    assert.match(stdout, /pass 2/);
    await assert.rejects(readFile(join(app, "notes.sqlite3")), { code: "ENOENT" });
  });

  it("serves with npm start", async () => {
    server = start("start");
    const [, url] = await server.waitFor(/on (http:\/\/\S+) \(/);
    const created = await fetch(`${url}/notes`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: "first" }),
    });
    assert.equal(created.status, 201);
    assert.match(await (await fetch(`${url}/index.html`)).text(), /<li>first<\/li>/);
    await stop();
  });

  it("is developed with npm run dev, in a browser that follows", { skip: missingChromium() }, async () => {
    server = start("run", "dev");
    const [, url] = await server.waitFor(/on (http:\/\/\S+) \(/);
    const browser = await launchChromium();
    let unchanged = "";
    try {
      const tab = await browser.newPage();
      await tab.goto(`${url}/index.html`);
      await tab.getByPlaceholder("A new note").fill("second");
      await tab.getByRole("button").click();
      await tab.getByText("second").waitFor();
      unchanged = server.output();
      const file = join(app, "app/http/index.html.tsx");
      await writeFile(file, (await readFile(file, "utf8")).replace("<h1>Notes", "<h1>My notes"));
      await tab.getByRole("heading", { name: "My notes" }).waitFor();
    } finally {
      await browser.close();
    }
    await stop();
    // Writes to the database are no changes of sources.
    assert.doesNotMatch(unchanged, /File change detected/);
  });

  /** As Ctrl+C does it: the signal goes to the program, and nothing of it may be left. */
  async function stop(): Promise<void> {
    const { pid = 0 } = server?.child ?? {};
    const { stdout } = await run("ps", ["-eo", "pid=,ppid=,args="]);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
    const below = (parent: string): string[] =>
      rows.filter((row) => row[1] === parent).flatMap((row) => [row[0] ?? "", ...below(row[0] ?? "")]);
    const all = below(String(pid)).map(Number);
    const leaf = rows.find(
      ([one, , program = "", script = ""]) =>
        all.includes(Number(one)) && /(?:^|\/)node$/.test(program) && /(?:^dev\.js|\/miqro)$/.test(script),
    );
    process.kill(Number(leaf?.[0]), "SIGINT");
    if (server?.child.exitCode === null) await once(server.child, "close");
    await eventually(async () => {
      for (const one of all) assert.throws(() => process.kill(one, 0), { code: "ESRCH" });
    });
  }
});
