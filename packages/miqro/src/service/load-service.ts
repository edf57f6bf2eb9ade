import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { MigrationModule } from "@miqro/query";
import type { Convention } from "../conventions/convention.js";
import { conventions } from "../conventions/table.js";
import type { Problem } from "../errors.js";
import type { LoadedHttpFile } from "../http-files/http-file-kind.js";
import { httpFiles } from "../http-files/table.js";
import { FileProblems } from "../options/file-problems.js";
import { LoadFailure, loadModule, type ModuleExports } from "./load-module.js";
import type { ScannedService, ServiceFile } from "./scan-service.js";

/** A config file of a service, loaded and checked. */
export interface LoadedConfig {
  readonly file: ServiceFile;
  readonly convention: Convention;
  /** Its exports; one config unless the convention takes an array. */
  readonly configs: readonly unknown[];
}

/** A migration, and the data that its record in the database needs. */
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
  /** The config files. The key is the name of the convention. */
  readonly configs: ReadonlyMap<string, LoadedConfig>;
  readonly http: readonly LoadedHttpFile[];
  readonly migrations: readonly LoadedMigration[];
}

/** The exports of a config file of a service; empty if it has no such file. */
export function configsOf<Config>({ configs }: LoadedService, name: string): readonly Config[] {
  return (configs.get(name)?.configs ?? []) as readonly Config[];
}

/** Loads and checks every module of a service. All errors are added to `problems` together. */
export async function loadService(
  scanned: ScannedService,
  problems: Problem[],
  keepsTexts = true,
): Promise<LoadedService> {
  const configs = new Map<string, LoadedConfig>();
  for (const [name, file] of scanned.configs) {
    const loaded = await loadConfig(name, file, problems);
    if (loaded !== undefined) configs.set(name, loaded);
  }
  const http: LoadedHttpFile[] = [];
  const memory = new Map<string, unknown>();
  for (const file of scanned.http) {
    const kind = await httpFiles.find((entry) => entry.kind === file.kind)?.load();
    const value = await kind?.read(file, {
      problems: new FileProblems(file.source, problems),
      memory,
      keepsTexts,
      fileOf: (source) => scanned.found.find((one) => one.source === source) ?? { source, file: source },
      load: () => load(file, problems),
    });
    if (kind !== undefined && value !== undefined) http.push({ file, kind, value });
  }
  const migrations: LoadedMigration[] = [];
  for (const file of scanned.migrations) {
    const loaded = await loadMigration(file, problems);
    if (loaded !== undefined) migrations.push(loaded);
  }
  return { scanned, configs, http, migrations };
}

async function load(file: ServiceFile, problems: Problem[]): Promise<ModuleExports | undefined> {
  const loaded = await loadModule(file);
  if (!(loaded instanceof LoadFailure)) return loaded;
  problems.push(loaded);
  return undefined;
}

async function loadConfig(
  name: string,
  file: ServiceFile,
  problems: Problem[],
): Promise<LoadedConfig | undefined> {
  const convention = await conventions.find((entry) => entry.name === name)?.load();
  const module = await load(file, problems);
  if (convention === undefined || module === undefined) return undefined;
  const { checkConfigs } = await import("../conventions/check-configs.js");
  const configs = checkConfigs(module.default, convention, new FileProblems(file.source, problems));
  return configs === undefined ? undefined : { file, convention, configs };
}

async function loadMigration(file: ServiceFile, problems: Problem[]): Promise<LoadedMigration | undefined> {
  const module = await load(file, problems);
  if (module === undefined) return undefined;
  const { checkMigration } = await import("../conventions/migration.js");
  const migration = checkMigration(module.default, new FileProblems(file.source, problems));
  if (migration === undefined) return undefined;
  const name = migration.name ?? basename(file.source, extname(file.source));
  return { file, name, module: migration, source: await readFile(file.source, "utf8") };
}
