import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { isBuiltin } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type LogRecord, Miqro, type StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
});

type Files = Readonly<Record<string, string>>;

async function start(files: Files, ...services: string[]): Promise<string> {
  project = await createProject(files);
  const { path } = project;
  miqro = new Miqro({ services: services.map((one) => join(path, one)), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

/** A config that keeps what it is given, in this process. */
const keeping = (name: string, level?: string) =>
  `{ ${level === undefined ? "" : `level: "${level}",`} replaceConsoleTransport: true,
     write: (line) => { (globalThis.${name} ??= []).push(line); } }`;
const kept = (name: string) => {
  const lines = (globalThis as unknown as Record<string, LogRecord[] | undefined>)[name] ?? [];
  delete (globalThis as unknown as Record<string, unknown>)[name];
  return lines;
};
const speaking = `export default (req) => {
  req.logger.error("an %s", "error"); req.logger.warn("a warning"); req.logger.info("news"); req.logger.debug("detail");
  req.server.getLogger("MINE").info("mine");
  return "said";
};`;

describe("log.ts", () => {
  it("takes the lines of requests and of other loggers, with what is known of them", async () => {
    const url = await start(
      { "a/log.js": `export default ${keeping("all")};`, "b/http/posts/[id].api.js": speaking },
      "a",
      "b",
    );
    await (await fetch(`${url}/posts/7?token=secret`)).text();
    const lines = kept("all");
    assert.deepEqual(
      lines.map(({ level, identifier, message }) => [level, identifier, message]),
      [
        ["error", "POSTS_ID_GET", "an %s"],
        ["warn", "POSTS_ID_GET", "a warning"],
        ["info", "POSTS_ID_GET", "news"],
        ["info", "MINE", "mine"],
      ],
    );
    assert.match(
      lines[0]?.out ?? "",
      /ERROR \[POSTS_ID_GET\] an error \[GET \/posts\/7 [\w-]{36} 127\.0\.0\.1\]$/,
    );
    assert.equal(lines[0]?.meta?.method, "GET");
    assert.doesNotMatch(JSON.stringify(lines), /secret/);
  });

  it("takes the lines of databases", {
    skip: !isBuiltin("node:sqlite") && "Node.js 22.13 is needed",
  }, async () => {
    await start(
      {
        "a/log.js": `export default ${keeping("all")};`,
        "a/db.js": "export default { name: 'm', dialect: 'node:sqlite', storage: ':memory:' };",
        "a/migration/001_x.js": "export default { up: (db) => db.query('CREATE TABLE x (id INTEGER)') };",
      },
      "a",
    );
    assert.ok(
      kept("all").some(({ identifier, out }) => identifier === "DATABASE_m" && out.includes("001_x")),
    );
  });

  for (const [level, messages] of [
    ["error", ["an %s"]],
    ["warn", ["a warning"]],
    ["info", ["news", "mine"]],
    ["debug", []],
  ] as const) {
    it(`takes lines of exactly the level ${level}`, async () => {
      const url = await start(
        { "a/log.js": `export default ${keeping("one", level)};`, "a/http/x.api.js": speaking },
        "a",
      );
      await (await fetch(`${url}/x`)).text();
      assert.deepEqual(
        kept("one").map(({ message }) => message),
        messages,
      );
    });
  }

  it("can be there several times, in one file and in several services", async () => {
    const files = {
      "a/log.js": `export default [${keeping("one", "error")}, ${keeping("two", "warn")}];`,
      "b/log.js": `export default ${keeping("three", "info")};`,
      "b/http/x.api.js": speaking,
    };
    const url = await start(files, "a", "b");
    await (await fetch(`${url}/x`)).text();
    assert.deepEqual([kept("one").length, kept("two").length, kept("three").length], [1, 1, 2]);
  });

  for (const [replace, shown] of [
    ["", true],
    ["replaceConsoleTransport: false,", true],
    ["replaceConsoleTransport: true, replaceFileTransport: true,", false],
  ] as const) {
    it(`${shown ? "leaves the console" : "replaces the console"} with {${replace}}`, async () => {
      project = await createProject({
        "app/log.js": `export default { ${replace} async write({ out }) { throw new Error("cannot write " + out.length); } };`,
        "app/http/x.api.js": "export default (req) => { req.logger.info('hello log'); return 'x'; };",
      });
      const child = spawn(
        process.execPath,
        [program, "--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"],
        {
          cwd: project.path,
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      const errors = text(child.stderr);
      const closed = once(child, "close");
      let output = "";
      let isAsked = false;
      for await (const chunk of child.stdout.setEncoding("utf8")) {
        output += chunk;
        const [, url] = / on (http:\S+)/.exec(output) ?? [];
        if (url === undefined || isAsked) continue;
        isAsked = true;
        assert.equal(await (await fetch(`${url}/x`)).text(), "x");
        child.kill("SIGTERM");
      }
      await closed;
      assert.equal(output.includes("hello log"), shown, output);
      // A transport that fails is one line, and no end of the process.
      assert.match(await errors, /A log transport failed: write\(\) of \S*log\.[jt]s: cannot write \d+/);
      assert.equal(child.exitCode, 0);
    });
  }

  it("is checked", async () => {
    const wrong: readonly [config: string, message: RegExp][] = [
      ["{}", /"write" in the default export must be/],
      ["{ write: 1 }", /"write" .* must be/],
      ["{ write() {}, level: 'verbose' }", /"level" in the default export must be .*error/],
      ["{ write() {}, level: 'none' }", /"level" /],
      ["{ write() {}, levl: 'info' }", /unknown key "levl".*"level"/],
      [
        "{ write() {}, replaceConsole: true }",
        /unknown key "replaceConsole".*Did you mean "replaceConsoleTransport"|unknown key "replaceConsole".*Write one of/,
      ],
      ["[{ write() {} }, 5]", /entry 1 of the array is a number/],
    ];
    for (const [config, message] of wrong) {
      await assert.rejects(start({ "a/log.js": `export default ${config};` }, "a"), (error: StartError) => {
        assert.match(error.message, message);
        return true;
      });
      await project?.remove();
    }
  });
});
