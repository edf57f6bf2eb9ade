import { existsSync } from "node:fs";
import type { CommandArguments } from "../cli/arguments.js";
import { MiqroError } from "../errors.js";
import { toPort } from "../lifecycle/address.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadMiqroJson } from "../modules.js";
import type { Setting } from "./setting.js";
import { type Settled, settle } from "./settle.js";
import { type SettingValues, settings } from "./table.js";

/** What to run, settled by the table of settings. */
export interface Settings extends MiqroOptions {
  readonly services: readonly string[];
  /** The config file that was read. */
  readonly configFile?: string;
}

const defaultConfig = "miqro.json";

/**
 * Settles what the arguments, `miqro.json` and the environment say.
 * @throws {MiqroError} for a config that cannot be read, no services, a port that is none, and a call without
 * `--no-build`, which this version needs
 */
export function readSettings(args: CommandArguments, env: NodeJS.ProcessEnv): Settings {
  const configFile = findConfig(args);
  const settled = settleAll(args, env, configFile);
  const { services = [], noBuild, port } = valuesOf(settled);
  if (services.length === 0) {
    throw new MiqroError(
      "ERR_ARGUMENT",
      configFile === undefined
        ? "There is no service to run. Name a folder with --service DIR, or list folders in miqro.json."
        : `${configFile} lists no services. Add "services": ["app/"], or name one with --service DIR.`,
    );
  }
  if (noBuild !== true) {
    throw new MiqroError(
      "ERR_NOT_AVAILABLE",
      "Compiling sources at the start is not available yet: run tsc, then miqro --no-build.",
    );
  }
  toPort(port);
  const options = valuesOf(settled, ({ readBy }) => readBy === "composition");
  return { ...options, services, ...(configFile === undefined ? {} : { configFile }) };
}

/** Every setting that has a value, with where it came from. */
export function settleAll(
  args: CommandArguments,
  env: NodeJS.ProcessEnv,
  configFile: string | undefined,
): ReadonlyMap<string, Settled> {
  const json = configFile === undefined ? {} : loadMiqroJson().readMiqroJson(configFile);
  const settled = new Map<string, Settled>();
  for (const [name, setting] of Object.entries(settings)) {
    const found = settle(name, setting as Setting, { flags: { ...args }, json: { ...json }, env });
    if (found !== undefined) settled.set(name, found);
  }
  return settled;
}

function valuesOf(
  settled: ReadonlyMap<string, Settled>,
  isMeant: (setting: Setting) => boolean = () => true,
): Partial<SettingValues> {
  const values: Record<string, unknown> = {};
  for (const [name, { value }] of settled) {
    if (isMeant(settings[name as keyof SettingValues] as Setting)) values[name] = value;
  }
  return values as Partial<SettingValues>;
}

function findConfig({ config, disableMiqroJson }: CommandArguments): string | undefined {
  if (disableMiqroJson) return undefined;
  if (config !== undefined) return config;
  return existsSync(defaultConfig) ? defaultConfig : undefined;
}
