import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { MigrationModule } from "@miqro/query";
import { checkFields } from "../config/check-fields.js";
import type { Problem } from "../errors.js";
import { readPageHead } from "../markdown/page-head.js";
import { checkConfig } from "./check-config.js";
import { configSchemas, migrationFields, routeFields } from "./config-schemas.js";
import { isProblem, loadModule, type ModuleExports } from "./load-module.js";
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
    if (!isProblem(loaded)) return loaded;
    problems.push(loaded);
    return undefined;
  };

  const configs: Partial<Record<ConfigName, unknown>> = {};
  for (const [name, file] of scanned.configs) {
    const loaded = await load(file);
    if (loaded === undefined) continue;
    const messages = checkConfig(loaded.default, configSchemas[name]);
    report(file, messages);
    if (messages.length === 0) configs[name] = loaded.default;
  }

  const routes: LoadedRoute[] = [];
  for (const file of scanned.http) {
    if (file.kind === "client" || file.kind === "markdown") continue;
    const loaded = await load(file);
    if (loaded === undefined) continue;
    const route = readRoute(file, loaded);
    report(file, route.messages);
    if (route.messages.length === 0) routes.push({ file, value: loaded.default, options: route.options });
  }

  const migrations: LoadedMigration[] = [];
  for (const file of scanned.migrations) {
    const loaded = await load(file);
    if (loaded === undefined) continue;
    const messages =
      loaded.default === undefined
        ? ["it has no default export. Write: export default { up: async (db) => { ... } }"]
        : checkFields(loaded.default, migrationFields, "the default export");
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
      readPageHead(source);
      markdown.push({ file, source });
    } catch (error) {
      report(file, [error instanceof Error ? error.message : String(error)]);
    }
  }
  return { scanned, configs: toLoadedConfigs(configs), routes, migrations, markdown };
}

function toLoadedConfigs(configs: Partial<Record<ConfigName, unknown>>): LoadedConfigs {
  const { db = [], ws = [], ...single } = configs;
  return { ...single, db: [db].flat(), ws: [ws].flat() } as LoadedConfigs;
}

function readRoute(file: HttpFile, module: ModuleExports): { messages: string[]; options: APIOptions } {
  const messages: string[] = [];
  const value = module.default;
  let options: Record<string, unknown> = {};
  if (value === undefined) {
    messages.push("it has no default export. Write: export default (req, res) => { ... }");
  }
  if (module.apiOptions !== undefined) {
    messages.push(...checkFields(module.apiOptions, routeFields, "apiOptions"));
    if (typeof module.apiOptions === "object") options = { ...module.apiOptions };
  }
  if (file.kind === "api" && typeof value !== "function" && value !== undefined) {
    const declaration = checkFields(value, routeFields, "the default export");
    messages.push(...declaration);
    if (declaration.length === 0) {
      const { handler, ...fields } = value as Record<string, unknown>;
      if (handler === undefined)
        messages.push('the default export has no "handler". Add handler: (req, res) => { ... }');
      options = { ...fields, ...options };
    }
  }
  return { messages, options: options as APIOptions };
}
