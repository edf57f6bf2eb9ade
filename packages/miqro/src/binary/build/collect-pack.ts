import { existsSync, readFileSync, realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findUpwards } from "../../build/find-upwards.js";
import type { CompositionParts } from "../../composition/parts.js";
import type { DBConfig } from "../../conventions/db.js";
import { type Problem, StartError } from "../../errors.js";
import { type MiqroOptions, modes } from "../../lifecycle/miqro-options.js";
import { RunningComposition } from "../../lifecycle/running-composition.js";
import { configsOf } from "../../service/load-service.js";
import type { ScannedService, ServiceFile } from "../../service/scan-service.js";
import type { CarriedClientCode, PackIndex, Resolutions } from "../pack-index.js";
import { CarriedPaths, readPackage } from "./carried-paths.js";
import { carryService, listSheets } from "./carry-service.js";
import { type TracedModules, traceModules } from "./trace-modules.js";
import type { PackContent } from "./write-pack.js";

/** The input of a pack. */
export interface PackOptions {
  /** The service folders in their order, and how to compile them. */
  readonly composition: Pick<
    MiqroOptions,
    "services" | "noBuild" | "noMinify" | "clientBundle" | "inflateParallel"
  >;
  /** The name of the executable. */
  readonly name: string;
  /** The keys of its `miqro.json` besides the services. */
  readonly settings: Readonly<Record<string, unknown>>;
  onHint(file: string, message: string): void;
}

const own = fileURLToPath(new URL("../../../", import.meta.url));
const program = fileURLToPath(new URL("../start.js", import.meta.url));
const importer = fileURLToPath(new URL("../import-module.cjs", import.meta.url));
const mainScript = fileURLToPath(new URL("../sea-main.cjs", import.meta.url));
const settingsFile = "_miqro/miqro.json";

/** Parts of miqro that need the sources of an app. Their dynamic imports are not followed. */
const developing =
  /^dist\/(?:watch|testing|client-graph|binary\/build|build\/(?!wait-for-outputs)|cli\/commands\/(?!serve\.|cluster\.|migrate\.|version\.))/;

/**
 * Loads the services, checks them as a start does, and collects what an executable needs. Nothing connects, and no hook
 * runs.
 * @throws {StartError} if something would keep the services from starting, or cannot be carried; the error lists
 * everything
 */
export async function collectPack(options: PackOptions): Promise<PackContent> {
  const { name, settings } = options;
  const loaded = new Set<string>();
  const hooks = registerHooks({
    load(url, context, next) {
      if (url.startsWith("file:")) loaded.add(fileURLToPath(url.replace(/[?#].*$/, "")));
      return next(url, context);
    },
  });
  const parts = await loadParts(options).finally(() => hooks.deregister());
  const { composition } = parts;
  const problems = refuseNativeDialects(parts);

  const scanned = composition.services.map((service) => service.scanned);
  const first = scanned[0]?.folder ?? process.cwd();
  const project = findUpwards(first, "package.json");
  const builds = new Set(scanned.flatMap(filesOf).map(({ buildFolder }) => buildFolder));
  builds.delete(undefined);
  const paths = new CarriedPaths(project === undefined ? process.cwd() : dirname(project), [
    ...builds,
  ] as string[]);
  const files = new Map<string, Buffer>();
  const outputs: Record<string, string> = {};
  const folders: string[] = [];
  const entries = new Set([program, importer, join(own, "dist/cli/cluster-worker.js")]);
  for (const service of scanned) {
    const carried = await carryService(service, paths);
    for (const [path, bytes] of carried.files) files.set(path, bytes);
    folders.push(...carried.folders);
    for (const [source, file] of carried.outputs)
      outputs[paths.toCarried(source)] = paths.toCarried(real(file));
    for (const sheet of await listSheets(service)) files.set(paths.toCarried(sheet), readFileSync(sheet));
    const client = new Set(service.http.filter(({ kind }) => kind === "client").map(({ file }) => file));
    for (const { file } of filesOf(service)) {
      if (!client.has(file) && /\.[mc]?js$/.test(file) && existsSync(file)) entries.add(real(file));
    }
  }
  for (const file of loaded) if (!file.startsWith(own) && !isMiqro(paths, file)) entries.add(file);
  const traced = await traceModules([...entries].sort(), {
    paths,
    isCut: (from, to) => from.startsWith(own) && developing.test(relative(own, to).replaceAll("\\", "/")),
  });
  problems.push(...traced.problems);
  if (problems.length > 0) throw new StartError(problems);

  addModules(files, traced, paths);
  const client = carryClientCode(files, parts);
  const carriedServices = scanned.map(({ folder }) => paths.toCarried(folder));
  const config = { ...settings, services: carriedServices.map((path) => `../${path}`), noBuild: true };
  files.set(settingsFile, Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
  // The main script also runs the files that --install unpacks.
  files.set("_miqro/start.cjs", readFileSync(mainScript));
  const { version } = project === undefined ? {} : readPackage(dirname(project));
  const index: Omit<PackIndex, "files"> = {
    folders,
    outputs,
    formats: Object.fromEntries([...traced.formats].map(([file, format]) => [paths.toCarried(file), format])),
    imports: toResolutions(traced.imports, paths),
    requires: toResolutions(traced.requires, paths),
    ...(client === undefined ? {} : { client }),
    start: { importer: paths.toCarried(importer), program: paths.toCarried(program) },
    settings: settingsFile,
    program: { name, ...(version === undefined ? {} : { version }) },
  };
  return { files, index };
}

/** Prepares the composition in the same way as a start does before databases connect. */
async function loadParts({ composition, onHint }: PackOptions): Promise<CompositionParts> {
  const { services, noBuild = false, noMinify = false, clientBundle, inflateParallel = 1 } = composition;
  const options: MiqroOptions = {
    services,
    noBuild,
    noMinify,
    ...(clientBundle === undefined ? {} : { clientBundle }),
    inflateParallel,
    compileTimeout: 0,
    onHint,
  };
  const nothing = async (): Promise<void> => {};
  const running = new RunningComposition(options, modes.compile, {
    stop: nothing,
    reload: nothing,
    restart: nothing,
    kept: {},
  });
  try {
    return (await running.prepare()).parts;
  } finally {
    await running.stop();
  }
}

function filesOf({ configs, http, found, migrations }: ScannedService): ServiceFile[] {
  return [...configs.values(), ...http, ...found, ...migrations];
}

function refuseNativeDialects({ composition }: CompositionParts): Problem[] {
  const problems: Problem[] = [];
  for (const service of composition.services) {
    const file = service.configs.get("db")?.file.source;
    for (const { dialect, disabled, name } of configsOf<DBConfig>(service, "db")) {
      if (disabled === true || dialect !== "sqlite3" || file === undefined) continue;
      problems.push({
        file,
        message: `the database "${name}" has the dialect "sqlite3", whose driver is native code: the system can load it only from a separate file, and not from an executable. Write "node:sqlite", which is built into Node.js and opens the same files.`,
      });
    }
  }
  return problems;
}

function isMiqro(paths: CarriedPaths, file: string): boolean {
  const folder = paths.packageOf(file);
  return folder !== undefined && /^@miqro\//.test(readPackage(folder).name ?? "");
}

/** Adds the modules, the source maps of the project's own modules, and the package.json of each package. */
function addModules(files: Map<string, Buffer>, traced: TracedModules, paths: CarriedPaths): void {
  const packages = new Set<string>();
  const add = (file: string) => files.set(paths.toCarried(file), readFileSync(file));
  for (const file of [...traced.formats.keys(), ...traced.files]) {
    add(file);
    if (paths.isOwn(file) && existsSync(`${file}.map`)) {
      files.set(paths.toCarried(`${file}.map`), carryMap(`${file}.map`, paths));
    }
    const packageJSON = findUpwards(dirname(file), "package.json");
    if (packageJSON !== undefined) packages.add(packageJSON);
  }
  for (const packageJSON of packages) add(packageJSON);
}

/** A source map whose relative paths lead to the sources where they are carried. */
function carryMap(file: string, paths: CarriedPaths): Buffer {
  const bytes = readFileSync(file);
  if (!paths.isCompiled(file)) return bytes;
  const map = JSON.parse(bytes.toString()) as { sources: string[] };
  const folder = posix.dirname(paths.toCarried(file));
  const toSource = (source: string) =>
    posix.relative(folder, paths.toCarried(resolve(dirname(file), source)));
  return Buffer.from(JSON.stringify({ ...map, sources: map.sources.map(toSource) }));
}

function carryClientCode(
  files: Map<string, Buffer>,
  { clientCode }: CompositionParts,
): CarriedClientCode | undefined {
  if (clientCode === undefined) return undefined;
  const { entries, modules } = clientCode.all();
  for (const [url, { body }] of modules) files.set(url.slice(1), body);
  return {
    entries: Object.fromEntries(entries),
    modules: Object.fromEntries([...modules].map(([url, { headers }]) => [url, headers])),
  };
}

/** The modules that the main script cannot find by itself. It finds a relative path without help. */
function toResolutions(
  resolved: ReadonlyMap<string, ReadonlyMap<string, string>>,
  paths: CarriedPaths,
): Resolutions {
  const found: Record<string, Record<string, string>> = {};
  for (const [file, targets] of resolved) {
    const from = paths.toCarried(file);
    for (const [specifier, target] of targets) {
      const to = paths.toCarried(target);
      const isPlain = specifier.startsWith(".") && posix.join(posix.dirname(from), specifier) === to;
      if (isPlain) continue;
      found[from] ??= {};
      found[from][specifier] = to;
    }
  }
  return found;
}

function real(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}
