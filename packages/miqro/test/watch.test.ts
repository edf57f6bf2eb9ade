import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import * as nodeModule from "node:module";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { ask } from "./support/ask.js";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const withoutHooks =
  typeof nodeModule.registerHooks === "function" ? false : "Node.js cannot tell what it loads before 22.15";

let project: Project;
let server: RunningProcess;
let url: string;
afterEach(async () => {
  await server?.stop();
  await project?.remove();
});

const hello = "export default () => 'hello';\n";

async function start(
  files: Readonly<Record<string, string>>,
  { args = ["--service", "app"], env = {} }: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  project = await createProject({ "app/http/hello.api.js": hello, ...files });
  await launch({ args, env });
}

async function launch({
  args = ["--service", "app"],
  env = {},
}: {
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
}) {
  const flags = ["--no-build", "--watch", "--port", "0", ...args];
  server = startProcess(process.execPath, [program, ...flags], {
    cwd: project.path,
    env: { ...process.env, NODE_ENV: "", NO_COLOR: "1", ...env },
  });
  [, url = ""] = await server.waitFor(/(?: on|Showing it on) (http:\/\/[^\s/]+)/);
}

const text = async (path: string) => (await ask(url + path)).text;
const answers = (path: string, expected: string) =>
  eventually(async () => assert.equal(await text(path), expected));
const pid = "export default () => String(process.pid);\n";
const word = (value: string) => `export const word = ${JSON.stringify(value)};\n`;
const reads = (specifier: string) => `import { word } from "${specifier}";\nexport default () => word;\n`;

describe("miqro --watch", () => {
  const changes: Readonly<
    Record<
      string,
      { files: Readonly<Record<string, string>>; change: string; content: string; skip?: boolean | string }
    >
  > = {
    "a module outside of the service": {
      files: { "lib/word.js": word("old"), "app/http/word.api.js": reads("../../lib/word.js") },
      change: "lib/word.js",
      content: word("new"),
      skip: withoutHooks,
    },
    "a module that such a module imports": {
      files: {
        "lib/deep/word.js": word("old"),
        "lib/index.js": 'export * from "./deep/word.js";',
        "app/http/word.api.js": reads("../../lib/index.js"),
      },
      change: "lib/deep/word.js",
      content: word("new"),
      skip: withoutHooks,
    },
    "JSON that was imported": {
      files: {
        "data/word.json": '{ "word": "old" }',
        "app/http/word.api.js":
          'import data from "../../data/word.json" with { type: "json" };\nexport default () => data.word;\n',
      },
      change: "data/word.json",
      content: '{ "word": "new" }',
      skip: withoutHooks,
    },
    "a helper in the service": {
      files: { "app/word.js": word("old"), "app/http/word.api.js": reads("../word.js") },
      change: "app/word.js",
      content: word("new"),
    },
    "a config": {
      files: {
        "app/middleware.js": "export default { middleware: (req) => { req.word = 'old'; } };",
        "app/http/word.api.js": "export default (req) => req.word;",
      },
      change: "app/middleware.js",
      content: "export default { middleware: (req) => { req.word = 'new'; } };",
    },
  };
  for (const [what, { files, change, content, skip = false }] of Object.entries(changes)) {
    it(`answers anew after a change of ${what}`, { skip }, async () => {
      await start(files);
      assert.equal(await text("/word"), "old");
      // The list of what was loaded is on its way.
      await eventually(async () => {
        await project.write({ [change]: content });
        assert.equal(await text("/word"), "new");
        await project.write({ [change]: content });
      });
    });
  }

  it("answers anew after a change of a linked package", { skip: withoutHooks }, async () => {
    project = await createProject({
      "packages/words/package.json": '{ "name": "words", "type": "module", "exports": "./index.js" }',
      "packages/words/index.js": word("old"),
      "site/package.json": '{ "type": "module" }',
      "site/app/http/word.api.js": reads("words"),
    });
    await mkdir(join(project.path, "site/node_modules"));
    await symlink("../../packages/words", join(project.path, "site/node_modules/words"));
    await launch({ args: ["--service", "site/app"] });
    assert.equal(await text("/word"), "old");
    await eventually(async () => {
      await project.write({ "packages/words/index.js": word("new") });
      assert.equal(await text("/word"), "new");
    });
  });

  it("reads miqro.json anew, and goes on with the old one while it has a fault", async () => {
    const json = (services: readonly string[], rest: object = {}) =>
      JSON.stringify({ services, noBuild: true, ...rest });
    await start(
      { "miqro.json": json(["app"]), "other/http/other.api.js": "export default () => 'other';" },
      { args: [] },
    );
    assert.equal((await ask(`${url}/other`)).status, 404);
    await project.write({ "miqro.json": json(["app"], { prot: 1 }) });
    await server.waitFor(/miqro\.json: unknown key "prot".*\nThe old version continues to serve/);
    assert.equal(await text("/hello"), "hello");
    await project.write({ "miqro.json": json(["app", "other"]) });
    await answers("/other", "other");
    await project.write({ "other/http/other.api.js": "export default () => 'other again';" });
    await answers("/other", "other again");
  });

  for (const [what, args, json] of [
    ["--env-file", ["--service", "app", "--env-file", ".env"], undefined],
    ["envFile", [], { services: ["app"], noBuild: true, envFile: ".env" }],
  ] as const) {
    it(`reads the file of ${what} anew`, async () => {
      await start(
        {
          ".env": "GREETING=old\nSET=file\n",
          "app/http/greeting.api.js": "export default () => process.env.GREETING + process.env.SET;",
          ...(json === undefined ? {} : { "miqro.json": JSON.stringify(json) }),
        },
        { args, env: { SET: "environment" } },
      );
      await answers("/greeting", "oldenvironment");
      await project.write({ ".env": "GREETING=new\nSET=file\n" });
      await answers("/greeting", "newenvironment");
    });
  }

  it("keeps its worker when the app writes", async () => {
    await start({ "app/static/a.txt": "a", "app/http/plain.txt": "plain", "app/http/pid.api.js": pid });
    const before = await text("/pid");
    const written = {
      "app/static/uploads/photo.jpg": "photo",
      "app/static/late.js": "late",
      "app/http/plain.txt": "changed",
      "app/data.json": "{}",
      "app/cache/entry": "x",
      "app/db.sqlite3-wal": "x",
      "server.log": "x",
      "elsewhere/x.js": "x",
    };
    await project.write(written);
    await answers("/uploads/photo.jpg", "photo");
    await answers("/plain.txt", "changed");
    // A change that counts is told once, with nothing before it.
    await project.write({ "app/http/hello.api.js": "export default () => 'again';" });
    await server.waitFor(/changed: reloaded/);
    await answers("/hello", "again");
    const told = server.output().match(/^.* changed: reloaded/gm);
    assert.deepEqual(told, ["app/http/hello.api.js changed: reloaded"], server.output());
    assert.notEqual(await text("/pid"), before);
  });

  it("reloads once for many files of one compilation", async () => {
    await start({ "app/http/pid.api.js": pid });
    // As tsc does, without a pause for other work.
    for (let index = 0; index < 30; index++) {
      writeFileSync(join(project.path, `app/http/r${index}.api.js`), hello);
    }
    await answers("/r29", "hello");
    await server.waitFor(/and \d+ more changed: reloaded/);
    assert.equal(server.output().match(/changed: reloaded/g)?.length, 1, server.output());
  });

  it("goes on with the old version when an output does not parse", async () => {
    await start({});
    await project.write({ "app/http/hello.api.js": "export default () => {" });
    await server.waitFor(
      /miqro: app\/http\/hello\.api\.js: SyntaxError: .*\n(?: {4}.*\n)+The old version continues to serve/,
    );
    assert.equal(await text("/hello"), "hello");
    await project.write({ "app/http/hello.api.js": "export default () => 'mended';" });
    await answers("/hello", "mended");
  });

  it("is development, unless NODE_ENV says otherwise", async () => {
    const files = {
      "app/http/env.api.js": "export default () => process.env.NODE_ENV;",
      "app/http/boom.api.js": "// one\nexport default () => {\n  throw new Error('boom');\n};\n",
      "app/http/none.api.js": "export default () => {};",
    };
    await start(files);
    assert.equal(await text("/env"), "development");
    const boom = await text("/boom");
    assert.match(boom, /"detail":"boom"/);
    assert.match(boom, /app\/http\/boom\.api\.js:3:9\\n.*> 3 \|/);
    await server.waitFor(/> 3 \| {3}throw new Error\('boom'\);\n/);
    assert.match(await text("/none"), /ran and sent no answer/);
    await server.stop();
    await launch({ env: { NODE_ENV: "production" } });
    assert.equal(await text("/env"), "production");
    assert.doesNotMatch(await text("/boom"), /"detail"|> 3/);
  });

  describe("Host", () => {
    const hosts: readonly (readonly [host: string, status: number])[] = [
      ["localhost", 200],
      ["LOCALHOST:80", 200],
      ["app.localhost:1", 200],
      ["127.0.0.1", 200],
      ["[::1]:80", 200],
      ["192.168.1.5:80", 200],
      ["dev.test", 200],
      ["dev.test:8080", 200],
      ["evil.example", 403],
      ["localhost.evil.example", 403],
      ["evil-localhost", 403],
      ["127.0.0.1.nip.io", 403],
      ["dev.test.evil.example", 403],
      ["sub.dev.test", 403],
    ];
    it("is answered when it is local or allowed", async () => {
      await start({}, { args: ["--service", "app", "--allowed-host", "dev.test"] });
      for (const [host, status] of hosts) {
        const answer = await ask(`${url}/hello`, { host });
        assert.equal(answer.status, status, host);
        if (status === 403) assert.match(answer.text, /^The host "[^"]+" is not allowed.*--allowed-host/);
      }
    });

    it("is checked where an error is shown in the app's place", async () => {
      await start({ "app/http/hello.api.js": "throw new Error('secret');" });
      assert.match(await text("/"), /secret/);
      const answer = await ask(`${url}/`, { host: "evil.example" });
      assert.equal(answer.status, 403);
      assert.doesNotMatch(answer.text, /secret/);
    });
  });

  describe("a crash", () => {
    const crashes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "an exception soon after the start": {
        "app/server.js":
          "export default { start() { setTimeout(() => { throw new Error('boom'); }, 20); } };\n",
      },
      "a rejection soon after the start": {
        "app/server.js":
          "export default { start() { setTimeout(() => Promise.reject(new Error('boom')), 20); } };\n",
      },
      "an exception before it listens": {
        "app/server.js":
          "export default { load: () => new Promise(() => { setTimeout(() => { throw new Error('boom'); }, 20); }) };\n",
      },
    };
    for (const [what, files] of Object.entries(crashes)) {
      it(`is shown until it is mended: ${what}`, async () => {
        await start(files);
        await server.waitFor(/Showing it on .* until a file changes/);
        const shown = await ask(`${url}/hello`);
        assert.equal(shown.status, 500);
        assert.match(shown.text, /boom/);
        await project.write({ "app/server.js": "export default {};\n" });
        await answers("/hello", "hello");
      });
    }

    it("in a request is told, and the app is started again", async () => {
      await start({
        "app/http/float.api.js":
          "export default () => { Promise.reject(new Error('floating')); return 'sent'; };",
      });
      assert.equal(await text("/float"), "sent");
      await server.waitFor(
        /miqro: An unhandled rejection of a promise: Error: floating \(app\/http\/float\.api\.js:1\)/,
      );
      await server.waitFor(/is started again/);
      await answers("/hello", "hello");
    });

    it("by process.exit is told, and the app is started again", async () => {
      await start({ "app/http/exit.api.js": "export default () => process.exit(0);" });
      await ask(`${url}/exit`).catch(() => undefined);
      await server.waitFor(/The app has ended its process/);
      await answers("/hello", "hello");
    });
  });

  it("ends when a handler asks for it", async () => {
    await start({
      "app/http/stop.api.js": "export default (req) => { req.server.stop(); return 'stopping'; };",
    });
    assert.equal(await text("/stop"), "stopping");
    assert.equal(await server.exited, 0, server.output());
  });

  const config = JSON.stringify({
    compilerOptions: { module: "nodenext", target: "es2022", rootDir: ".", outDir: "dist" },
  });

  it("tells of sources whose output does not follow, once, with what to ask", async () => {
    await start({
      "tsconfig.json": config,
      "app/http/one.api.ts": hello,
      "dist/app/http/one.api.js": hello,
      "app/http/two.api.ts": hello,
      "dist/app/http/two.api.js": hello,
    });
    await project.write({ "app/http/one.api.ts": `${hello}// changed\n` });
    await server.waitFor(
      /^app\/http\/one\.api\.ts is newer than its output, dist\/app\/http\/one\.api\.js\. Is tsc --watch running\?$/m,
    );
    // What follows in time gets no line.
    await project.write({ "app/http/two.api.ts": "export default () => 'two';\n" });
    await project.write({ "dist/app/http/two.api.js": "export default () => 'two';\n" });
    await answers("/two", "two");
    assert.doesNotMatch(server.output(), /two\.api\.ts is/);
    await project.write({ "app/http/new.api.ts": hello });
    await server.waitFor(/^app\/http\/new\.api\.ts has no output yet, dist\/app\/http\/new\.api\.js\./m);
    await project.write({ "dist/app/http/two.api.js": "export default () => 'three';\n" });
    await server.waitFor(/new\.api\.ts: it is not compiled.*\nThe old version continues to serve/);
    await project.write({ "dist/app/http/new.api.js": "export default () => 'new';\n" });
    await answers("/new", "new");
    await answers("/two", "three");
  });

  it("tells at its start of sources that are newer than their outputs", async () => {
    project = await createProject({
      "tsconfig.json": config,
      "app/http/one.api.ts": hello,
      "dist/app/http/one.api.js": hello,
    });
    const past = new Date(Date.now() - 60_000);
    await utimes(join(project.path, "dist/app/http/one.api.js"), past, past);
    await launch({});
    assert.match(
      server.output(),
      /app\/http\/one\.api\.ts is newer than its output\. Is tsc --watch running\?/,
    );
  });

  it("tells of names that are nearly known, once, when they appear", async () => {
    await start({});
    await project.write({ "app/midleware.js": "export default {};" });
    await server.waitFor(/^app\/midleware\.js: this file is not read\. Did you mean middleware\.js\?$/m);
    await project.write({ "app/http/hello.api.js": "export default () => 'again';" });
    await answers("/hello", "again");
    assert.equal(server.output().match(/Did you mean middleware/g)?.length, 1);
  });

  it("serves what comes into a static folder that was made later", async () => {
    await start({});
    await mkdir(join(project.path, "app/static"));
    await writeFile(join(project.path, "app/static/late.txt"), "late");
    await answers("/late.txt", "late");
    await rm(join(project.path, "app/static"), { recursive: true });
    await eventually(async () => assert.equal((await ask(`${url}/late.txt`)).status, 404));
  });
});
