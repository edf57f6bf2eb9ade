import { isAbsolute, join, parse } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, BuildOptions, BuildResult, Message } from "esbuild";
import type { Problem } from "../errors.js";
import { compileProblem } from "./compile-problem.js";
import { type Compiled, type CompileRequest, outputPath } from "./compiler.js";
import { readEmitOptions } from "./emit-options.js";

/**
 * Compiles with esbuild. Each server file is bundled alone, without packages, so files do not share the state of a
 * module. Client code is compiled file by file.
 * @param path - the main file of the installed package
 */
export async function compileWithEsbuild(path: string, request: CompileRequest): Promise<Compiled> {
  const { project, sources, folder, parallel } = request;
  const [first] = sources;
  if (first === undefined) return { outputs: new Map(), inputs: [], problems: [] };
  const { build } = (await import(pathToFileURL(path).href)) as typeof import("esbuild");
  const { compilerOptions, tsconfig } = readEmitOptions(first.path);
  const common: BuildOptions = {
    absWorkingDir: project,
    outdir: folder,
    outbase: parse(project).root,
    format: "esm",
    charset: "utf8",
    sourcemap: true,
    // No other program reads this file, since the sources are there.
    sourcesContent: false,
    keepNames: true,
    logLevel: "silent",
    metafile: true,
    jsx: compilerOptions.jsx === "react" ? "transform" : "automatic",
    ...(typeof compilerOptions.jsxFactory === "string" ? { jsxFactory: compilerOptions.jsxFactory } : {}),
    ...(typeof compilerOptions.jsxFragmentFactory === "string"
      ? { jsxFragment: compilerOptions.jsxFragmentFactory }
      : {}),
    ...(tsconfig === undefined ? { tsconfigRaw: {} } : {}),
  };
  const pathsOf = (runs: "server" | "browser") =>
    sources.filter((source) => source.runs === runs).map((source) => source.path);
  const calls: BuildOptions[] = chunks(pathsOf("server"), parallel).map((entryPoints) => ({
    ...common,
    entryPoints,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20.19",
  }));
  const client = pathsOf("browser");
  if (client.length > 0) {
    calls.push({ ...common, entryPoints: client, bundle: false, target: "es2022", keepNames: false });
  }
  const results = await Promise.all(calls.map((options) => build(options).catch(toFailure)));
  const problems = results.flatMap(({ errors }) => errors.map((error) => toProblem(error, request)));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  if (tsconfig !== undefined) inputs.push(tsconfig);
  return {
    outputs: new Map(sources.map((source) => [source.path, outputPath(folder, source.path)])),
    inputs: inputs.map((input) => (isAbsolute(input) ? input : join(project, input))),
    problems: withoutDoubles(problems),
  };
}

function toFailure(error: unknown): Pick<BuildResult, "errors" | "metafile"> {
  const { errors } = Object(error) as Partial<BuildFailure>;
  if (!Array.isArray(errors)) throw error;
  return { errors, metafile: undefined };
}

function toProblem({ text, location }: Message, { project, sources }: CompileRequest): Problem {
  if (location === null) return { file: sources[0]?.path ?? project, message: text };
  const file = isAbsolute(location.file) ? location.file : join(project, location.file);
  const missing = /^Could not resolve "(\.[^"]*)"/.exec(text)?.[1];
  const sentence = missing === undefined ? text : `it imports "${missing}", which does not exist`;
  return compileProblem(sentence, { file, line: location.line, column: location.column + 1 });
}

/** A file that several other files import is compiled once for each of them. */
function withoutDoubles(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function chunks<T>(all: readonly T[], count: number): T[][] {
  const size = Math.ceil(all.length / Math.max(1, count));
  const made: T[][] = [];
  for (let from = 0; from < all.length; from += size) made.push(all.slice(from, from + size));
  return made;
}
