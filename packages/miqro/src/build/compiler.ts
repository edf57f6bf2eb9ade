import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, parse, relative } from "node:path";
import { MiqroError, type Problem } from "../errors.js";

/** A source, and the place at which its code runs: a browser or the server. */
export interface CompileSource {
  readonly path: string;
  /** Code for browsers keeps its imports; in code for the server, each file gets its own copy of its imports. */
  readonly runs: "server" | "browser";
}

/** Sources of one project, and the folder of their outputs. */
export interface CompileRequest {
  /** The folder of the project's package.json. */
  readonly project: string;
  readonly sources: readonly CompileSource[];
  /** An empty folder. The outputs get the paths of their sources in it. */
  readonly folder: string;
  /** How many compilers may run at once. */
  readonly parallel: number;
}

/** The result of a compiler. */
export interface Compiled {
  /** The output of each source. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Every file that was read. A change of such a file makes the outputs old. */
  readonly inputs: readonly string[];
  /** The errors of the sources. If there are any, ignore the other members. */
  readonly problems: readonly Problem[];
}

/** A program that turns sources into JavaScript. */
export interface Compiler {
  readonly name: "esbuild" | "typescript";
  readonly version: string;
  compile(request: CompileRequest): Promise<Compiled>;
}

/** The compiler that a project has installed: esbuild, or else TypeScript. */
export function findCompiler(project: string): Compiler | undefined {
  const require = createRequire(join(project, "package.json"));
  const esbuild = findPackage(require, "esbuild");
  if (esbuild !== undefined) {
    return {
      name: "esbuild",
      version: esbuild.version,
      compile: async (request) =>
        (await import("./esbuild-compiler.js")).compileWithEsbuild(require.resolve("esbuild"), request),
    };
  }
  const typescript = findPackage(require, "typescript");
  if (typescript === undefined) return undefined;
  return {
    name: "typescript",
    version: typescript.version,
    compile: async (request) => {
      requireNoCheck(typescript.version);
      const program = join(typescript.folder, "bin", "tsc");
      return (await import("./typescript-compiler.js")).compileWithTypeScript(program, request);
    },
  };
}

/** The esbuild that a project has installed, for client code. */
export function findEsbuild(project: string): string | undefined {
  const require = createRequire(join(project, "package.json"));
  return findPackage(require, "esbuild") === undefined ? undefined : require.resolve("esbuild");
}

/**
 * The path of the output of a source. It contains the absolute path of the source, so that relative imports still lead
 * to the same files.
 */
export function outputPath(folder: string, source: string, extension = ".js"): string {
  const path = relative(parse(source).root, dirname(source));
  return join(folder, path, basename(source, extname(source)) + extension);
}

function findPackage(
  require: NodeJS.Require,
  name: string,
): { readonly folder: string; readonly version: string } | undefined {
  let path: string;
  try {
    path = require.resolve(`${name}/package.json`);
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { readonly version: string };
  return { folder: dirname(path), version };
}

/** Without `noCheck`, added in 5.6, tsc takes seconds to check types, and each type error would stop the start. */
function requireNoCheck(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 5 || (major === 5 && minor >= 6)) return;
  throw new MiqroError(
    "MIQRO_COMPILE",
    `TypeScript ${version} is too old to compile at the start. Run "npm install --save-dev typescript@latest", or run tsc yourself and start with --no-build.`,
  );
}
