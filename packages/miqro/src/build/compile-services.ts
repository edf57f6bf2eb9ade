import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { MiqroError, type Problem } from "../errors.js";
import { isScript } from "../http-files/kind.js";
import { httpFiles } from "../http-files/table.js";
import type { HttpFile, ScannedService, ServiceFile } from "../service/scan-service.js";
import { BuildCache } from "./build-cache.js";
import { openCacheFolder } from "./cache-folder.js";
import { findClientSources } from "./client-sources.js";
import { type CompileSource, findCompiler } from "./compiler.js";
import { findUpwards } from "./find-upwards.js";
import { createOutputFinder, isTypeScript, type OutputFinder } from "./output-finder.js";

/** How to compile the files that a composition loads. */
export interface CompileOptions {
  /** How many instances of esbuild may compile at once. Default 1. */
  readonly parallel?: number;
  /** The purpose of the outputs; outputs of another purpose are kept apart. */
  readonly purpose: string;
  /** Files to compile besides those of the services. */
  readonly extra?: readonly string[];
}

/** The services. Their files name the compiled outputs. */
export interface CompiledServices {
  readonly services: readonly ScannedService[];
  /** The output of a source, also of a source in `extra`. */
  readonly outputOf: (source: string) => string | undefined;
  readonly problems: readonly Problem[];
  /** Every file that a compiler read. */
  readonly inputs: readonly string[];
}

const packages = createOutputFinder();

/**
 * Finds no outputs: until a source is compiled, its own path is used. Files of packages are used as npm installed them.
 */
export const sourcesThemselves: OutputFinder = {
  find: (source) =>
    source.includes(`${sep}node_modules${sep}`)
      ? packages.find(source)
      : { source, file: extname(source) === ".jsx" ? source.replace(/x$/, "") : source },
  isOrphan: () => false,
  sourceFolderOf: () => undefined,
};

/**
 * Compiles the sources of services with the compiler of their project, unless the outputs of an earlier start are up to
 * date.
 * @throws {MiqroError} `MIQRO_COMPILE` if sources need a compiler and none is installed
 */
export async function compileServices(
  services: readonly ScannedService[],
  options: CompileOptions,
): Promise<CompiledServices> {
  const outputs = new Map<string, string>();
  const problems: Problem[] = [];
  const inputs: string[] = [];
  const folders: string[] = [];
  const composition = services.map(({ folder }) => realPath(folder));
  for (const [project, sources] of groupByProject(services, options.extra ?? [])) {
    const compiled = await compileProject({ project, composition }, sources, options);
    if (compiled === undefined) continue;
    for (const [source, output] of compiled.outputs) outputs.set(source, output);
    problems.push(...compiled.problems);
    inputs.push(...compiled.inputs);
    folders.push(compiled.folder);
  }
  mapStacks();
  const rename = <File extends ServiceFile>(file: File): File => {
    const output = outputs.get(realPath(file.source));
    const buildFolder = folders.find((folder) => output?.startsWith(folder + sep));
    return output === undefined
      ? file
      : { ...file, file: output, ...(buildFolder === undefined ? {} : { buildFolder }) };
  };
  return {
    outputOf: (source) => outputs.get(realPath(source)),
    problems,
    inputs,
    services: services.map((service) => ({
      ...service,
      configs: new Map([...service.configs].map(([name, file]) => [name, rename(file)])),
      http: service.http.map(rename),
      found: service.found.map(rename),
      migrations: service.migrations.map(rename),
    })),
  };
}

interface ProjectOutputs {
  readonly folder: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
  readonly inputs: readonly string[];
}

async function compileProject(
  { project, composition }: { readonly project: string; readonly composition: readonly string[] },
  sources: readonly CompileSource[],
  { parallel = 1, purpose }: CompileOptions,
): Promise<ProjectOutputs | undefined> {
  const compiler = findCompiler(project);
  if (compiler === undefined) {
    const needy = sources.find(({ path }) => isTypeScript(path) || extname(path) === ".jsx");
    if (needy === undefined) return undefined;
    throw new MiqroError(
      "MIQRO_COMPILE",
      `${needy.path} must be compiled, and ${project} has no compiler: run "npm install --save-dev typescript" or "npm install --save-dev esbuild".`,
    );
  }
  const root = await openCacheFolder(project, process.env.JSX_TMP);
  const key = createHash("sha256")
    // Servers of one project may run different services at the same time. Each has builds of its own, because a new build
    // removes older ones.
    .update(
      JSON.stringify([project, composition, compiler.version, purpose, process.versions.node, formatVersion]),
    )
    .digest("hex");
  const cache = new BuildCache(join(root, `${compiler.name}-${purpose}-${key.slice(0, 12)}`));
  const paths = sources.map(({ path }) => path);
  // On a read-only disk, files that were compiled earlier still run.
  const { CLEAR_JSX_CACHE: clear } = process.env;
  const read = async () => (clear === "1" ? undefined : cache.read(paths));
  const kept = await read();
  if (kept !== undefined) return { ...kept, problems: [] };
  return cache.alone(async () => {
    const known = await read();
    if (known !== undefined) return { ...known, problems: [] };
    const before = await cache.latest();
    const modules = findUpwards(project, "node_modules");
    const isReached = modules === undefined || root.startsWith(dirname(realPath(modules)) + sep);
    const made = await cache.write(
      (folder) => compiler.compile({ project, sources, folder, parallel }),
      isReached ? undefined : modules,
    );
    if (clear !== "0" && made.problems.length === 0) await cache.clear([made.folder, before]);
    return made;
  });
}

// Raise this number when the format of the cache changes.
const formatVersion = 1;

function groupByProject(
  services: readonly ScannedService[],
  extra: readonly string[],
): ReadonlyMap<string, CompileSource[]> {
  const isClient = ({ kind }: HttpFile) => httpFiles.find((entry) => entry.kind === kind)?.runs === "browser";
  const client = services.flatMap(({ http }) => http.filter(isClient).map(({ source }) => source));
  const server = services.flatMap(({ configs, http, found, migrations }) => [
    ...[...configs.values(), ...found, ...migrations].map(({ source }) => source),
    ...http.filter((file) => !isClient(file)).map(({ source }) => source),
  ]);
  const sources: CompileSource[] = [
    ...[...server, ...extra].filter(isCompiled).map((path) => ({ path, runs: "server" as const })),
    ...findClientSources(client.filter(isCompiled)).map((path) => ({ path, runs: "browser" as const })),
  ];
  const groups = new Map<string, CompileSource[]>();
  for (const { path, runs } of sources) {
    const source = { path: realPath(path), runs };
    const packageJSON = findUpwards(dirname(source.path), "package.json");
    const project = packageJSON === undefined ? process.cwd() : dirname(packageJSON);
    const group = groups.get(project) ?? [];
    if (!group.some(({ path }) => path === source.path)) group.push(source);
    groups.set(project, group);
  }
  return groups;
}

/** Compilers resolve links, so the outputs have resolved paths. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Packages contain JavaScript, and CommonJS runs unchanged. */
function isCompiled(path: string): boolean {
  return isScript(path) && !path.includes(`${sep}node_modules${sep}`) && extname(path) !== ".cjs";
}

/** Makes stacks name the sources of outputs, although the outputs are below `node_modules`. */
function mapStacks(): void {
  if (typeof nodeModule.setSourceMapsSupport === "function") {
    nodeModule.setSourceMapsSupport(true, { nodeModules: true, generatedCode: false });
  } else process.setSourceMapsEnabled(true);
}
