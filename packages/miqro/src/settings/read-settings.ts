import { accessSync, constants, existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import type { CommandArguments } from "../cli/arguments.js";
import { MiqroError } from "../errors.js";
import type { InflateOptions } from "../inflate/inflate-options.js";
import { toPort } from "../lifecycle/address.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadCertificate, loadEnvFile, loadMiqroJson } from "../modules.js";
import type { MiqroJson } from "./miqro-json.js";
import type { Setting } from "./setting.js";
import { faultOf, type Settled, settle } from "./settle.js";
import { type SettingValues, settings } from "./table.js";

/** The settings of a run, settled by the table of settings. */
export interface Settings extends Config {
  readonly options: MiqroOptions & { readonly services: readonly string[] };
  /** The options of a run of tests. */
  readonly tests: {
    readonly reporter?: string | undefined;
    readonly namePattern?: string | undefined;
    readonly coverage?: boolean | undefined;
  };
  /** The settings that the command line itself reads. */
  readonly own: Readonly<Pick<Partial<SettingValues>, "browser" | "hotReload" | "inspect">>;
  /** Which values come from where nobody may think of, for the line that tells of the start: `port from PORT`. */
  readonly origins: readonly string[];
  /** The host of the editor, if an editor is asked for. */
  readonly editorHost?: string;
  /** The settings that only `--inflate` reads. */
  readonly inflate: InflateOptions;
  /** The files and variables that exist but are not read, a line each. */
  readonly notes: readonly string[];
}

/** All that was set, and where. */
export interface Config {
  /** The config file that was read. */
  readonly configFile?: string;
  /** The file with variables that was read. */
  readonly envFile?: string;
  /** The variables that the environment lacks: those of that file, and the values of `miqro.json` in their place. */
  readonly variables: Readonly<Record<string, string>>;
  /** Every setting that has a value, by its name. */
  readonly settled: ReadonlyMap<string, Settled>;
  /** The variables of the environment and of the file. */
  readonly env: NodeJS.ProcessEnv;
}

const defaultConfig = "miqro.json";
const defaultLogFile = "server.log";

/**
 * Settles the settings from the arguments, the environment and `miqro.json`. It changes nothing, not even
 * `process.env`.
 * @param content - what a `miqro.json` holds, where none is read
 * @throws {MiqroError} for a config that cannot be read, values that cannot be (all of them at once), and no services
 */
export function readSettings(
  args: CommandArguments,
  given: NodeJS.ProcessEnv,
  content?: MiqroJson,
): Settings {
  const config = readConfig(args, given, content);
  const { configFile, settled, env, envFile } = config;
  const { services = [], browser, hotReload, inspect, editor, editorHost } = valuesOf(settled);
  if (services.length === 0) throw noServices(configFile);
  const options = { ...valuesOf(settled, ({ readBy }) => readBy === "composition"), services };
  const notes = findNotes(env, envFile, configFile);
  if (settled.get("logFile")?.from === "default" && !canWrite(String(options.logFile))) {
    options.logFile = false;
    notes.push(
      `${defaultLogFile} is not written, since ${process.cwd()} cannot be written to. To be told no more, set LOG_FILE=false.`,
    );
  }
  if (options.https === true && args.command === "serve") {
    const { readCertificate, whyNotValid } = loadCertificate();
    const why = whyNotValid(readCertificate(options), options.httpsCert ?? "");
    if (why !== undefined) notes.push(why);
  }
  return {
    ...config,
    options,
    inflate: valuesOf(settled, ({ readBy }) => readBy === "inflate"),
    own: {
      ...(browser === undefined ? {} : { browser }),
      ...(hotReload === undefined ? {} : { hotReload }),
      ...(inspect === undefined ? {} : { inspect }),
    },
    tests: { reporter: args.testReporter, namePattern: args.testNamePattern, coverage: args.testCoverage },
    origins: findOrigins(settled),
    ...(editor === true && args.watch === true && editorHost !== undefined ? { editorHost } : {}),
    notes,
  };
}

/**
 * Reads all settings, whether or not they are enough to serve.
 * @throws {MiqroError} with everything that is wrong, a line each
 */
export function readConfig(
  args: CommandArguments,
  given: NodeJS.ProcessEnv,
  content: MiqroJson = {},
): Config {
  const faults: MiqroError[] = [];
  const attempt = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MiqroError)) throw error;
      faults.push(error);
      return undefined;
    }
  };
  if (args.config !== undefined && args.disableMiqroJson === true) {
    faults.push(
      new MiqroError(
        "MIQRO_ARGUMENT",
        "--config and --disable-miqrojson exclude each other. Give one of them.",
      ),
    );
  }
  const configFile = findConfig(args);
  const json =
    configFile === undefined ? content : (attempt(() => loadMiqroJson().readMiqroJson(configFile)) ?? {});
  const envFile = args.envFile ?? json.envFile;
  const fromFile =
    envFile === undefined ? {} : (attempt(() => loadEnvFile().readEnvFile(envFile, given)) ?? {});
  const env = { ...fromFile, ...given };
  const settled = settleAll(args, env, json);
  const wrong = [...findFaults(settled), ...findLevelFaults(env)];
  if (wrong.length > 0) faults.push(new MiqroError("MIQRO_ARGUMENT", wrong.join("\n")));
  if (faults.length > 0) {
    throw new MiqroError(faults[0]?.code ?? "MIQRO_CONFIG", faults.map(({ message }) => message).join("\n"));
  }
  return {
    settled,
    env,
    variables: { ...fromFile, ...variablesOf(settled, env) },
    ...(configFile === undefined ? {} : { configFile }),
    ...(envFile === undefined ? {} : { envFile }),
  };
}

/** Every setting that has a value, with the source of the value. */
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

/** The errors of flags and variables, and of settings that do not go together. */
function findFaults(settled: ReadonlyMap<string, Settled>): string[] {
  const faults: string[] = [];
  for (const [name, { value, from }] of settled) {
    const setting = settings[name as keyof SettingValues] as Setting;
    // `miqro.json` has been checked.
    if (from !== "flag" && from !== "environment") continue;
    const what = from === "flag" ? `--${setting.flag?.name}` : String(setting.env);
    const fault = faultOf(value, setting, what);
    if (fault !== undefined) faults.push(fault);
  }
  const { https, port, httpsRedirect, backplane = "ipc", app, watch, hotReload } = valuesOf(settled);
  if (faults.length > 0) return faults;
  if (https !== true) {
    for (const name of ["httpsKey", "httpsCert", "httpsRedirect"] as const) {
      if (settled.get(name)?.from === "flag") {
        faults.push(
          `--${settings[name].flag?.name} is of use with --https only. Add --https, or leave it out.`,
        );
      }
    }
  } else if (httpsRedirect !== undefined && Number(httpsRedirect) === toPort(port, "The port", true)) {
    faults.push(
      `Port ${httpsRedirect} cannot serve HTTPS and lead to it. Choose another with --https-redirect, or with --port.`,
    );
  }
  if (hotReload === true && watch !== true) {
    faults.push("--hot-reload tells pages of what --watch has seen. Add --watch, or leave it out.");
  }
  if (backplane !== "ipc" && !app && settled.get("name")?.from === "default") {
    faults.push(
      "On a Redis that others may use as well, the server needs a name of its own. " +
        'Give --name NAME, MIQRO_APP, or "name" in miqro.json.',
    );
  }
  return faults;
}

/** Variables that code elsewhere reads, as far as the environment lacks them. */
function variablesOf(settled: ReadonlyMap<string, Settled>, env: NodeJS.ProcessEnv): Record<string, string> {
  const { backplane = "ipc", name = "" } = valuesOf(settled);
  if (backplane === "ipc") return {};
  return {
    ...(env.MIQRO_BACKPLANE ? {} : { MIQRO_BACKPLANE: backplane }),
    ...(env.MIQRO_APP ? {} : { MIQRO_APP: name }),
  };
}

function findOrigins(settled: ReadonlyMap<string, Settled>): string[] {
  return [...settled].flatMap(([name, { from }]) => {
    const { env, readBy } = settings[name as keyof SettingValues] as Setting;
    return from === "environment" && readBy === "composition" ? `${name} from ${env}` : [];
  });
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

/** Whether a file of the working directory can be appended to. */
function canWrite(path: string): boolean {
  try {
    accessSync(existsSync(path) ? path : ".", constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function findConfig({ config, disableMiqroJson }: CommandArguments): string | undefined {
  if (disableMiqroJson) return undefined;
  if (config !== undefined) return config;
  return existsSync(defaultConfig) ? defaultConfig : undefined;
}

/** The remedy names an existing folder. */
function noServices(configFile: string | undefined): MiqroError {
  const folder = ["app", "src", "."].find((name) => existsSync(join(name, "http"))) ?? "DIR";
  const flags = `--service ${folder}`;
  const hasIndex = existsSync("index.js");
  const message =
    configFile === undefined
      ? `There is no service to run: no miqro.json is in ${process.cwd()}, and no folder was named. ${startAbove() ?? `Write miqro ${flags}${hasIndex ? ", or miqro . to serve the function that index.js exports" : ""}.`}`
      : `${configFile} lists no services. Add "services": ["app/"] to it, or write miqro ${flags}.`;
  return new MiqroError("MIQRO_ARGUMENT", message);
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

/** The code that makes the first logger would report a wrong level, and blame its own file. */
function findLevelFaults(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => /^LOG_LEVEL(?:_|$)/.test(name))
    .filter((name) => env[name] !== "" && !logLevels.includes(String(env[name]).toLowerCase()))
    .map((name) => `${name} is "${env[name]}", but must be one of ${logLevels.join(", ")}.`);
}
