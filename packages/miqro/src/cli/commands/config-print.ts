import { exitCodes } from "../../errors.js";
import { type Config, readConfig } from "../../settings/read-settings.js";
import type { Setting } from "../../settings/setting.js";
import { settings } from "../../settings/table.js";
import type { CommandArguments } from "../arguments.js";

/** `miqro --config-print`: every setting, its value, and the source of the value. */
export function configPrint(args: CommandArguments): number {
  const config = readConfig(args, process.env);
  const rows = [
    ...Object.entries<Setting>(settings).map(([name, setting]) => toRow(name, setting, config)),
    ...levelRows(config),
  ];
  const widths = [0, 1].map((column) =>
    Math.min(32, Math.max(...rows.map((row) => (row[column] ?? "").length))),
  );
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
  return exitCodes.ok;
}

type Row = readonly [name: string, value: string, origin: string];

function toRow(name: string, setting: Setting, config: Config): Row {
  const found = config.settled.get(name);
  if (found === undefined)
    return [name, "-", setting.default === undefined ? "not set" : `default: ${setting.default.text}`];
  const value = setting.mask?.(found.value) ?? toText(found.value);
  return [name, value, originOf(found.from, setting, config)];
}

function originOf(from: string, { flag, env = "" }: Setting, config: Config): string {
  if (from === "flag") return `--${flag?.name}`;
  if (from === "miqro.json") return config.configFile ?? from;
  return from === "environment" ? variableOrigin(env, config) : "default";
}

/** A variable of the environment, or else of the file of `--env-file`. */
function variableOrigin(name: string, { variables, envFile }: Config): string {
  return Object.hasOwn(variables, name) && envFile !== undefined
    ? `${name} in ${envFile}`
    : `${name} of the environment`;
}

/** The log levels of single identifiers and workers, which have no rows of their own in the table. */
function levelRows(config: Config): Row[] {
  const names = Object.keys(config.env).filter((name) => name.startsWith("LOG_LEVEL_") && config.env[name]);
  return names.sort().map((name) => [name, config.env[name] ?? "", variableOrigin(name, config)]);
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
