import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { ask } from "./support/ask.js";
import { createProject } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const flags = ["--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"];
const hello = { "app/http/hello.api.js": "export default () => 'hello';\n" };

type Files = Readonly<Record<string, string>>;

/** Runs miqro in a project, and ends it and the project afterwards. */
async function withServer(
  files: Files,
  test: (server: RunningProcess, url: () => Promise<string>) => Promise<void>,
  { env = {}, args = [] }: { env?: NodeJS.ProcessEnv; args?: readonly string[] } = {},
): Promise<void> {
  const project = await createProject(files);
  const server = startProcess(process.execPath, [program, ...flags, ...args], {
    cwd: project.path,
    env: { ...process.env, NODE_ENV: "", NO_COLOR: "1", ...env },
  });
  try {
    await test(server, async () => (await server.waitFor(/ on (http:\/\/[^\s/]+)/))[1] ?? "");
  } finally {
    await server.stop();
    await project.remove();
  }
}

const tsconfig = JSON.stringify({
  compilerOptions: { module: "nodenext", target: "es2022", rootDir: ".", outDir: "dist", sourceMap: true },
});

/** A source that throws in its third line, and what tsc might have written for it: the fifth. */
function mapped(name: string, output: string): Files {
  const stem = name.replace(/\.ts$/, "");
  const up = "../".repeat(name.split("/").length);
  const map = {
    version: 3,
    file: "x.js",
    sourceRoot: "",
    sources: [up + name],
    names: [],
    mappings: ";;;;AAEA",
  };
  return {
    "tsconfig.json": tsconfig,
    [name]: "// line 1\n// line 2\nthrow new Error('from line three');\n",
    [`dist/${stem}.js`]: `"a";\n"b";\n"c";\n"d";\n${output}\n//# sourceMappingURL=${stem.split("/").at(-1)}.js.map\n`,
    [`dist/${stem}.js.map`]: JSON.stringify(map),
  };
}

describe("a signal", () => {
  const waits: Readonly<Record<string, { files: Files; shows: RegExp }>> = {
    "while it waits for tsc": {
      files: { "tsconfig.json": tsconfig, "app/http/x.api.ts": "export default 1;" },
      shows: /Waiting for tsc/,
    },
    "while a module is loaded": {
      files: {
        "app/http/x.api.js":
          "console.log('loading'); await new Promise((done) => setTimeout(done, 300)); export default 1;",
      },
      shows: /loading/,
    },
    "while a hook runs": {
      files: {
        ...hello,
        "app/server.js":
          "export default { load: () => { console.log('hook'); return new Promise((done) => setTimeout(done, 300)); }, stop: () => console.log('undone') };",
      },
      shows: /hook/,
    },
  };
  // The module and the hook take long enough for the signal to come in between.
  for (const [what, { files, shows }] of Object.entries(waits)) {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      it(`ends a start ${what}: ${signal}`, () =>
        withServer(files, async (server) => {
          await server.waitFor(shows);
          assert.equal(await server.stop(signal), 0, server.output());
          assert.doesNotMatch(server.output(), / on http/);
          if (what.includes("hook")) assert.match(server.output(), /undone/);
        }));
    }
  }

  it("ends at once when it comes a second time", () =>
    withServer(
      {
        ...hello,
        "app/server.js":
          "export default { load: () => { console.log('hook'); setInterval(() => {}, 1000); return new Promise(() => {}); } };",
      },
      async (server) => {
        await server.waitFor(/hook/);
        server.child.kill("SIGTERM");
        await eventually(async () => {
          server.child.kill("SIGTERM");
          assert.notEqual(server.child.exitCode, null);
        });
        assert.equal(await server.exited, 143);
      },
    ));

  it("answers what is in flight", () =>
    withServer(
      {
        "app/http/slow.api.js":
          "export default () => { console.log('begun'); return new Promise((done) => process.once('SIGTERM', () => setTimeout(done, 100, 'slow'))); };",
      },
      async (server, url) => {
        const slow = ask(`${await url()}/slow`);
        await server.waitFor(/begun/);
        server.child.kill("SIGTERM");
        assert.equal((await slow).text, "slow");
        assert.equal(await server.exited, 0);
      },
    ));
});

describe("what nothing catches", () => {
  const crashes: Readonly<Record<string, { code: string; says: RegExp }>> = {
    "a rejection": {
      code: "Promise.reject(new Error('floating', { cause: new Error('deep') }));",
      says: /An unhandled rejection of a promise\..*exit code 1\. Error: floating\n\s+at .*crash\.api\.js:2:\d+[\s\S]*cause.*deep/,
    },
    "a rejection with no error": {
      code: "Promise.reject('only words');",
      says: /An unhandled rejection of a promise\..* only words/,
    },
    "an exception": {
      code: "setTimeout(() => { throw new Error('late'); }, 1);",
      says: /An uncaught exception\..* Error: late\n\s+at .*crash\.api\.js:2:\d+/,
    },
    "an error event": {
      code: "import('node:events').then(({ EventEmitter }) => setImmediate(() => new EventEmitter().emit('error', new Error('event'))));",
      says: /An uncaught exception\..* Error: event/,
    },
  };
  for (const [what, { code, says }] of Object.entries(crashes)) {
    it(`is logged, then the server answers what is in flight and ends with 1: ${what}`, () =>
      withServer(
        {
          "app/http/crash.api.js": `export default () => {\n  ${code}\n  return new Promise((done) => setTimeout(done, 200, 'answered'));\n};\n`,
        },
        async (server, url) => {
          assert.equal((await ask(`${await url()}/crash`)).text, "answered");
          assert.equal(await server.exited, 1);
          assert.match(server.output(), says);
          assert.doesNotMatch(server.output(), /^Node\.js v|triggerUncaughtException|^\s*\^/m);
        },
      ));
  }

  it("is left to an app that listens itself", () =>
    withServer(
      {
        "app/server.js":
          "process.on('unhandledRejection', (error) => console.log('own: ' + error.message)); export default {};",
        "app/http/crash.api.js":
          "export default () => { Promise.reject(new Error('floating')); return 'sent'; };",
      },
      async (server, url) => {
        const address = await url();
        await ask(`${address}/crash`);
        await server.waitFor(/own: floating/);
        assert.equal((await ask(`${address}/crash`)).text, "sent");
        assert.equal(await server.stop(), 0);
      },
    ));

  it("is one line of JSON where the log is JSON", () =>
    withServer(
      {
        "app/http/crash.api.js":
          "export default () => { Promise.reject(new Error('floating')); return 'sent'; };",
      },
      async (server, url) => {
        await ask(`${await url()}/crash`);
        assert.equal(await server.exited, 1);
        const line =
          server
            .output()
            .split("\n")
            .find((one) => one.includes("floating")) ?? "";
        assert.equal(JSON.parse(line).level, "error");
      },
      { env: { LOG_FORMAT: "json" } },
    ));
});

describe("the reader of the output", () => {
  for (const stream of ["stdout", "stderr"] as const) {
    for (const args of [[], ["--watch"]]) {
      it(`can go away: ${stream} ${args.join(" ")}`, () =>
        withServer(
          {
            "app/http/log.api.js":
              "export default (req) => { req.logger.error('asked'); process.stdout.write('out'); process.stderr.write('err'); return 'logged'; };",
          },
          async (server, url) => {
            const address = await url();
            server.child[stream]?.destroy();
            await once(server.child[stream] as NonNullable<typeof server.child.stdout>, "close");
            for (let times = 0; times < 5; times++)
              assert.equal((await ask(`${address}/log`)).text, "logged");
            assert.equal(server.child.exitCode, null);
          },
          { args },
        ));
    }
  }
});

describe("a stack", () => {
  it("names the line that was written, of a handler", () =>
    withServer(
      mapped("app/http/fail.api.ts", "export default () => { throw new Error('from line three'); };"),
      async (server, url) => {
        await ask(`${await url()}/fail`);
        await server.waitFor(/from line three[\s\S]*app\/http\/fail\.api\.ts:3/);
      },
    ));

  const starts: Readonly<Record<string, Files>> = {
    "a module": mapped("app/http/fail.api.ts", "throw new Error('from line three'); export default 1;"),
    "a hook": mapped("app/server.ts", "export default { load() { throw new Error('from line three'); } };"),
  };
  for (const [what, files] of Object.entries(starts)) {
    it(`names the line that was written, of ${what} that stops the start`, () =>
      withServer(files, async (server) => {
        assert.equal(await server.exited, 20);
        assert.match(server.output(), /from line three \(app\/(?:http\/fail\.api|server)\.ts:3(?::1)?\)/);
      }));
  }
});

describe("what does not come to its end", { concurrency: 4 }, () => {
  const never = "new Promise(() => { setInterval(() => {}, 1000); })";
  const hangs: Readonly<Record<string, { files: Files; path?: string; says: RegExp }>> = {
    "a load hook": {
      files: { ...hello, "app/server.js": `export default { load: () => ${never} };` },
      says: /WARN \[MIQRO\] the load hook of .*app\/server\.js has not finished after 10 seconds/,
    },
    "a module": {
      files: { "app/http/x.api.js": `await ${never}; export default 1;` },
      says: /loading .*app\/http\/x\.api\.js has not finished/,
    },
    "a handler": {
      files: { "app/http/users/[id].api.js": `export default () => ${never};` },
      path: "/users/7?token=secret",
      says: /GET \/users\/7 \(app\/http\/users\/\[id\]\.api\.js\) has had no answer for 10 seconds/,
    },
    middleware: {
      files: { ...hello, "app/middleware.js": `export default { middleware: () => ${never} };` },
      path: "/hello",
      says: /GET \/hello \(app\/http\/hello\.api\.js\) has had no answer/,
    },
  };
  for (const [what, { files, path, says }] of Object.entries(hangs)) {
    it(`is named: ${what}`, () =>
      withServer(files, async (server, url) => {
        if (path !== undefined) ask((await url()) + path, {}, 0).catch(() => undefined);
        await server.waitFor(says, 15_000);
        assert.doesNotMatch(server.output(), /secret/);
        // It would wait for what does not come.
        server.child.kill("SIGKILL");
      }));
  }

  it("is not named while it is being sent", () =>
    withServer(
      {
        "app/http/stream.api.js":
          "export default (req, res) => { res.write('begun'); return new Promise(() => {}); };",
        "app/http/hang.api.js": `export default () => ${never};`,
      },
      async (server, url) => {
        const address = await url();
        ask(`${address}/stream`, {}, 0).catch(() => undefined);
        ask(`${address}/hang`, {}, 0).catch(() => undefined);
        await server.waitFor(/\/hang/, 15_000);
        assert.doesNotMatch(server.output(), /\/stream/);
        server.child.kill("SIGKILL");
      },
    ));
});
