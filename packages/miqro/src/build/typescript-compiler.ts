import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { extname, join, parse, resolve, sep } from "node:path";
import { text } from "node:stream/consumers";
import { MiqroError, type Problem } from "../errors.js";
import { compileProblem } from "./compile-problem.js";
import { type Compiled, type CompileRequest, outputPath } from "./compiler.js";
import { readEmitOptions } from "./emit-options.js";

// Replaces the standard libraries. tsc would need more time to read them than to compile.
const globals = ["Array<T>", "Boolean", "Function", "IArguments", "Number", "Object", "RegExp", "String"];

/**
 * Compiles with tsc, which is started as a program, because TypeScript 7 has no API. Types are not checked, so only a
 * syntax error stops a start.
 * @param program - the script `tsc`
 */
export async function compileWithTypeScript(program: string, request: CompileRequest): Promise<Compiled> {
  const { project, sources, folder } = request;
  const [first] = sources;
  if (first === undefined) return { outputs: new Map(), inputs: [], problems: [] };
  const { compilerOptions, tsconfig } = readEmitOptions(first.path);
  const library = join(folder, "globals.d.ts");
  const config = join(folder, "tsconfig.json");
  const options = {
    ...compilerOptions,
    module: "esnext",
    moduleResolution: "bundler",
    allowJs: true,
    resolveJsonModule: true,
    strict: false,
    noCheck: true,
    noEmitOnError: true,
    noLib: true,
    types: [],
    skipLibCheck: true,
    sourceMap: true,
    rootDir: parse(project).root,
    outDir: folder,
  };
  await writeFile(library, globals.map((name) => `interface ${name} {}\n`).join(""));
  await writeFile(
    config,
    JSON.stringify({ compilerOptions: options, files: [library, ...sources.map(({ path }) => path)] }),
  );
  const args = ["-p", config, "--pretty", "false", "--listFiles", "--listEmittedFiles"];
  const child = spawn(process.execPath, [program, ...args], {
    cwd: project,
    env: withoutNodeOptions(process.env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [printed, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined,
  ]);
  const lines = printed.split(/\r?\n/);
  const problems = readProblems(lines, project);
  const emitted = new Set(
    lines.flatMap((line) => /^TSFILE: (.*)$/.exec(line)?.[1] ?? []).map((p) => resolve(p)),
  );
  const outputs = new Map(
    sources.map(({ path }) => [
      path,
      outputPath(folder, path, extname(path).startsWith(".m") ? ".mjs" : ".js"),
    ]),
  );
  const missing = [...outputs].find(([, output]) => !emitted.has(output));
  if (problems.length === 0 && missing !== undefined) {
    const said = `${complaints}${printed}`.trim().split("\n")[0] ?? "";
    throw new MiqroError(
      "MIQRO_COMPILE",
      `tsc wrote nothing for ${missing[0]}: ${said || "it does not say why"}.`,
    );
  }
  const isInput = (line: string) =>
    resolve(line) === line && !line.includes(`${sep}node_modules${sep}`) && !/\.d\.[mc]?ts$/.test(line);
  return {
    outputs,
    inputs: [...lines.filter(isInput), ...(tsconfig === undefined ? [] : [tsconfig])],
    problems,
  };
}

function readProblems(lines: readonly string[], project: string): Problem[] {
  const problems: Problem[] = [];
  for (const line of lines) {
    const [, file, row, column, message] = /^(\S.*)\((\d+),(\d+)\): error TS\d+: (.*)$/.exec(line) ?? [];
    if (file !== undefined && message !== undefined) {
      const place = { file: resolve(project, file), line: Number(row), column: Number(column) };
      problems.push(compileProblem(message, place));
      continue;
    }
    const general = /^error TS\d+: (.*)$/.exec(line)?.[1];
    if (general !== undefined) problems.push({ file: project, message: `tsc says: ${general}` });
  }
  return problems;
}

/** Modules that are preloaded into this process must not be preloaded into tsc. */
function withoutNodeOptions({
  NODE_OPTIONS: _,
  NODE_V8_COVERAGE: _coverage,
  ...env
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}
