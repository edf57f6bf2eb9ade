import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes, MiqroError, messageOf } from "../../errors.js";
import { readSettings, type Settings } from "../../settings/read-settings.js";
import { hasForceExit } from "../../testing/force-exit.js";
import type { CommandArguments } from "../arguments.js";
import type { EndSignals } from "../end-signals.js";
import { reportNotes } from "../report.js";

/**
 * `miqro --test`: runs the tests of services in a separate process. With `--watch` it runs them again after each
 * change.
 */
export async function test(args: CommandArguments, signals: EndSignals): Promise<number> {
  const settings = readSettings(args, process.env);
  Object.assign(process.env, settings.variables);
  reportNotes(settings.notes);
  checkOptions(settings.tests);
  if (args.watch === true)
    return (await import("../../testing/watch-tests.js")).watchTests(settings, signals);
  const run = startTests(settings);
  void signals.first.then(() => run.child.kill("SIGTERM"));
  return run.code;
}

/** A run of tests. */
export interface TestRun {
  readonly child: ReturnType<typeof spawn>;
  /** The exit code of the command line. */
  readonly code: Promise<number>;
}

/** Starts a process that runs the tests. The reporter, the name pattern and the coverage are options of its Node.js. */
export function startTests({ options, tests }: Settings): TestRun {
  const { reporter, namePattern, coverage } = tests;
  const flags = [
    "--enable-source-maps",
    ...(hasForceExit() ? ["--test-force-exit"] : []),
    `--test-reporter=${reporter ?? "spec"}`,
    ...(namePattern === undefined ? emptyFilesFlags : []),
    ...(namePattern === undefined ? [] : [`--test-name-pattern=${namePattern}`]),
    ...(coverage === true ? coverageFlags(options.services) : []),
  ];
  const script = fileURLToPath(new URL("../test-worker.js", import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, ...flags, script, JSON.stringify(options)], {
    env: { NODE_ENV: "test", LOG_LEVEL: "warn", ...withoutEmpty(process.env) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const code = once(child, "close").then(([exit]: unknown[]) =>
    exit === 0 ? exitCodes.ok : exit === exitCodes.start ? exitCodes.start : exitCodes.tests,
  );
  return { child, code };
}

/** A second reporter, which fails the run if a file has no test. With a name pattern, a file may have none. */
const emptyFilesFlags = [
  "--test-reporter-destination=stdout",
  `--test-reporter=${new URL("../../testing/empty-files-reporter.js", import.meta.url).href}`,
  "--test-reporter-destination=stderr",
];

const ownReporters: readonly string[] = ["spec", "tap", "dot", "junit", "lcov"];

/** Otherwise Node.js would end the process of the tests with a stack of its own. */
function checkOptions({ reporter, namePattern }: Settings["tests"]): void {
  if (reporter !== undefined && !ownReporters.includes(reporter) && !isModule(reporter)) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `--test-reporter is "${reporter}", which is neither ${ownReporters.join(", ")} nor a module that is installed.`,
    );
  }
  if (namePattern === undefined) return;
  // Node.js reads a pattern with slashes as an expression with flags.
  const [, source = namePattern, flags = ""] = /^\/(.*)\/([a-z]*)$/.exec(namePattern) ?? [];
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `--test-name-pattern is "${namePattern}", which is not a regular expression: ${messageOf(error)}.`,
    );
  }
}

function isModule(name: string): boolean {
  if (/^(?:file:|data:|node:)/.test(name)) return true;
  try {
    createRequire(join(process.cwd(), "_")).resolve(name);
    return true;
  } catch (error) {
    // Other errors are those of packages that are only for `import`.
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}

/** Measures only the services. Older versions of Node.js report every file. */
function coverageFlags(services: readonly string[]): string[] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const flags = ["--experimental-test-coverage"];
  if (major < 22 || (major === 22 && minor < 5)) return flags;
  // Sources and outputs are in folders with the same name.
  const included = services.map((service) => `--test-coverage-include=**/${basename(resolve(service))}/**`);
  return [...flags, ...included, "--test-coverage-exclude=**/*.test.*"];
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}
