import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import type { CommandArguments } from "../cli/arguments.js";
import { fileReasonOf, MiqroError } from "../errors.js";
import type { InflateOptions } from "../inflate/inflate-options.js";
import { toPort } from "../lifecycle/address.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { loadOnUse } from "../load-on-use.js";
import type { MiqroJSON } from "./miqro-json.js";
import type { Setting } from "./setting.js";
import { faultOf, type Settled, settle } from "./settle.js";
import { type SettingValues, settings } from "./table.js";

/** Loaded if the server serves HTTPS. */
const loadCertificate = loadOnUse<typeof import("../lifecycle/certificate.js")>(
  import.meta.url,
  "../lifecycle/certificate.js",
);
/** Loaded if there is a file with variables. */
const loadEnvFile = loadOnUse<typeof import("./env-file.js")>(import.meta.url, "./env-file.js");
/** Loaded if there is a `miqro.json`. */
const loadMiqroJSON = loadOnUse<typeof import("./miqro-json.js")>(import.meta.url, "./miqro-json.js");

/** The settings of a run. The value of each comes from the strongest source in the table of settings. */
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
  /** The settings whose source a user may not expect, for the start line: `port from PORT`. */
  readonly origins: readonly string[];
  /** The host of the editor, if the editor is turned on. */
  readonly editorHost?: string;
  /** The settings that only `--inflate` reads. */
  readonly inflate: InflateOptions;
  /** The files and variables that exist but are not read, one on each line. */
  readonly notes: readonly string[];
}

/** All settings that were set, and their sources. */
export interface Config {
  /** The config file that was read. */
  readonly configFile?: string;
  /** The file with variables that was read. */
  readonly envFile?: string;
  /**
   * The variables that the environment lacks: the variables of that file, and the settings of `miqro.json` that replace
   * a variable.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** Every setting that has a value, by its name. */
  readonly settled: ReadonlyMap<string, Settled>;
  /** The variables of the environment and of the file. */
  readonly env: NodeJS.ProcessEnv;
}

const defaultConfig = "miqro.json";
const defaultLogFile = "server.log";

/**
 * Computes the settings from the arguments, the environment and `miqro.json`. It changes nothing, not even
 * `process.env`.
 * @param content - the content of a `miqro.json`, if no file is read
 * @throws {MiqroError} for a config that cannot be read, for all invalid values together, and if there are no services
 */
export function readSettings(
  args: CommandArguments,
  given: NodeJS.ProcessEnv,
  content?: MiqroJSON,
): Settings {
  const config = readConfig(args, given, content);
  const { configFile, settled, env, envFile } = config;
  const { services = [], browser, hotReload, inspect, editor, editorHost } = valuesOf(settled);
  if (services.length === 0) throw noServices(configFile);
  const options = { ...valuesOf(settled, ({ readBy }) => readBy === "composition"), services };
  const notes = findNotes(env, envFile, configFile);
  const { logFile } = options;
  const why = typeof logFile === "string" ? whyNotWritable(logFile) : undefined;
  if (why !== undefined && settled.get("logFile")?.from === "default") {
    options.logFile = false;
    notes.push(
      `${defaultLogFile} is not written, because ${process.cwd()} cannot be written. To hide this message, set LOG_FILE=false.`,
    );
  } else if (why !== undefined && args.command === "serve") {
    throw new MiqroError("MIQRO_ARGUMENT", `The log file ${logFile} cannot be written: ${why}`);
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
 * Reads all settings, even if they are not enough to serve.
 * @throws {MiqroError} with all errors, one on each line
 */
export function readConfig(
  args: CommandArguments,
  given: NodeJS.ProcessEnv,
  content: MiqroJSON = {},
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
  if (args.config !== undefined && args.disableMiqroJSON === true) {
    faults.push(
      new MiqroError(
        "MIQRO_ARGUMENT",
        "--config and --disable-miqrojson exclude each other. Use only one of them.",
      ),
    );
  }
  const configFile = findConfig(args);
  const json =
    configFile === undefined ? content : (attempt(() => loadMiqroJSON().readMiqroJSON(configFile)) ?? {});
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
  json: MiqroJSON,
): ReadonlyMap<string, Settled> {
  const settled = new Map<string, Settled>();
  for (const [name, setting] of Object.entries(settings)) {
    const found = settle(name, setting as Setting, { flags: { ...args }, json: { ...json }, env });
    if (found !== undefined) settled.set(name, found);
  }
  return settled;
}

/** The errors of flags and variables, and of settings that exclude each other. */
function findFaults(settled: ReadonlyMap<string, Settled>): string[] {
  const faults: string[] = [];
  for (const [name, { value, from }] of settled) {
    const setting = settings[name as keyof SettingValues] as Setting;
    // `miqro.json` was checked before.
    if (from !== "flag" && from !== "environment") continue;
    const what = from === "flag" ? `--${setting.flag?.name}` : String(setting.env);
    const fault = faultOf(value, setting, what);
    if (fault !== undefined) faults.push(fault);
  }
  const { https, port, httpsRedirect, backplane = "ipc", app, watch, hotReload, editor } = valuesOf(settled);
  if (faults.length > 0) return faults;
  if (https !== true) {
    for (const name of ["httpsKey", "httpsCert", "httpsRedirect"] as const) {
      if (settled.get(name)?.from === "flag") {
        faults.push(
          `--${settings[name].flag?.name} has an effect only with --https. Add --https, or leave it out.`,
        );
      }
    }
  } else if (httpsRedirect !== undefined && Number(httpsRedirect) === toPort(port, "The port", true)) {
    faults.push(
      `Port ${httpsRedirect} cannot both serve HTTPS and redirect to it. Choose another with --https-redirect, or with --port.`,
    );
  }
  if (settled.get("editorHost")?.from === "flag" && editor !== true) {
    faults.push("--editor-host has an effect only with --editor. Add --editor, or leave it out.");
  }
  if (hotReload === true && watch !== true) {
    faults.push("--hot-reload has an effect only with --watch. Add --watch, or leave it out.");
  }
  if (backplane !== "ipc" && !app && settled.get("name")?.from === "default") {
    faults.push(
      "Other apps may use the same Redis, so the server needs its own name. " +
        'Give --name NAME, MIQRO_APP, or "name" in miqro.json.',
    );
  }
  return faults;
}

/** Variables that other code reads, if the environment lacks them. */
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

/** The reason why the process may not append to a file, in words. */
function whyNotWritable(path: string): string | undefined {
  const folder = dirname(path);
  const isThere = existsSync(path);
  if (isThere && statSync(path).isDirectory()) return "it is a folder. Name a file.";
  if (!isThere && !existsSync(folder)) return `there is no folder ${folder}. Make it first.`;
  if (!isThere && !statSync(folder).isDirectory()) return "a part of its path is a file.";
  try {
    accessSync(isThere ? path : folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${fileReasonOf(error)}.`;
  }
}

function findConfig({ config, disableMiqroJSON }: CommandArguments): string | undefined {
  if (disableMiqroJSON) return undefined;
  if (config !== undefined) return config;
  return existsSync(defaultConfig) ? defaultConfig : undefined;
}

/** The remedy contains the name of an existing folder. */
function noServices(configFile: string | undefined): MiqroError {
  const folder = ["app", "src", "./"].find((name) => existsSync(join(name, "http"))) ?? "DIR";
  const flags = `--service ${folder}`;
  const hasIndex = existsSync("index.js");
  const message =
    configFile === undefined
      ? `There is no service to run: there is no miqro.json in ${process.cwd()}, and no --service was given. ${startAbove() ?? `Write miqro ${flags}${hasIndex ? ", or miqro . to serve the function that index.js exports" : ""}.`}`
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
    notes.push(`LOG_FORMAT is "${format}", but must be text or json. Lines are written as text.`);
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

/** Otherwise the code that makes the first logger would report a wrong level, and name its own file as the cause. */
function findLevelFaults(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env)
    .filter((name) => /^LOG_LEVEL(?:_|$)/.test(name))
    .filter((name) => env[name] !== "" && !logLevels.includes(String(env[name]).toLowerCase()))
    .map((name) => `${name} is "${env[name]}", but must be one of ${logLevels.join(", ")}.`);
}
