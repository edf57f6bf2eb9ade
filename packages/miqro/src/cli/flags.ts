import type { FlagGroup, Setting } from "../settings/setting.js";
import { settings } from "../settings/table.js";
import { commands } from "./commands.js";

/** A flag of the command line, made from the tables of settings and commands. */
export interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly multiple?: boolean;
  /** True for a flag that may have a value behind `=`. */
  readonly isOptional?: boolean;
  /** The placeholder of the value in `--help`. */
  readonly value?: string;
  /** Its group in `--help`. */
  readonly shown: { readonly group: FlagGroup; readonly help: string };
  /** The setting that the flag sets; absent for a command. */
  readonly setting?: string;
  /** The command that reads the flag. Any other command refuses it. */
  readonly of?: string;
}

/** Every flag of miqro, by name, in the order of the help. */
export const flags: Readonly<Record<string, Flag>> = createFlags();

function createFlags(): Record<string, Flag> {
  const made: Record<string, Flag> = Object.create(null);
  for (const [name, { flag, group, ...setting }] of Object.entries<Setting>(settings)) {
    if (flag === undefined) continue;
    made[flag.name] = {
      type: flag.type === "boolean" || flag.type === "optional" ? "boolean" : "string",
      ...(flag.type === "optional" ? { isOptional: true } : {}),
      ...(flag.type === "strings" ? { multiple: true } : {}),
      ...(flag.value === undefined ? {} : { value: flag.value }),
      ...(flag.of === undefined ? {} : { of: flag.of }),
      shown: { group, help: helpOf(setting) },
      setting: name,
    };
  }
  for (const [name, { flag }] of Object.entries(commands)) {
    if (flag === undefined) continue;
    const { short, value, word, ...shown } = flag;
    made[name] = {
      type: value === undefined ? "boolean" : "string",
      shown,
      ...(short === undefined ? {} : { short }),
      ...(value === undefined && word === undefined ? {} : { value: value ?? word ?? "" }),
    };
  }
  return made;
}

function helpOf(setting: Pick<Setting, "help" | "default" | "env">): string {
  const parts = [
    setting.default === undefined ? undefined : `default: ${setting.default.text}`,
    setting.env === undefined ? undefined : `env: ${setting.env}`,
  ];
  const facts = parts.filter((part) => part !== undefined).join("; ");
  if (setting.help === undefined) return facts;
  return facts === "" ? setting.help : `${setting.help} (${facts})`;
}
