import { createOutputFinder, whyNotModule } from "../build/output-finder.js";
import { type Problem, StartError } from "../errors.js";
import { type LoadedService, loadService } from "../service/load-service.js";
import { type ScannedService, type ServiceFile, scanService } from "../service/scan-service.js";

/** How to load a composition. */
export interface LoadCompositionOptions {
  /** The service folders in their order. */
  readonly services: readonly string[];
  /** How long to wait for a compiler at work, in milliseconds. */
  readonly compileTimeout: number;
  readonly signal?: AbortSignal;
  /** Set where the modules of the services are to be loaded anew: a number that no load of this process had. */
  readonly version?: number | undefined;
  /** Whether texts such as Markdown stay in memory. Default true. */
  readonly keepsTexts?: boolean;
  /** Called when there is something to wait for, with the first file that is missing. */
  onWait?(file: string, count: number): void;
}

/** An ordered list of services, loaded and checked: what a server, and all else made of services, starts from. */
export interface Composition {
  readonly services: readonly LoadedService[];
  /** What looks as if it were meant to be read, and is not. */
  readonly hints: readonly Problem[];
}

/**
 * Scans, loads and checks service folders.
 * @throws {StartError} with everything that is wrong, over all services
 * @throws {MiqroError} `ERR_ARGUMENT` for a folder that is not a service
 */
export async function loadComposition(options: LoadCompositionOptions): Promise<Composition> {
  const outputs = createOutputFinder();
  const problems: Problem[] = [];
  const scanned: ScannedService[] = [];
  const hints: Problem[] = [];
  for (const path of options.services) {
    const result = await scanService(path, outputs, options.version);
    const { folder } = result.service;
    if (scanned.some((other) => other.folder === folder)) {
      problems.push({ file: folder, message: "this service is listed twice. List it once." });
      continue;
    }
    scanned.push(result.service);
    problems.push(...result.problems);
    hints.push(...result.hints);
  }
  if (problems.length > 0) throw new StartError(problems);

  const files = scanned.flatMap(filesOf);
  problems.push(...moduleProblems(files));
  if (problems.length > 0) throw new StartError(problems);
  for (const missing of await waitForCompiler(files, options)) {
    const { whyNotWritten } = await import("../build/why-not-written.js");
    problems.push({ file: missing.source, message: whyNotWritten(missing) });
  }
  if (problems.length > 0) throw new StartError(problems);

  const services: LoadedService[] = [];
  for (const service of scanned) services.push(await loadService(service, problems, options.keepsTexts));
  if (problems.length > 0) throw new StartError(problems);
  return { services, hints };
}

/** The files that the compiler has still not written when the time is up. */
async function waitForCompiler(
  files: readonly ServiceFile[],
  { compileTimeout, signal, onWait }: LoadCompositionOptions,
): Promise<readonly ServiceFile[]> {
  if (files.every(({ source, file }) => source === file)) return [];
  const { waitForOutputs } = await import("../build/wait-for-outputs.js");
  const missing = await waitForOutputs(files, { timeout: 0 });
  if (missing.length === 0) return [];
  const { findElsewhere } = await import("../build/why-not-written.js");
  // What lies elsewhere would never come.
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

/** One problem for each package.json that keeps compiled files from being modules, named by the first of them. */
function moduleProblems(files: readonly ServiceFile[]): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { source, file, tsconfig } of files) {
    if (tsconfig === undefined) continue;
    const message = whyNotModule(file);
    if (message !== undefined && !problems.has(message)) problems.set(message, { file: source, message });
  }
  return [...problems.values()];
}
