import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Problem } from "./problem.js";

const longest = 60_000;

/**
 * Checks the types of a project with its own TypeScript compiler. It writes only the build information that makes the
 * next check faster.
 * @param root - the project folder
 * @param file - a source file; the nearest `tsconfig.json` above it is used
 * @returns undefined if there is no `tsconfig.json` or no compiler
 */
export async function checkTypes(root: string, file: string): Promise<readonly Problem[] | undefined> {
  const config = findConfig(root, file);
  const tsc = config === undefined ? undefined : findCompiler(config);
  if (config === undefined || tsc === undefined) return undefined;
  const cache = join(root, "node_modules", ".cache", "miqro");
  mkdirSync(cache, { recursive: true });
  const name = `editor-${relative(root, config).replace(/\W+/g, "-")}.tsbuildinfo`;
  const args = [tsc, "-p", config, "--noEmit", "--pretty", "false"];
  args.push("--incremental", "--tsBuildInfoFile", join(cache, name));
  const printed = await new Promise<string>((done) => {
    const options = { cwd: dirname(config), timeout: longest, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, args, options, (_error, stdout) => done(stdout));
  });
  return readErrors(printed, dirname(config), root);
}

/** Parses the output of `tsc --pretty false`: `file(line,column): error TS1234: message`. */
export function readErrors(printed: string, folder: string, root: string): Problem[] {
  const problems: Problem[] = [];
  for (const line of printed.split(/\r?\n/)) {
    const [, file = "", row, column, message = ""] =
      /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/.exec(line) ?? [];
    const last = problems.at(-1);
    if (file !== "") {
      const path = relative(root, resolve(folder, file)).split(sep).join("/");
      problems.push({ from: "tsc", path, line: Number(row), column: Number(column), message });
    } else if (/^error TS/.test(line)) {
      problems.push({ from: "tsc", message: line.slice("error ".length) });
    } else if (/^\s+\S/.test(line) && last !== undefined) {
      problems[problems.length - 1] = { ...last, message: `${last.message}\n${line}` };
    }
  }
  return problems;
}

function findConfig(root: string, file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, "tsconfig.json");
    if (existsSync(path)) return path;
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

function findCompiler(config: string): string | undefined {
  try {
    const packageJSON = createRequire(config).resolve("typescript/package.json");
    return join(dirname(packageJSON), "bin", "tsc");
  } catch {
    return undefined;
  }
}
