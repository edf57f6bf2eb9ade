import { existsSync } from "node:fs";
import type { CommandArguments } from "../cli/arguments.js";
import { MiqroError } from "../errors.js";
import { type MiqroOptions, toPort } from "../lifecycle/miqro-options.js";
import { loadMiqroJson } from "../modules.js";

/** What to run, settled: a flag before `miqro.json` before the environment before the default. */
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
  const json = configFile === undefined ? {} : loadMiqroJson().readMiqroJson(configFile);
  const services = args.services ?? json.services ?? [];
  if (services.length === 0) {
    throw new MiqroError(
      "ERR_ARGUMENT",
      configFile === undefined
        ? "There is no service to run. Name a folder with --service DIR, or list folders in miqro.json."
        : `${configFile} lists no services. Add "services": ["app/"], or name one with --service DIR.`,
    );
  }
  if (!args.noBuild && json.noBuild !== true) {
    throw new MiqroError(
      "ERR_NOT_AVAILABLE",
      "Compiling sources at the start is not available yet: run tsc, then miqro --no-build.",
    );
  }
  const port = args.port ?? json.port ?? env.PORT;
  toPort(port);
  const host = args.host ?? json.host ?? (args.watch ? "127.0.0.1" : undefined);
  return {
    services,
    name: args.name ?? json.name ?? "server",
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(json.trustProxy === undefined ? {} : { trustProxy: json.trustProxy }),
    ...(configFile === undefined ? {} : { configFile }),
  };
}

function findConfig({ config, disableMiqroJson }: CommandArguments): string | undefined {
  if (disableMiqroJson) return undefined;
  if (config !== undefined) return config;
  return existsSync(defaultConfig) ? defaultConfig : undefined;
}
