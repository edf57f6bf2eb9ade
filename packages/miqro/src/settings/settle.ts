import type { GivenValues, Setting, SettingSource } from "./setting.js";

/**
 * The sources of a setting's value, the strongest first. The environment goes before the file: a platform that sets
 * `PORT` must be obeyed, whatever was committed.
 */
export const precedence: readonly SettingSource[] = ["flag", "environment", "miqro.json", "default"];

/** What each source says of all settings. */
export interface Sources {
  /** By the names of the settings. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
}

/** The value of a setting, and where it came from. */
export interface Settled {
  readonly value: unknown;
  readonly from: SettingSource;
}

/** Asks the sources of a setting in their order. Undefined when none has a value, not even the default. */
export function settle(name: string, setting: Setting, { flags, json, env }: Sources): Settled | undefined {
  const read: Readonly<Record<SettingSource, () => unknown>> = {
    flag: () => (setting.flag === undefined ? undefined : flags[name]),
    "miqro.json": () => (setting.json === undefined ? undefined : json[name]),
    environment: () => (setting.env === undefined ? undefined : env[setting.env] || undefined),
    default: () => defaultOf(setting, flags),
  };
  for (const from of precedence) {
    const value = read[from]();
    if (value !== undefined) return { value, from };
  }
  return undefined;
}

function defaultOf(setting: Setting, given: GivenValues): unknown {
  const value = setting.default?.value;
  return typeof value === "function" ? (value as (given: GivenValues) => unknown)(given) : value;
}
