import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import type { CommandArguments } from "../cli/arguments.js";
import { MiqroError } from "../errors.js";
import { toPort } from "../lifecycle/address.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadEnvFile, loadMiqroJson } from "../modules.js";
import type { MiqroJson } from "./miqro-json.js";
import type { Setting } from "./setting.js";
import { type Settled, settle } from "./settle.js";
import { laterSettings, type SettingValues, settings } from "./table.js";

/** What to run, settled by the table of settings. */
export interface Settings {
  readonly options: MiqroOptions & { readonly services: readonly string[] };
  /** What a run of tests is asked for. */
  readonly tests: {
    readonly reporter?: string | undefined;
    readonly namePattern?: string | undefined;
    readonly coverage?: boolean | undefined;
  };
  /** The config file that was read. */
  readonly configFile?: string;
  /** The file with variables that was read. */
  readonly envFile?: string;
  /** The variables of that file which the environment lacks. */
  readonly variables: Readonly<Record<string, string>>;
  /** The variable that gives the port, where one does. */
  readonly portFrom?: string;
  /** What is there, and is not read, a line each. */
  readonly notes: readonly string[];
}

const defaultConfig = "miqro.json";

/**
 * Settles what the arguments, the environment and `miqro.json` say. Nothing is changed, `process.env` included.
 * @throws {MiqroError} for a config that cannot be read, no services, and a port that is none
 */
export function readSettings(args: CommandArguments, given: NodeJS.ProcessEnv): Settings {
  const configFile = findConfig(args);
  const json = configFile === undefined ? {} : loadMiqroJson().readMiqroJson(configFile);
  const envFile = args.envFile ?? json.envFile;
  const variables = envFile === undefined ? {} : loadEnvFile().readEnvFile(envFile, given);
  const env = { ...variables, ...given };
  const settled = settleAll(args, env, json);
  const { services = [], port } = valuesOf(settled);
  if (services.length === 0) throw noServices(configFile);
  checkLogLevels(env);
  const { from } = settled.get("port") ?? {};
  toPort(port, from === "flag" ? "--port" : from === "environment" ? "PORT" : "The port");
  const values = valuesOf(settled, ({ readBy }) => readBy === "composition");
  return {
    options: { ...values, services },
    tests: { reporter: args.testReporter, namePattern: args.testNamePattern, coverage: args.testCoverage },
    variables,
    notes: findNotes(env, envFile, configFile),
    ...(configFile === undefined ? {} : { configFile }),
    ...(envFile === undefined ? {} : { envFile }),
    ...(from === "environment" ? { portFrom: settings.port.env ?? "" } : {}),
  };
}

/** Every setting that has a value, with where it came from. */
export function settleAll(
  args: CommandArguments,
  env: NodeJS.ProcessEnv,
  json: MiqroJson,
): ReadonlyMap<string, Settled> {
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

/** The remedy names a folder that is there. */
function noServices(configFile: string | undefined): MiqroError {
  const folder = ["app", "src", "."].find((name) => existsSync(join(name, "http"))) ?? "DIR";
  const flags = `--service ${folder}`;
  const message =
    configFile === undefined
      ? `There is no service to run: no miqro.json is in ${process.cwd()}, and no folder was named. ${startAbove() ?? `Write miqro ${flags}.`}`
      : `${configFile} lists no services. Add "services": ["app/"] to it, or write miqro ${flags}.`;
  return new MiqroError("ERR_ARGUMENT", message);
}

function startAbove(): string | undefined {
  const above = findUpwards(dirname(process.cwd()), defaultConfig);
  return above === undefined ? undefined : `There is one in ${dirname(above)}: start miqro there.`;
}

function findNotes(
  env: NodeJS.ProcessEnv,
  envFile: string | undefined,
  configFile: string | undefined,
): string[] {
  const notes: string[] = [];
  const early = laterSettings
    .flatMap((later) => later.env ?? [])
    .filter((name) => isMeantForMiqro(name, env));
  if (early.length > 0) {
    const are = early.length === 1 ? "is" : "are";
    notes.push(
      `${early.join(", ")} ${are} set, but this version of miqro does not read ${early.length === 1 ? "it" : "them"} yet.`,
    );
  }
  const format = env.LOG_FORMAT || "text";
  if (format !== "text" && format !== "json") {
    notes.push(`LOG_FORMAT is "${format}", but only json is known; lines are written as text.`);
  }
  const dotEnv = join(configFile === undefined ? "" : dirname(configFile), ".env");
  const isRead = envFile !== undefined && resolve(envFile) === resolve(dotEnv);
  if (!isRead && existsSync(dotEnv)) {
    const note = loadEnvFile().noteUnreadEnvFile(dotEnv, env);
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

const logLevels = ["error", "warn", "info", "debug", "trace", "none"];

/** A wrong level would be told by whoever makes the first logger, and blamed on its file. */
function checkLogLevels(env: NodeJS.ProcessEnv): void {
  const faults = Object.keys(env)
    .filter((name) => /^LOG_LEVEL(?:_|$)/.test(name))
    .filter((name) => env[name] !== "" && !logLevels.includes(String(env[name]).toLowerCase()))
    .map((name) => `${name} is "${env[name]}", but must be one of ${logLevels.join(", ")}.`);
  if (faults.length > 0) throw new MiqroError("ERR_ARGUMENT", faults.join("\n"));
}

/** Some terminals set BROWSER to a program of theirs. */
function isMeantForMiqro(name: string, env: NodeJS.ProcessEnv): boolean {
  const value = env[name] ?? "";
  return value !== "" && !(name === "BROWSER" && (value.includes("/") || value === "none"));
}
