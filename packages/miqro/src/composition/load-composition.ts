import { sep } from "node:path";
import { createOutputFinder, whyNotModule } from "../build/output-finder.js";
import { MiqroError, type Problem, StartError } from "../errors.js";
import { type LoadedService, loadService } from "../service/load-service.js";
import { type ScannedService, type ServiceFile, scanService } from "../service/scan-service.js";

/** How to load a composition. */
export interface LoadCompositionOptions {
  /** The service folders in their order. */
  readonly services: readonly string[];
  /**
   * False compiles the sources; true runs the output of tsc. Default: false if there are TypeScript sources for which
   * no tsconfig.json has tsc write outputs, and otherwise true.
   */
  readonly noBuild?: boolean | undefined;
  readonly client?: ClientOptions;
  /** Whether test files are found as well. */
  readonly tests?: boolean;
  /** How many instances of esbuild may compile at once. */
  readonly parallel?: number | undefined;
  /** The longest time to wait for a compiler that is still writing, in milliseconds. */
  readonly compileTimeout: number;
  readonly signal?: AbortSignal;
  /** Set if the modules of the services must be loaded anew: a number that no other load of this process has used. */
  readonly version?: number | undefined;
  /** Whether texts such as Markdown stay in memory. Default true. */
  readonly keepsTexts?: boolean;
  /** Called if there is something to wait for, with the first missing file. */
  onWait?(file: string, count: number): void;
  /** Called with every file that was compiled, and with the files that were included in compiled files. */
  onCompiled?(files: readonly string[]): void;
}

/**
 * An ordered list of services, loaded and checked. A server is started from it, and all other commands use it as well.
 */
export interface Composition {
  readonly services: readonly LoadedService[];
  /** Files that the user probably expects to be read, but that are not read. */
  readonly hints: readonly Problem[];
  /** The test files, if they were requested. */
  readonly tests: readonly ServiceFile[];
  /** How client code is sent to browsers. */
  readonly client: ClientOptions;
}

/** How client code is sent to browsers. */
export interface ClientOptions {
  /** Default: true if esbuild has compiled the services. */
  readonly clientBundle?: boolean | undefined;
  readonly noMinify?: boolean | undefined;
}

/**
 * Scans, loads and checks service folders.
 * @throws {StartError} with all errors of all services
 * @throws {MiqroError} `MIQRO_ARGUMENT` for a folder that is not a service
 */
export async function loadComposition(options: LoadCompositionOptions): Promise<Composition> {
  let isCompiled = options.noBuild === false;
  let found = await scan(options, isCompiled);
  if (options.noBuild === undefined && found.problems.some(isForCompiler)) {
    isCompiled = true;
    found = await scan(options, isCompiled);
  }
  const { scanned, hints } = found;
  const problems = [...found.problems];
  if (problems.length > 0) throw new StartError(problems);

  const tests = options.tests === true ? await findTestFiles(scanned, isCompiled, problems) : [];
  const ready = isCompiled ? await compile(scanned, tests, options, problems) : { scanned, tests };
  if (!isCompiled) await requireOutputs([...scanned.flatMap(filesOf), ...tests], options, problems);
  if (problems.length > 0) throw new StartError(problems);

  const services: LoadedService[] = [];
  for (const service of ready.scanned)
    services.push(await loadService(service, problems, options.keepsTexts));
  if (problems.length > 0) throw new StartError(problems);
  return { services, hints, client: options.client ?? {}, tests: ready.tests };
}

/** Services whose names were read, but whose modules are not loaded. */
interface Scanned {
  readonly scanned: readonly ScannedService[];
  readonly problems: readonly Problem[];
  readonly hints: readonly Problem[];
}

async function scan(
  { services: paths, version }: LoadCompositionOptions,
  isCompiled: boolean,
): Promise<Scanned> {
  const outputs = isCompiled
    ? (await import("../build/compile-services.js")).sourcesThemselves
    : createOutputFinder();
  const scanned: ScannedService[] = [];
  const problems: Problem[] = [];
  const hints: Problem[] = [];
  for (const path of paths) {
    const result = await scanService(path, outputs, version);
    const { folder } = result.service;
    if (scanned.some((other) => other.folder === folder)) {
      problems.push({ file: folder, message: "this service is listed twice. List it once." });
      continue;
    }
    scanned.push(result.service);
    problems.push(...result.problems);
    hints.push(...result.hints);
  }
  return { scanned, problems, hints };
}

/** Whether no tsconfig.json has tsc write the output of a source. Packages must contain their outputs. */
function isForCompiler({ cause, file }: Problem): boolean {
  const isOurs = !file.includes(`${sep}node_modules${sep}`);
  return isOurs && cause instanceof MiqroError && cause.code === "MIQRO_COMPILE";
}

/** The files that can be loaded, by the paths of their outputs. */
interface Ready {
  readonly scanned: readonly ScannedService[];
  readonly tests: readonly ServiceFile[];
}

async function findTestFiles(
  scanned: readonly ScannedService[],
  isCompiled: boolean,
  problems: Problem[],
): Promise<ServiceFile[]> {
  const { findTests } = await import("../testing/find-tests.js");
  const outputs = createOutputFinder();
  const found: ServiceFile[] = [];
  for (const { folder } of scanned) {
    for (const source of await findTests(folder)) {
      try {
        found.push(isCompiled ? { source, file: source } : outputs.find(source));
      } catch (error) {
        if (!(error instanceof MiqroError)) throw error;
        problems.push({ file: source, message: error.message, cause: error });
      }
    }
  }
  return found;
}

/** Compiles services, and adds the outputs to them. */
async function compile(
  scanned: readonly ScannedService[],
  tests: readonly ServiceFile[],
  { parallel, onCompiled, tests: isTest }: LoadCompositionOptions,
  problems: Problem[],
): Promise<Ready> {
  const { compileServices } = await import("../build/compile-services.js");
  const compiled = await compileServices(scanned, {
    purpose: isTest === true ? "test" : "serve",
    extra: tests.map(({ source }) => source),
    ...(parallel === undefined ? {} : { parallel }),
  });
  problems.push(...compiled.problems);
  // A file with a syntax error was read as well.
  onCompiled?.([...compiled.inputs, ...compiled.problems.map(({ file }) => file)]);
  return {
    scanned: compiled.services,
    tests: tests.map((file) => ({ ...file, file: compiled.outputOf(file.source) ?? file.file })),
  };
}

/** Waits for the files that tsc writes. A file that does not appear is a problem. */
async function requireOutputs(
  files: readonly ServiceFile[],
  options: LoadCompositionOptions,
  problems: Problem[],
): Promise<void> {
  problems.push(...moduleProblems(files));
  if (problems.length > 0) return;
  for (const missing of await waitForCompiler(files, options)) {
    const { whyNotWritten } = await import("../build/why-not-written.js");
    problems.push({ file: missing.source, message: whyNotWritten(missing) });
  }
}

/** The files that the compiler has not written in time. */
async function waitForCompiler(
  files: readonly ServiceFile[],
  { compileTimeout, signal, onWait }: LoadCompositionOptions,
): Promise<readonly ServiceFile[]> {
  if (files.every(({ source, file }) => source === file)) return [];
  const { waitForOutputs } = await import("../build/wait-for-outputs.js");
  const missing = await waitForOutputs(files, { timeout: 0 });
  if (missing.length === 0) return [];
  const { findElsewhere } = await import("../build/why-not-written.js");
  // If tsc writes the file to another path, waiting would be useless.
  if (compileTimeout === 0 || missing.some((file) => findElsewhere(file) !== undefined)) return missing;
  return waitForOutputs(files, {
    timeout: compileTimeout,
    ...(signal === undefined ? {} : { signal }),
    onWait: (waiting) => onWait?.(waiting[0]?.source ?? "", waiting.length),
  });
}

function filesOf(service: ScannedService): ServiceFile[] {
  return [...service.configs.values(), ...service.http, ...service.migrations];
}

/**
 * One problem for each package.json that keeps compiled files from being ES modules. The problem is reported for the
 * first of these files.
 */
function moduleProblems(files: readonly ServiceFile[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { source, file, tsconfig } of files) {
    if (tsconfig === undefined) continue;
    const message = whyNotModule(file);
    if (message !== undefined && !problems.has(message)) problems.set(message, { file: source, message });
  }
  return [...problems.values()];
}
