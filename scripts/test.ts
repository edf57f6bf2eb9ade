// Prevents a test run from passing because it found no test, or because a part was missing: it installs what
// tests need, names the files itself and, in CI, takes a skipped test for a failed one.
//
//   node scripts/test.ts [--node PATH|VERSION] [--quick | --long] [PACKAGE ...]
//
// --node runs the tests on another Node.js; a version comes from npm. --quick leaves out the tests of whole apps in a
// browser, those of jsx-dom, which runs in a browser only, and those that need a database, Redis, nginx or installed
// packages.
// --long runs only the files named *.long.test.ts, at their full size; every other run takes a sample of them (see
// miqro-tests/scale).
import { execFileSync, spawn } from "node:child_process";
import { globSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installParts } from "./parts.ts";
import { startPostgres } from "./postgres.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
  options: { node: { type: "string" }, quick: { type: "boolean" }, long: { type: "boolean" } },
  allowPositionals: true,
});

const whole = positionals.length === 0;
const folders = !whole ? `{${positionals.join(",")},}` : "*";
const patterns = [`packages/${folders}/dist-test/**/*.test.js`];
if (values.quick !== true) patterns.push(`examples/${folders}/dist-test/**/*.test.js`);
if (values.quick !== true && (whole || positionals.includes("system"))) {
  patterns.push("test/dist-system/**/*.test.js");
}
const files = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter(
    (file) =>
      values.quick !== true ||
      !/^packages\/jsx-dom\/|\/(redis-\w+|cluster-share|nginx)\.test\.js$|\.(browser|runtimes|long)\.test\.js$/.test(
        file,
      ),
  )
  .filter((file) => values.long !== true || file.endsWith(".long.test.js"))
  .sort();
if (files.length === 0) {
  console.error(`No test file fits ${patterns.join(" ")}: run "npm run build" first, or check the name.`);
  process.exit(1);
}

const missing = installParts();
if (missing !== undefined) console.warn(missing);

const needsPostgres =
  values.quick !== true &&
  missing === undefined &&
  process.env.DATABASE_URL === undefined &&
  files.some((file) => file.startsWith("packages/query/") || file.startsWith("packages/editor/"));
const postgres = needsPostgres
  ? await startPostgres().catch((error: Error) => console.warn(`PostgreSQL did not start: ${error.message}`))
  : undefined;

const node = values.node === undefined ? process.execPath : findNode(values.node);
console.log(
  `${files.length} test files on Node.js ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`,
);

// A file that hangs fails, and does not hold up the others.
const longest = values.long === true ? 3_600_000 : 600_000;
const options = ["--test", `--test-timeout=${longest}`, "--test-concurrency=2", "--test-reporter=spec"];
const child = spawn(node, [...options, ...files], {
  cwd: root,
  env: {
    ...process.env,
    ...(values.long === true ? { TEST_LONG: "1" } : {}),
    ...(missing === undefined ? {} : { MISSING_CHROMIUM: missing }),
    ...(postgres === undefined ? {} : { DATABASE_URL: postgres.url }),
  },
  stdio: ["ignore", "pipe", "inherit"],
});
let skipped = 0;
for await (const line of createInterface({ input: child.stdout })) {
  console.log(line);
  skipped += Number(/^ℹ skipped (\d+)/.exec(line)?.[1] ?? 0);
}
const code =
  child.exitCode ?? (await new Promise<number>((done) => child.once("exit", (exit) => done(exit ?? 1))));
await postgres?.stop();
if (skipped > 0 && process.env.CI === "true" && values.quick !== true) {
  console.error(`${skipped} tests were skipped; in CI every test runs.`);
  process.exit(1);
}
process.exit(code);

function findNode(pathOrVersion: string): string {
  if (!/^\d+$/.test(pathOrVersion)) return pathOrVersion;
  const args = ["exec", "--yes", `--package=node@${pathOrVersion}`, "--call", "command -v node"];
  return execFileSync("npm", args, { encoding: "utf8" }).trim();
}
