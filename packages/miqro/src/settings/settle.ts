import { loadOnUse } from "../load-on-use.js";
import type { GivenValues, Setting, SettingSource } from "./setting.js";

/** Loaded when a setting is wrong. */
const loadSettingFaults = loadOnUse<typeof import("./setting-faults.js")>(
  import.meta.url,
  "./setting-faults.js",
);

/**
 * The sources of a setting's value, the strongest first. The environment wins over the file, because a platform that
 * sets `PORT` must be obeyed, even if the repository contains another value.
 */
export const precedence: readonly SettingSource[] = ["flag", "environment", "miqro.json", "default"];

/** The values of all settings. The key is the source. */
export interface Sources {
  /** The key is the name of the setting. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
}

/** The value of a setting, and its source. */
export interface Settled {
  readonly value: unknown;
  readonly from: SettingSource;
}

/** Reads a setting from its sources, in their order. Undefined if no source has a value, not even the default. */
export function settle(name: string, setting: Setting, { flags, json, env }: Sources): Settled | undefined {
  const read: Readonly<Record<SettingSource, () => unknown>> = {
    flag: () => (setting.flag === undefined ? undefined : toValue(flags[name], setting)),
    "miqro.json": () => (setting.json === undefined ? undefined : json[name]),
    environment: () =>
      setting.env === undefined ? undefined : toValue(env[setting.env] || undefined, setting),
    default: () => defaultOf(setting, flags),
  };
  for (const from of precedence) {
    const value = read[from]();
    if (value !== undefined) return { value, from };
  }
  return undefined;
}

/** The kinds of values that a setting takes: `string`, `number`, `boolean` and `string[]`. */
export function kindsOf({ json, flag }: Setting): readonly string[] {
  if (typeof json === "string") return json.replace("?", "").split("|");
  if (flag?.type === "strings") return ["string[]"];
  if (flag?.type === "optional") return ["boolean", "string"];
  return [flag?.type ?? "string"];
}

/** Whether a value is of one of the kinds. */
function isOfKind(value: unknown, kinds: readonly string[]): boolean {
  if (!Array.isArray(value)) return kinds.includes(typeof value);
  return kinds.includes("string[]") && value.every((one) => typeof one === "string");
}

/**
 * Describes the error of a value, in one sentence; undefined if there is none.
 * @param what - the name of the value in the sentence, such as `--port`
 */
export function faultOf(value: unknown, setting: Setting, what: string): string | undefined {
  const kinds = kindsOf(setting);
  return isOfKind(value, kinds)
    ? setting.fault?.(value, what)
    : loadSettingFaults().wrongKind(what, value, kinds);
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** A flag or a variable is a string. If the setting allows a boolean, the string is converted. */
function toValue(text: unknown, setting: Setting): unknown {
  if (typeof text !== "string" || !kindsOf(setting).includes("boolean")) return text;
  return truths.get(text.toLowerCase()) ?? text;
}

function defaultOf(setting: Setting, given: GivenValues): unknown {
  const value = setting.default?.value;
  return typeof value === "function" ? (value as (given: GivenValues) => unknown)(given) : value;
}
