import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { type AddressInfo, createServer as createNetServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));

interface Mistake {
  readonly files?: Readonly<Record<string, string>>;
  /** Links by their paths, with what they lead to. */
  readonly links?: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The exit code; absent where it starts all the same. */
  readonly code?: number;
  readonly says: RegExp;
}

const hello = "export default () => 'hello';\n";
const app = { "app/http/hello.api.js": hello };
const db = "export default { name: 'db', dialect: 'node:sqlite', storage: ':memory:' };";
const tsconfig = (options: object = {}, rest: object = {}) =>
  JSON.stringify({ compilerOptions: { module: "nodenext", outDir: "dist", ...options }, ...rest });

/** Runs miqro until it listens, then ends it; or until it ends by itself. */
async function run(
  project: Project,
  { args, env }: Pick<Mistake, "args" | "env">,
): Promise<{ output: string; code: number | null; listened: boolean }> {
  const all = args ?? ["--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1"];
  const child = spawn(process.execPath, [program, ...all], {
    cwd: project.path,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let listened = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (listened || !/ on http:\/\//.test(output)) return;
      listened = true;
      child.kill("SIGTERM");
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { output, code, listened };
}

const mistakes: Readonly<Record<string, Mistake>> = {
  // Names in a service.
  "a config that is mistyped": {
    files: { ...app, "app/midleware.js": "export default {};" },
    says: /^app\/midleware\.js: this file is not read\. Did you mean middleware\.js\?$/m,
  },
  "a folder that is mistyped": {
    files: { ...app, "app/statc/x.txt": "x" },
    says: /^app\/statc: this folder is not read\. Did you mean static\/\?$/m,
  },
  "a folder in the plural": {
    files: { ...app, "app/migrations/001.js": hello },
    says: /app\/migrations: this folder is not read\. Did you mean migration\/\?/,
  },
  "a folder in capitals": {
    files: { ...app, "app/Static/x.txt": "x" },
    says: /app\/Static: .*Did you mean static\/\?/,
  },
  "a config that is a folder": {
    files: { ...app, "app/db/index.js": db },
    says: /app\/db: this folder is not read\. Did you mean the file db\.ts\?/,
  },
  "a config that is no script": {
    files: { ...app, "app/db.json": "{}" },
    says: /app\/db\.json: this file is not read\. Did you mean db\.ts\?/,
  },
  "a config with a second ending": {
    files: { ...app, "app/auth.config.js": "export default {};" },
    says: /app\/auth\.config\.js: this file is not read, because of "\.config\.js"/,
  },
  "a config below http": {
    files: { ...app, "app/http/auth.js": "export default { verify: () => null };" },
    says: /app\/http\/auth\.js: it is not read here\. To make it the config of the service, move it to app\/auth\.js/,
  },
  "an ending that is mistyped": {
    files: { ...app, "app/http/list.apii.js": hello },
    says: /app\/http\/list\.apii\.js: it answers nothing\. Did you mean list\.api\.js\?/,
  },
  "a page with hmtl": {
    files: { ...app, "app/http/list.hmtl.js": hello },
    says: /Did you mean list\.html\.js\?/,
  },
  "a route without an ending": {
    files: { ...app, "app/http/users.js": hello },
    says: /app\/http\/users\.js: it answers nothing, and nothing imports it\. To make it a route, rename it to app\/http\/users\.api\.js/,
  },
  "a parameter that is a part of a name": {
    files: { ...app, "app/http/user-[id].api.js": hello },
    code: 20,
    says: /app\/http\/user-\[id\]\.api\.js: "user-\[id\]" is not a parameter: brackets must enclose the whole name/,
  },
  "a parameter that is a part of a folder's name": {
    files: { ...app, "app/http/u[id]/x.api.js": hello },
    code: 20,
    says: /"u\[id\]" is not a parameter/,
  },
  "a bracket that is not closed": {
    files: { ...app, "app/http/[id.api.js": hello },
    code: 20,
    says: /"\[id" is not a parameter/,
  },
  "a migration in SQL": {
    files: { ...app, "app/db.js": db, "app/migration/001.sql": "CREATE" },
    says: /app\/migration\/001\.sql: it does not run: a migration is a script directly in migration/,
  },
  "a link below http that leads nowhere": {
    files: app,
    links: { "app/http/gone.api.js": "../nowhere.js" },
    code: 20,
    says: /app\/http\/gone\.api\.js: it is a link to \.\.\/nowhere\.js, which does not exist/,
  },
  "a config that is a link that leads nowhere": {
    files: app,
    links: { "app/auth.js": "nowhere.js" },
    code: 20,
    says: /app\/auth\.js: it is a link to nowhere\.js, which does not exist/,
  },
  // Which folder.
  "a service listed twice": {
    files: app,
    args: ["--no-build", "--service", "app", "--service", "./app/"],
    code: 20,
    says: /miqro: app: this service is listed twice\. List it once\./,
  },
  "a service that is not there": {
    args: ["--no-build", "--service", "ap"],
    code: 10,
    says: /The service ap does not exist: there is no ap\. --service, or "services" of miqro\.json/,
  },
  "a service that is a file": {
    files: app,
    args: ["--no-build", "--service", "app/http/hello.api.js"],
    code: 10,
    says: /is not a folder/,
  },
  "the folder of the project": {
    files: app,
    args: ["--no-build", "--service", "."],
    code: 10,
    says: /\. is not a service folder: it holds one\. Write --service app\./,
  },
  "the folder of the routes": {
    files: app,
    args: ["--no-build", "--service", "app/http"],
    code: 10,
    says: /app\/http is not a service folder: it is the http\/ of one\. Write --service app\./,
  },
  "a folder named as a config": {
    folders: ["app/ws"],
    code: 10,
    says: /its "ws" is a folder\. Did you mean the file ws\.ts\?/,
  },
  "no service": {
    args: ["--no-build"],
    code: 10,
    says: /there is no miqro\.json in .*, and no --service was given/,
  },
  "no service, where a folder is one": {
    files: app,
    args: [],
    code: 10,
    says: /Write miqro --service app\./,
  },
  "a word in place of a flag": { files: app, args: ["."], code: 10, says: /write: --service "\."/ },
  // Exports.
  "no default export": {
    files: { "app/http/x.api.js": "export const get = () => 1;" },
    code: 20,
    says: /app\/http\/x\.api\.js: it has no default export/,
  },
  "CommonJS in a module": {
    files: { "app/http/x.api.js": "module.exports = () => 1;" },
    code: 20,
    says: /app\/http\/x\.api\.js: it uses "module", which ES modules do not have\. Write export default in its place/,
  },
  "require in a module": {
    files: { "app/http/x.api.js": "const fs = require('fs'); export default () => fs;" },
    code: 20,
    says: /it uses "require", which ES modules do not have\. Write import in its place/,
  },
  "a key that is mistyped": {
    files: { ...app, "app/server.js": "export default { laod() {} };" },
    code: 20,
    says: /unknown key "laod" in the default export\. Did you mean "load"\?/,
  },
  "a policy without auth": {
    files: {
      "app/http/x.api.js": "export default { policy: { groups: ['a'] }, handler: () => 1 };",
    },
    code: 20,
    says: /app\/http\/x\.api\.js: it has a policy, but its requests never have a session\. Add auth\.ts/,
  },
  "a migration that sends nothing": {
    files: { ...app, "app/db.js": db, "app/migration/001.js": "export default { up: async () => {} };" },
    code: 20,
    says: /app\/migration\/001\.js: .*it sent no statement to the database\. Call yield\(\) of the query builder, and await the result/,
  },
  "a migration that awaits nothing": {
    files: {
      ...app,
      "app/db.js": db,
      "app/migration/001.js":
        "export default { up: async (db) => { db.createTable('t', { id: { type: 'integer' } }); } };",
    },
    code: 20,
    says: /it sent no statement/,
  },
  // Imports.
  "a path alias": {
    files: { "app/http/x.api.js": "import '@/lib/x.js'; export default 1;" },
    code: 20,
    says: /it imports "@.*", a path alias of tsconfig\.json.*write a relative import/,
  },
  "a package that is not installed": {
    files: { "app/http/x.api.js": "import 'no-such-package-here/x.js'; export default 1;" },
    code: 20,
    says: /the package "no-such-package-here", which is not installed\. Run "npm install no-such-package-here"/,
  },
  "an import without its extension": {
    files: { "app/lib.js": "", "app/http/x.api.js": "import '../lib'; export default 1;" },
    code: 20,
    says: /it imports app\/lib, which does not exist\. Write the name with its extension: "lib\.js"/,
  },
  "an import of a folder": {
    files: { "app/lib/index.js": "", "app/http/x.api.js": "import '../lib'; export default 1;" },
    code: 20,
    says: /it imports the folder .*app\/lib\/?\. Name the file in it, as in "\.\/lib\/index\.js"/,
  },
  "an import of a source": {
    files: { "app/http/x.api.js": "import '../gone.ts'; export default 1;" },
    code: 20,
    says: /it imports app\/gone\.ts, which does not exist\. Write "\.js" in place of "\.ts"/,
  },
  "an import of JSON": {
    files: { "app/x.json": "{}", "app/http/x.api.js": "import x from '../x.json'; export default x;" },
    code: 20,
    says: /it imports JSON\. Write: import data from/,
  },
  "an import in package.json's way that is not defined": {
    files: { "app/http/x.api.js": "import '#lib'; export default 1;" },
    code: 20,
    says: /it imports "#lib", which "imports" of package\.json does not define/,
  },
  "an import in a circle": {
    files: {
      "app/http/a.api.js": 'import { b } from "../b.js";\nexport const a = 1;\nexport default () => b;\n',
      "app/b.js": 'import { a } from "./http/a.api.js";\nexport const b = a + 1;\n',
    },
    code: 20,
    says: /Cannot access 'a' before initialization \(app\/b\.js:2:\d+\)\. If modules import each other in a circle, move/,
  },
  "a miqro.json that is not there": {
    files: app,
    args: ["--config", "gone.json"],
    code: 10,
    says: /gone\.json cannot be read: there is no such file\.$/m,
  },
  "a miqro.json that is a folder": {
    files: app,
    args: ["--config", "app"],
    code: 10,
    says: /app cannot be read: it is a folder\.$/m,
  },
  "a static site in the place of a file": {
    files: app,
    args: ["--no-build", "--service", "app", "--inflate", "--inflate-dir", "package.json"],
    code: 10,
    says: /inflateDir is package\.json, which cannot be written: it is a file\. Name a folder that you may write to\./,
  },
  "no migration": {
    files: app,
    args: ["--no-build", "--service", "app", "--migrate-up"],
    code: 0,
    says: /^There is no migration in app\. A migration is a file such as migration\/001_posts\.ts\.$/m,
  },
  "JSX in JavaScript": {
    files: { "app/http/x.html.js": "export default () => <h1>hello</h1>;" },
    code: 20,
    says: /app\/http\/x\.html\.js: Node\.js cannot run JSX \(app\/http\/x\.html\.js:1:\d+\)\. Rename the file to \.tsx/,
  },
  "a mistake of syntax": {
    files: { "app/http/x.api.js": "// one\nexport default () => {\n  const x = ;\n};\n" },
    code: 20,
    says: /app\/http\/x\.api\.js: SyntaxError: Unexpected token ';' \(app\/http\/x\.api\.js:3:\d+\)\n {4}app\/http\/x\.api\.js:3:\d+\n/,
  },
  "a mistake of syntax in what is imported": {
    files: {
      "app/lib/deep.js": "// one\nexport const x = ;\n",
      "app/lib/index.js": "export * from './deep.js';",
      "app/http/x.api.js": "import { x } from '../lib/index.js';\nexport default x;",
    },
    code: 20,
    says: /app\/http\/x\.api\.js: SyntaxError: Unexpected token ';' \(app\/lib\/deep\.js:2:\d+\)\n {4}app\/lib\/deep\.js:2:\d+\n/,
  },
  "a name that is not exported": {
    files: {
      "app/lib.js": "export const right = 1;",
      "app/http/x.api.js": "// one\nimport { wrong } from '../lib.js';\nexport default wrong;",
    },
    code: 20,
    says: /does not provide an export named 'wrong' \(app\/http\/x\.api\.js:2:\d+\)/,
  },
  "JSX without its factory": {
    files: { "app/http/x.html.js": "export default JSX.createElement('h1', null);" },
    code: 20,
    says: /it has JSX, but no factory for it \(app\/http\/x\.html\.js:1:\d+\)\. Write: import JSX from "@miqro\/jsx"/,
  },
  "JSX compiled for React": {
    files: { "app/http/x.html.js": "export default React.createElement('h1', null);" },
    code: 20,
    says: /it was compiled for React\. Set "jsxFactory": "JSX\.createElement"/,
  },
  // The compiler.
  "a source that was not compiled": {
    files: { "tsconfig.json": tsconfig({ rootDir: "." }), "app/http/x.api.ts": hello },
    args: ["--no-build", "--service", "app", "--port", "0"],
    code: 20,
    says: /app\/http\/x\.api\.ts: it is not compiled: there is no dist\/app\/http\/x\.api\.js\. Run "npx tsc"/,
  },
  "an output that lies elsewhere for want of rootDir": {
    files: {
      "tsconfig.json": tsconfig(),
      "app/http/x.api.ts": hello,
      "dist/http/x.api.js": hello,
    },
    code: 20,
    says: /tsc wrote dist\/http\/x\.api\.js, because tsconfig\.json has no "rootDir"\. Set "rootDir": "\."/,
  },
  noEmit: {
    files: { "tsconfig.json": tsconfig({ noEmit: true }), "app/http/x.api.ts": hello },
    code: 20,
    says: /tsconfig\.json prevents tsc from writing it: remove "noEmit": true/,
  },
  "a tsconfig that leaves the service out": {
    files: { "tsconfig.json": tsconfig({}, { include: ["src"] }), "app/http/x.api.ts": hello },
    code: 20,
    says: /tsconfig\.json does not compile it\. Add its folder to "include" there/,
  },
  "no tsconfig": {
    files: { "app/http/x.api.ts": hello },
    code: 20,
    says: /no tsconfig\.json compiles it\. Run "miqro --install-tsconfig"/,
  },
  "a CommonJS package": {
    files: {
      "package.json": '\uFEFF{ "private": true }',
      "tsconfig.json": tsconfig({ rootDir: "." }),
      "app/http/x.api.ts": hello,
      "dist/app/http/x.api.js": "exports.default = () => 1;",
    },
    code: 20,
    says: /package\.json lacks "type": "module": add that line and run tsc again/,
  },
  // Settings.
  "a log level that is none": {
    files: { ...app, "app/db.js": db },
    env: { LOG_LEVEL: "verbose" },
    code: 10,
    says: /^miqro: LOG_LEVEL is "verbose", but must be one of error, warn, info, debug, trace, none\.$/m,
  },
  "a port that is none, from the environment": {
    files: app,
    args: ["--no-build", "--service", "app"],
    env: { PORT: "80a" },
    code: 10,
    says: /miqro: PORT is "80a", but must be a number from 0 to 65535/,
  },
  "all faults of miqro.json": {
    files: { ...app, "miqro.json": '{ "prot": 1, "services": "app" }' },
    args: ["--no-build", "--port", "80a"],
    code: 10,
    says: /miqro: miqro\.json: unknown key "prot"\. Did you mean "port"\?\nmiqro: miqro\.json: "services" is "app", but must be an array of strings\.\nmiqro: --port is "80a", but/,
  },
  "a comment in miqro.json": {
    files: { ...app, "miqro.json": '{ // the folders\n "services": ["app"], }' },
    args: [],
    code: 10,
    says: /miqro\.json is not JSON: .* JSON has no comments, and no comma after a last value\. Remove them\./,
  },
  "a format of the log that is none": {
    files: app,
    env: { LOG_FORMAT: "jsno" },
    says: /^LOG_FORMAT is "jsno", but must be text or json\. Lines are written as text\.$/m,
  },
  "a .env that nobody reads": {
    files: { ...app, ".env": "GREETING=hello\n" },
    says: /^\.env is not read\. To read it, write --env-file \.env, or "envFile": "\.env" in miqro\.json\.$/m,
  },
  "a file of variables that is not there": {
    files: { ...app, "miqro.json": '{ "services": ["app"], "noBuild": true, "envFile": "gone.env" }' },
    args: [],
    code: 10,
    says: /The variables of gone\.env cannot be read: there is no such file/,
  },
  // Names of other frameworks.
  "a folder of other frameworks in place of http/": {
    files: { "app/routes/a.api.js": hello },
    code: 10,
    says: /app is not a service folder: is its folder "routes" meant to be "http"\?/,
  },
  "a folder for public files": {
    files: { ...app, "app/public/a.css": "a {}" },
    says: /^app\/public: this folder is not read\. Did you mean static\/\?$/m,
  },
  "a method as the name of an export": {
    files: { ...app, "app/http/users/route.js": "export const GET = () => 1;\n" },
    says: /users\/route\.js: it answers nothing\. A route is a file such as .*NAME\.api\.js with a default export/,
  },
  "a parameter in braces": {
    files: { ...app, "app/http/{id}.api.js": hello },
    code: 20,
    says: /"\{id\}" is not a parameter\. Rename it to \[id\]\./,
  },
  "a parameter with a colon": {
    files: { ...app, "app/http/:id.api.js": hello },
    code: 20,
    says: /":id" is not a parameter\. Rename it to \[id\]\./,
  },
  "a class in catch.js": {
    files: { ...app, "app/catch.js": "export default { catch: class A {} };\n" },
    code: 20,
    says: /app\/catch\.js: An error handler must be a function \(err, req, res\) => \.\.\., not a class/,
  },
  // Packages.
  "a package without its main file": {
    files: {
      "app/http/x.api.js": "import x from './node_modules/y/index.js';\nimport a from 'brk';\n",
      "app/node_modules/brk/package.json": '{ "name": "brk", "main": "dist/none.js" }',
      "app/http/node_modules/y/index.js": "export default 1;",
    },
    code: 20,
    says: /it imports app\/node_modules\/brk\/dist\/none\.js, which does not exist: the package has no such file/,
  },
  "a package that throws": {
    files: {
      "app/http/x.api.js": "import 'thr';\nexport default () => 1;\n",
      "app/node_modules/thr/package.json": '{ "name": "thr" }',
      "app/node_modules/thr/index.js": "throw new Error('needs KEY');\n",
    },
    code: 20,
    says: /app\/http\/x\.api\.js: Error: needs KEY \(app\/node_modules\/thr\/index\.js:1:7\)/,
  },
  "a name of a CommonJS package": {
    files: {
      "app/http/x.api.js": "import { c } from 'cjs';\nexport default () => c;\n",
      "app/node_modules/cjs/package.json": '{ "name": "cjs" }',
      "app/node_modules/cjs/index.js": "module.exports = Object.assign({}, { c: 1 });\n",
    },
    code: 20,
    says: /does not provide an export named 'c' .*\. If it is a CommonJS package, write: import all from "cjs"/,
  },
  "a module in a project of CommonJS": {
    files: { ...app, "package.json": '{ "type": "commonjs" }' },
    code: 20,
    says: /SyntaxError: Unexpected token 'export' .*: package\.json lacks "type": "module"/,
  },
  "a package.json that is no JSON": {
    files: { ...app, "package.json": '{ "name": "x", }' },
    code: 20,
    says: /app\/http\/hello\.api\.js: package\.json is not JSON: .*\. Correct it first\./,
  },
  // Sources that miqro compiles.
  "JSX without its import, in a function": {
    files: { "app/http/x.html.tsx": "export default () => <p>x</p>;\n" },
    args: ["--service", "app", "--port", "0", "--host", "127.0.0.1"],
    code: 20,
    says: /app\/http\/x\.html\.tsx: it has JSX, but no factory for it\. Write: import JSX from "@miqro\/jsx"/,
  },
  "JSX of React by tsconfig.json": {
    files: {
      "app/http/x.html.tsx": "export default () => <p>x</p>;\n",
      "tsconfig.json": tsconfig({ jsx: "react-jsx" }),
    },
    args: ["--service", "app", "--port", "0", "--host", "127.0.0.1"],
    code: 20,
    says: /To use JSX without React, set "jsx": "react-jsx" and "jsxImportSource": "@miqro\/jsx"/,
  },
  // Flags.
  "the short flag of a port": {
    files: app,
    args: ["--no-build", "--service", "app", "-p", "3000"],
    code: 10,
    says: /-p is not a flag of miqro\. Did you mean --port\?/,
  },
  "a short flag for a service": {
    files: app,
    args: ["-s", "app"],
    code: 1,
    says: /Please supply a file: miqro FILE\. To serve a folder, write: miqro --service "app"/,
  },
  "a URL as a host": {
    files: app,
    args: ["--no-build", "--service", "app", "--host", "http://localhost:3000"],
    code: 10,
    says: /--host is "http:\/\/localhost:3000", but must be a name or an address, without a scheme and a port/,
  },
  "a port in a host": {
    files: app,
    args: ["--no-build", "--service", "app", "--host", "localhost:3000"],
    code: 10,
    says: /--host is "localhost:3000".* Give the port with --port\./,
  },
  "a service that is the folder itself": {
    files: { "http/a.api.js": hello },
    args: [],
    code: 10,
    says: /Write miqro --service \.\/\.$/m,
  },
  "a module that ends the process": {
    files: { "app/http/x.api.js": "process.exit(0);\nexport default () => 1;\n" },
    code: 20,
    says: /^miqro: app\/http\/x\.api\.js: it ended the process while it was loaded\. Remove its process\.exit\(\)\.$/m,
  },
  "a reporter that is not installed": {
    files: app,
    args: ["--test", "--no-build", "--service", "app", "--test-reporter", "no-such-reporter"],
    code: 10,
    says: /--test-reporter is "no-such-reporter", which is neither spec, tap, dot, junit, lcov nor a module/,
  },
  "a name pattern that is no regular expression": {
    files: app,
    args: ["--test", "--no-build", "--service", "app", "--test-name-pattern", "/[/"],
    code: 10,
    says: /--test-name-pattern is "\/\[\/", which is not a regular expression: .*Unterminated/,
  },
  "tests of another runner": {
    files: { ...app, "app/test/a.test.js": "import { it } from 'no-vitest';\nit('a', () => {});\n" },
    args: ["--test", "--no-build", "--service", "app"],
    env: { NODE_TEST_CONTEXT: undefined },
    code: 30,
    says: /it imports the package "no-vitest", which is not installed\. Run "npm install no-vitest"\.\n +app\/test\/a\.test\.js:1:20\n/,
  },
  "an address of the editor without the editor": {
    files: app,
    args: ["--no-build", "--service", "app", "--editor-host", "0.0.0.0"],
    code: 10,
    says: /--editor-host has an effect only with --editor\./,
  },
  // Files of variables.
  "a file of --env-file that is not there, which Node.js looks for": {
    files: app,
    args: ["--no-build", "--service", "app", "--port", "0", "--env-file", "gone.env"],
    code: 9,
    says: /^\S*node: gone\.env: not found$/m,
  },
  "a flag behind two hyphens": {
    files: app,
    args: ["--no-build", "--", "--service", "app"],
    code: 10,
    says: /"--service" is not expected here\. It comes after "--", so it is no flag\. Leave "--" out\./,
  },
  "a dialect that is none": {
    files: app,
    args: ["--no-build", "--service", "app", "--port", "0"],
    env: { DB_STORAGE: "x.sqlite3", DB_DIALECT: "mysql" },
    code: 10,
    says: /DB_DIALECT is "mysql", but must be node:sqlite, sqlite3 or pg\./,
  },
  "a host that is not of this machine": {
    files: app,
    args: ["--no-build", "--service", "app", "--port", "0", "--host", "192.0.2.1"],
    code: 20,
    says: /This machine has no address "192\.0\.2\.1" to listen on\. Choose another with --host/,
  },
};

describe("an everyday mistake", { concurrency: 3 }, () => {
  for (const [what, { files = {}, links = {}, folders = [], code, says, ...how }] of Object.entries(
    mistakes,
  )) {
    const skip =
      Object.values(files).includes(db) && !isBuiltin("node:sqlite") ? "node:sqlite is needed" : false;
    it(`is told: ${what}`, { skip }, async () => {
      const project = await createProject(files);
      try {
        for (const folder of folders) await mkdir(join(project.path, folder), { recursive: true });
        for (const [path, target] of Object.entries(links)) await symlink(target, join(project.path, path));
        const ran = await run(project, how);
        assert.match(ran.output, says);
        assert.deepEqual(
          { listened: ran.listened, code: ran.code },
          { listened: code === undefined, code: code ?? 0 },
          ran.output,
        );
        // Nobody can do anything with a stack of miqro's own.
        assert.doesNotMatch(ran.output, /^\s+at .*(?:packages\/miqro|node:internal)/m);
      } finally {
        await project.remove();
      }
    });
  }

  it("is told: a style sheet that a page imports", async () => {
    const files = {
      "app/http/x.html.tsx":
        "import './x.css';\nimport JSX from '@miqro/jsx';\nexport default () => <p>x</p>;\n",
      "app/http/x.css": "p {}",
    };
    // esbuild would leave the style sheet out.
    const project = await createProject(files, ["typescript", "miqro", "@miqro"]);
    try {
      const ran = await run(project, { args: ["--service", "app", "--port", "0", "--host", "127.0.0.1"] });
      assert.match(
        ran.output,
        /it imports app\/http\/x\.css, which Node\.js cannot run\. Link a style sheet from the page/,
      );
      assert.equal(ran.code, 20);
    } finally {
      await project.remove();
    }
  });

  it("is told: a port that is taken", async () => {
    const project = await createProject(app);
    const other = createNetServer().listen(0, "127.0.0.1");
    try {
      await once(other, "listening");
      const port = String((other.address() as AddressInfo).port);
      for (const watch of [[], ["--watch"]]) {
        const args = ["--no-build", "--service", "app", "--host", "127.0.0.1", "--port", port, ...watch];
        const { code, output } = await run(project, { args });
        assert.equal(code, 20, output);
        assert.equal(
          output,
          `miqro: Port ${port} is already in use by another process. End that process, or choose another port with --port.\n`,
        );
      }
    } finally {
      other.close();
      await project.remove();
    }
  });
});

describe("what a person gets right", { concurrency: 3 }, () => {
  const right: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "helpers of the service": { ...app, "app/helpers.js": "", "app/log-lines.js": "", "app/lib/x.js": "" },
    "a helper below http that a route imports": {
      "app/http/users.js": hello,
      "app/http/list.api.js": "import users from './users.js'; export default users;",
    },
    "a module without a default export below http": { ...app, "app/http/values.js": "export const a = 1;" },
    "a plain file with brackets": { ...app, "app/http/photo[1].txt": "x" },
    "an editor's mark of an open file, and tests": {
      ...app,
      "app/hello.test.js": "",
      "app/http/x.test.js": hello,
    },
    "a .env whose variables are set": { ...app, ".env": "PATH=x\n" },
    "a policy behind middleware that sets the session": {
      "app/middleware.js": "export default { middleware: () => {} };",
      "app/http/x.api.js": "export default { policy: { groups: ['a'] }, handler: () => 1 };",
    },
  };
  for (const [what, files] of Object.entries(right)) {
    it(`gets no line: ${what}`, async () => {
      const project = await createProject(files);
      try {
        await symlink("user@host.1", join(project.path, "app/.#hello.js"));
        const { output } = await run(project, {});
        assert.match(output, /^miqro \S+ on http:\/\/127\.0\.0\.1:\d+ \(\d+ ms\)\n$/);
      } finally {
        await project.remove();
      }
    });
  }
});

describe("new Miqro", () => {
  const cases: readonly (readonly [options: unknown, code: string, message: RegExp])[] = [
    [
      { services: ["a"], prot: 1 },
      "MIQRO_ARGUMENT",
      /unknown key "prot" in the options of Miqro\. Did you mean "port"\?/,
    ],
    [{ services: ["a"], inflateDir: "x" }, "MIQRO_ARGUMENT", /"inflateDir" is an option of inflate\(\)/],
    [{ services: ["a"], hotreload: true }, "MIQRO_ARGUMENT", /no "hotreload": .*miqro --watch --hot-reload/],
    [{ services: ["a"], hotReload: true }, "MIQRO_ARGUMENT", /no "hotReload": .*miqro --watch --hot-reload/],
    [{ services: ["a"], inflateSEA: true }, "MIQRO_ARGUMENT", /miqro --inflate --inflate-sea/],
    [{ services: ["a"], clearCache: true }, "MIQRO_ARGUMENT", /CLEAR_JSX_CACHE=1/],
    [
      { services: ["a"], https: true, httpsRedirect: 8443 },
      "MIQRO_ARGUMENT",
      /Port 8443 cannot both serve HTTPS and/,
    ],
    [{ services: ["a"], httpsRedirect: 0 }, "MIQRO_ARGUMENT", /httpsRedirect is 0, but browsers must know/],
    [{ services: ["a"], watch: true }, "MIQRO_ARGUMENT", /"watch" is a setting of the command line only/],
    [{ services: [], port: "x" }, "MIQRO_ARGUMENT", /There is no service to run.*\nThe port is "x"/],
    [{ services: ["a", 1] }, "MIQRO_ARGUMENT", /"services/],
    [{}, "MIQRO_ARGUMENT", /"services" in the options of Miqro must be/],
    [undefined, "MIQRO_ARGUMENT", /the options of Miqro is missing/],
    ["app", "MIQRO_ARGUMENT", /the options of Miqro is a string/],
  ];
  for (const [options, code, message] of cases) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => new Miqro(options as never), { name: "MiqroError", code, message });
    });
  }

  it("takes its options", () => {
    new Miqro({ services: "a", hotreload: false } as never);
    new Miqro({ services: "a", port: 65_535, host: "::1", name: "n", allowedHosts: [], trustProxy: 1 });
  });
});
