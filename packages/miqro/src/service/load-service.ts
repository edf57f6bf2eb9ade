import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { MigrationModule } from "@miqro/query";
import type { Problem } from "../errors.js";
import { describeThrown, LoadFailure, loadModule, type ModuleExports } from "./load-module.js";
import type { ConfigName, HttpFile, ScannedService, ServiceFile } from "./scan-service.js";
import type {
  APIOptions,
  AuthConfig,
  DBConfig,
  ErrorConfig,
  MiddlewareConfig,
  ServerConfig,
  WSConfig,
} from "./types.js";

/** The checked config files of a service; what may be a list is one. */
export interface LoadedConfigs {
  readonly db: readonly DBConfig[];
  readonly ws: readonly WSConfig[];
  readonly auth?: AuthConfig;
  readonly server?: ServerConfig;
  readonly middleware?: MiddlewareConfig;
  readonly catch?: ErrorConfig;
}

/** A page, an API route or a JSON file: what its module exports. */
export interface LoadedRoute {
  readonly file: HttpFile;
  /** What answers: a function, an element, a value, or a declaration with a handler. */
  readonly value: unknown;
  readonly options: APIOptions;
}

/** A Markdown page whose front matter is known to be sound. */
export interface LoadedMarkdown {
  readonly file: HttpFile;
  readonly source: string;
}

/** A migration with what the bookkeeping needs. */
export interface LoadedMigration {
  readonly file: ServiceFile;
  readonly name: string;
  readonly module: MigrationModule;
  /** The text whose checksum is recorded. */
  readonly source: string;
}

/** A service whose modules are loaded and checked. */
export interface LoadedService {
  readonly scanned: ScannedService;
  readonly configs: LoadedConfigs;
  readonly routes: readonly LoadedRoute[];
  readonly migrations: readonly LoadedMigration[];
  readonly markdown: readonly LoadedMarkdown[];
}

/** Loads and checks every module of a service; what is wrong goes to `problems`, all of it at once. */
export async function loadService(scanned: ScannedService, problems: Problem[]): Promise<LoadedService> {
  const report = (file: ServiceFile, messages: readonly string[]) => {
    for (const message of messages) problems.push({ file: file.source, message });
  };
  const load = async (file: ServiceFile): Promise<ModuleExports | undefined> => {
    const loaded = await loadModule(file);
    if (!(loaded instanceof LoadFailure)) return loaded;
    problems.push(loaded);
    return undefined;
  };

  const configs: Partial<Record<ConfigName, unknown>> = {};
  for (const [name, file] of scanned.configs) {
    const loaded = await load(file);
    if (loaded === undefined) continue;
    const { checkConfig, configSchemas } = await loadChecks();
    const messages = guarded(() => checkConfig(loaded.default, configSchemas[name]));
    report(file, messages);
    if (messages.length === 0) configs[name] = loaded.default;
  }

  const routes: LoadedRoute[] = [];
  for (const file of scanned.http) {
    if (file.kind === "client" || file.kind === "markdown") continue;
    const loaded = await load(file);
    if (loaded === undefined) continue;
    let options: APIOptions = {};
    const checks = isDeclared(file, loaded) ? await loadChecks() : undefined;
    const messages = guarded(() => {
      const route = readRoute(file, loaded, checks);
      options = route.options;
      return route.messages;
    });
    report(file, messages);
    // A JSON file may export a promise of its value.
    if (messages.length === 0) routes.push({ file, value: await loaded.default, options });
  }

  const migrations: LoadedMigration[] = [];
  for (const file of scanned.migrations) {
    const loaded = await load(file);
    if (loaded === undefined) continue;
    const { checkFields, migrationFields } = await loadChecks();
    const messages =
      loaded.default === undefined
        ? ["it has no default export. Write: export default { up: async (db) => { ... } }"]
        : guarded(() => checkFields(loaded.default, migrationFields, "the default export"));
    report(file, messages);
    if (messages.length > 0) continue;
    const module = loaded.default as MigrationModule;
    const name = module.name ?? basename(file.source, extname(file.source));
    migrations.push({ file, name, module, source: await readFile(file.source, "utf8") });
  }

  const markdown: LoadedMarkdown[] = [];
  for (const file of scanned.http) {
    if (file.kind !== "markdown") continue;
    try {
      const source = await readFile(file.source, "utf8");
      const { readPageHead } = await import("../markdown/page-head.js");
      readPageHead(source);
      markdown.push({ file, source });
    } catch (error) {
      report(file, [error instanceof Error ? error.message : String(error)]);
    }
  }
  return { scanned, configs: toLoadedConfigs(configs), routes, migrations, markdown };
}

/** What is exported can be anything, an object that throws when it is read included. */
function guarded(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [`what it exports cannot be read: ${describeThrown(error)}`];
  }
}

function toLoadedConfigs(configs: Partial<Record<ConfigName, unknown>>): LoadedConfigs {
  const { db = [], ws = [], ...single } = configs;
  return { ...single, db: [db].flat(), ws: [ws].flat() } as LoadedConfigs;
}

type Checks = Awaited<ReturnType<typeof loadChecks>>;

/** Loaded where there is something to check; the parser first, since who checks does not wait for it. */
async function loadChecks() {
  await import("@miqro/parser");
  return {
    ...(await import("../options/check-fields.js")),
    ...(await import("../conventions/check-config.js")),
    ...(await import("../conventions/config-schemas.js")),
  };
}

/** Whether a module says more of its route than how it answers. */
function isDeclared(file: HttpFile, module: ModuleExports): boolean {
  return module.apiOptions !== undefined || (file.kind === "api" && typeof module.default !== "function");
}

function readRoute(
  file: HttpFile,
  module: ModuleExports,
  checks: Checks | undefined,
): { messages: string[]; options: APIOptions } {
  const value = module.default;
  if (value === undefined) {
    return {
      messages: ["it has no default export. Write: export default (req, res) => { ... }"],
      options: {},
    };
  }
  if (checks === undefined) return { messages: [], options: {} };
  const { checkObject, routeOptions, routeDeclaration } = checks;
  const messages =
    module.apiOptions === undefined ? [] : checkObject(module.apiOptions, routeOptions, "apiOptions");
  if (file.kind !== "api" || typeof value === "function") {
    return { messages, options: { ...(module.apiOptions as APIOptions | undefined) } };
  }
  messages.push(...checkObject(value, routeDeclaration, "the default export"));
  const { handler: _, ...declared } = value as APIOptions & { readonly handler?: unknown };
  return { messages, options: { ...declared, ...(module.apiOptions as APIOptions | undefined) } };
}
