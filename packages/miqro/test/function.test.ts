import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { type RunningProcess, startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const hello = "module.exports = () => 'hello'";

async function createFolder(t: TestContext, files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await createProject({ "package.json": "{}", ...files });
  t.after(async () => {
    // A running process may still write to the folder.
    await Promise.all(running.splice(0).map((server) => server.stop("SIGKILL")));
    await folder.remove();
  });
  return folder;
}

const running: RunningProcess[] = [];

function start({ path }: Project, ...args: string[]): RunningProcess {
  const server = startProcess(process.execPath, [program, ...args], { cwd: path });
  running.push(server);
  return server;
}

async function portOf(server: RunningProcess): Promise<string> {
  const [, port = ""] = await server.waitFor(/miqro: Accepting connections on port (\d+)/);
  return port;
}

async function ask(port: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}`)).text();
}

function askSocket(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath }, (res) => res.setEncoding("utf8").on("data", resolve))
      .on("error", reject)
      .end();
  });
}

const free = ["-l", "tcp://127.0.0.1:0"];

describe("miqro FILE", () => {
  const forms: Readonly<Record<string, [name: string, source: string]>> = {
    "a function of CommonJS": ["index.js", hello],
    "an asynchronous function": ["index.cjs", "module.exports = async () => 'hello'"],
    "a promise of a function": ["index.js", "module.exports = Promise.resolve(() => 'hello')"],
    "a default export": ["index.mjs", "export default () => 'hello'"],
    "a default export of a promise": ["index.mjs", "export default Promise.resolve(async () => 'hello')"],
    "a default export that was compiled to CommonJS": [
      "index.js",
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 'hello'",
    ],
  };
  for (const [what, [name, source]] of Object.entries(forms)) {
    it(`serves ${what}`, async (t) => {
      const server = start(await createFolder(t, { [name]: source }), ...free, name);
      assert.equal(await ask(await portOf(server)), "hello");
    });
  }

  it("finds the file by package.json, else index.js, where a place is given", async (t) => {
    const byMain = await createFolder(t, {
      "package.json": '{ "main": "service.js" }',
      "service.js": "module.exports = () => 'main'",
      "index.js": hello,
    });
    assert.equal(await ask(await portOf(start(byMain, ...free))), "main");
    assert.equal(await ask(await portOf(start(byMain, ".", ...free))), "main");
    const byName = await createFolder(t, { "index.js": hello });
    assert.equal(await ask(await portOf(start(byName, ...free))), "hello");
  });

  it("listens in several places, and removes its socket at the end", async (t) => {
    const folder = await createFolder(t, { "index.js": hello });
    const [first, second] = [join(folder.path, "a.sock"), join(folder.path, "b.sock")];
    const server = start(folder, "index.js", ...free, "-l", `unix:${first}`, "--socket", second);
    const port = await portOf(server);
    await server.waitFor(/on .*a\.sock[\s\S]*on .*b\.sock/);
    assert.deepEqual(
      await Promise.all([ask(port), askSocket(first), askSocket(second)]),
      Array(3).fill("hello"),
    );
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.deepEqual([existsSync(first), existsSync(second)], [false, false]);
  });

  it("lets requests finish before it ends with 0", async (t) => {
    const folder = await createFolder(t, {
      "index.js":
        "module.exports = () => new Promise((done) => { console.log('begun'); process.once('SIGINT', () => done('finished')) })",
    });
    const server = start(folder, "index.js", ...free);
    const asking = ask(await portOf(server));
    await server.waitFor(/begun/);
    assert.equal(await server.stop("SIGINT"), 0);
    assert.equal(await asking, "finished");
    assert.match(server.output(), /miqro: Gracefully shutting down\. Please wait\.\.\./);
  });

  it("writes its usage to stderr and ends with 2, and its version with 0", async (t) => {
    const folder = await createFolder(t, { "index.js": hello });
    const help = start(folder, "index.js", "--help");
    assert.equal(await help.exited, 2);
    assert.match(help.output(), /Usage: miqro \[-l URI \.\.\.\] \[FILE\]/);
    const version = start(folder, "index.js", "-v");
    assert.equal(await version.exited, 0);
    assert.match(version.output(), /^\d+\.\d+\.\d+\n$/);
  });

  const failures: readonly [what: string, args: readonly string[], message: RegExp][] = [
    ["a file that is not there", ["missing.js"], /"missing\.js" doesn't exist! \(path-not-existent\)/],
    ["no file", free, /Please supply a file: miqro FILE\. \(path-missing\)/],
    [
      "a file that exports no function",
      ["object.js"],
      /object\.js" does not export a function\. \(no-export\)/,
    ],
    ["a file that exports nothing", ["nothing.mjs"], /does not export a function\. \(no-export\)/],
    [
      "an unknown scheme",
      ["good.js", "-l", "ftp://a"],
      /Unknown --listen endpoint scheme \(protocol\): ftp:.*\(STARTUP_FAILURE\)/,
    ],
    ["a pipe that is none", ["good.js", "-l", "pipe:x"], /Invalid Windows named pipe endpoint/],
    ["a socket without a path", ["good.js", "-l", "unix:"], /Invalid UNIX domain socket endpoint/],
    [
      "a socket in a folder that is not there",
      ["good.js", "-l", "unix:/no/such/folder/a"],
      /Cannot listen on \/no\/such/,
    ],
    ["a port that is none", ["good.js", "-p", "70000"], /not "70000"\. \(invalid-server-port\)/],
    ["a port and a socket", ["good.js", "-p", "80", "-s", "a"], /not both\. \(invalid-port-socket\)/],
    [
      "an unknown flag",
      ["good.js", "--cold"],
      /^miqro: Unknown option '--cold'\. See miqro FILE --help\. \(STARTUP_FAILURE\)$/m,
    ],
    ["two files", ["good.js", "object.js"], /miqro serves one file, not 2: good\.js, object\.js\./],
  ];
  for (const [what, args, message] of failures) {
    it(`ends with 1 and tells of ${what}`, async (t) => {
      const folder = await createFolder(t, {
        "good.js": hello,
        "object.js": "module.exports = {}",
        "nothing.mjs": "",
      });
      const server = start(folder, ...args);
      assert.equal(await server.exited, 1, server.output());
      assert.match(server.output(), /^miqro: /);
      assert.match(server.output(), message);
    });
  }

  const broken: readonly [what: string, file: string, source: string, message: RegExp, frame?: string][] = [
    [
      "syntax of CommonJS",
      "x.js",
      'const a = 1;\nlet b = "a" c;',
      /SyntaxError: .* \(x\.js:2:13\)/,
      "x.js:2:13",
    ],
    [
      "syntax of a module",
      "x.mjs",
      'const a = 1;\nlet b = "a" c;',
      /SyntaxError: .* \(x\.mjs:2:13\)/,
      "x.mjs:2:13",
    ],
    [
      "the end of a file",
      "x.mjs",
      "const a = 1;\nexport default () => {",
      /SyntaxError: .* \(x\.mjs:2:23\)/,
      "x.mjs:2:23",
    ],
    [
      "syntax of an imported file",
      "x.mjs",
      "import './lib/bad.mjs';",
      /SyntaxError: .* \(lib\/bad\.mjs:1:5\)/,
      "lib/bad.mjs:1:5",
    ],
    [
      "syntax of a required file",
      "x.js",
      "require('./lib/bad.mjs.js');",
      /SyntaxError: .* \(lib\/bad\.mjs\.js:1:5\)/,
      "lib/bad.mjs.js:1:5",
    ],
    [
      "a package that is not installed",
      "x.mjs",
      "\nimport a from 'no-such-package/part';",
      /it imports the package "no-such-package", .* Run "npm install no-such-package"/,
      "x.mjs:2:15",
    ],
    [
      "a package that CommonJS requires",
      "x.js",
      "const a = require('no-such-package/part');",
      /it imports the package "no-such-package", .* Run "npm install no-such-package"/,
      "x.js:1:11",
    ],
    [
      "a file that is missing",
      "x.mjs",
      "import a from './gone.mjs';",
      /it imports gone\.mjs, which does not exist/,
      "x.mjs:1:15",
    ],
    [
      "a file that CommonJS requires",
      "x.js",
      "const a = require('./gone');",
      /it imports gone, which does not exist/,
      "x.js:1:11",
    ],
    [
      "a name that a module does not export",
      "x.mjs",
      "import { a } from './lib/good.mjs';",
      /does not provide an export named 'a' \(x\.mjs:1:10\)/,
      "x.mjs:1:10",
    ],
    [
      "an exception of CommonJS",
      "x.js",
      "\nthrow new Error('Bang');",
      /Error: Bang \(x\.js:2:7\)/,
      "x.js:2:7",
    ],
    [
      "an exception of a module",
      "x.mjs",
      "\nthrow new Error('Bang');",
      /Error: Bang \(x\.mjs:2:7\)/,
      "x.mjs:2:7",
    ],
    [
      "a rejected promise",
      "x.mjs",
      "export default Promise.reject(new Error('later'));",
      /Error: later \(x\.mjs:1:31\)/,
      "x.mjs:1:31",
    ],
    ["a thrown value that is no Error", "x.mjs", "throw 5;", /it threw 5/],
    [
      "a file that needs a compiler",
      "x.tsx",
      "export default 1;",
      /cannot run a file with the extension "\.tsx"\. Compile it with tsc/,
    ],
    ["JSON", "x.json", "{}", /it is JSON/],
  ];
  for (const [what, file, source, message, place] of broken) {
    it(`tells in one message, without the stack of Node.js, of ${what}`, async (t) => {
      const folder = await createFolder(t, {
        [file]: source,
        "lib/bad.mjs": "var 1;",
        "lib/bad.mjs.js": "var 1;",
        "lib/good.mjs": "export const b = 1;",
      });
      const server = start(folder, file, ...free);
      assert.equal(await server.exited, 1, server.output());
      const [head = "", ...rest] = server.output().trimEnd().split("\n");
      assert.ok(head.startsWith(`miqro: Error when importing ${file}: `), head);
      assert.match(head, message);
      assert.match(head, / \(invalid-entry\)$/);
      assert.equal(rest[0], place === undefined ? undefined : `    ${place}`);
      assert.equal(rest.filter((line) => line.startsWith("    > ")).length, place === undefined ? 0 : 1);
      assert.doesNotMatch(server.output(), /node:internal|node_modules/);
    });
  }

  it("tells of a port that is taken, in the words of a start", async (t) => {
    const folder = await createFolder(t, { "index.js": hello });
    const port = await portOf(start(folder, "index.js", ...free));
    const second = start(folder, "index.js", "-l", `tcp://127.0.0.1:${port}`);
    assert.equal(await second.exited, 1);
    assert.equal(
      second.output(),
      `miqro: Port ${port} is already in use by another process. End that process, or choose another port with --port. (STARTUP_FAILURE)\n`,
    );
  });

  it("tells of a package.json that is no JSON", async (t) => {
    const folder = await createFolder(t, { "package.json": "{ main" });
    const server = start(folder, ...free);
    assert.equal(await server.exited, 1);
    assert.match(server.output(), /Could not read `package\.json`: .*\(invalid-package-json\)/);
  });

  it("leaves words that are no files, and flags of miqro, to miqro and its exit codes", async (t) => {
    const folder = await createFolder(t, { "index.js": hello, "app/x.txt": "" });
    for (const args of [["app"], ["app/"], ["no-such-word"], ["--service", "index.js", "--cold"]]) {
      const server = start(folder, ...args);
      assert.equal(await server.exited, 10, args.join(" "));
    }
  });
});
