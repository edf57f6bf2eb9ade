import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MiqroError } from "../errors.js";
import { loadClosestName } from "../load-on-use.js";
import type { Setting } from "../settings/setting.js";
import { type SettingValues, settings } from "../settings/table.js";
import { type Command, commands } from "./commands.js";
import { flags } from "./flags.js";

/** The checked command line: a command, and the settings that flags give. */
export interface CommandArguments extends Readonly<Partial<SettingValues>> {
  readonly command: Command;
  /** The word after a command that takes a word. */
  readonly word?: string;
  /** The value of the command's flag, if it takes a value. */
  readonly commandValue?: string;
}

/**
 * Reads the arguments after the program's name.
 * @throws {MiqroError} `MIQRO_ARGUMENT` for an unknown flag (with the nearest known flag), a flag without its value, or
 * flags that exclude each other
 */
export function parseArguments(args: readonly string[]): CommandArguments {
  const { given, words } = readFlags(args);
  const names = Object.keys(commands) as Command[];
  const winner = names.find((name) => commands[name].wins === true && given[name] !== undefined);
  const asked = names.filter((name) => commands[name].wins !== true && given[name] !== undefined);
  const [mode] = asked;
  const takesWord = mode !== undefined && commands[mode].flag?.word !== undefined;
  if (winner === undefined && words.length > (takesWord ? 1 : 0)) {
    const word = words[takesWord ? 1 : 0] ?? "";
    throw argumentError(`"${word}" is not expected here. ${remedyFor(word)}`);
  }
  if (asked.length > 1) {
    throw argumentError(`--${asked[0]} and --${asked[1]} exclude each other. Use only one of them.`);
  }
  const values: Record<string, unknown> = {};
  for (const [name, { setting, of }] of Object.entries(flags)) {
    if (setting === undefined || given[name] === undefined) continue;
    if (of !== undefined && of !== mode && winner === undefined) {
      throw argumentError(`--${name} has an effect only with --${of}. Add --${of}, or leave --${name} out.`);
    }
    if (winner === undefined) checkUse(name, settings[setting as keyof SettingValues], mode);
    values[setting] = given[name];
  }
  const [word] = words;
  const command = winner ?? mode ?? "serve";
  const commandValue = given[command];
  return {
    ...values,
    command,
    ...(takesWord && word !== undefined ? { word } : {}),
    ...(typeof commandValue === "string" ? { commandValue } : {}),
  };
}

/** Refuses flags that the command does not read. */
function checkUse(flag: string, { serves }: Setting, mode: Command | undefined): void {
  if (mode === undefined || mode === "config-print") return;
  if (serves === true && !(flag === "watch" && commands[mode].watches === true)) {
    throw argumentError(
      `--${flag} is for a server, but --${mode} runs once and ends. Leave one of them out.`,
    );
  }
  if (commands[mode].readsSettings !== true) {
    throw argumentError(`--${mode} does not read --${flag}. Leave it out.`);
  }
}

/** The short flags of `miqro FILE`, and the flags that they stand for here. */
const shorts: Readonly<Record<string, string>> = {
  "-p": "port",
  "-H": "host",
  "-s": "service",
  "-w": "watch",
};

interface ReadFlags {
  readonly given: Readonly<Record<string, unknown>>;
  /** The arguments that are neither flags nor values of flags. */
  readonly words: readonly string[];
}

function readFlags(args: readonly string[]): ReadFlags {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple }]) => [
      name,
      {
        type,
        ...(short === undefined ? {} : { short }),
        ...(multiple === undefined ? {} : { multiple }),
      },
    ]),
  );
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) {
      const near = shorts[token.rawName] ?? loadClosestName().closestName(token.name, Object.keys(flags));
      const remedy = near === undefined ? "See miqro --help." : `Did you mean --${near}?`;
      throw argumentError(`${token.rawName} is not a flag of miqro. ${remedy}`);
    }
    if (flag.type === "string" && (token.value === undefined || token.value === "")) {
      throw argumentError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    }
    if (flag.type === "boolean" && flag.isOptional !== true && token.value !== undefined) {
      throw argumentError(`--${token.name} takes no value, but got "${token.value}". Leave the value out.`);
    }
    if (flag.multiple !== true && tokens.some((other) => other !== token && isOption(other, token.name))) {
      throw argumentError(`--${token.name} is given more than once. Give it once.`);
    }
  }
  return { given: values, words: positionals };
}

/** The remedy for a word that is not a flag, if its meaning can be guessed. */
function remedyFor(word: string): string {
  if (word.startsWith("-")) return 'It comes after "--", so it is no flag. Leave "--" out.';
  const isFolder = statSync(word, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder && existsSync(join(word, "miqro.json")))
    return "To use its miqro.json, call miqro in that folder.";
  if (isFolder) return `To serve a folder, write: --service "${word}"`;
  if (/\.[mc]?[jt]sx?$/.test(word)) return `To serve a function, name its file first: miqro ${word}`;
  const near = loadClosestName().closestName(word, Object.keys(flags));
  if (near !== undefined) return `Did you mean --${near}?`;
  return "miqro serves without a command; see miqro --help.";
}

function isOption(token: { readonly kind: string; readonly name?: string }, name: string): boolean {
  return token.kind === "option" && token.name === name;
}

function argumentError(message: string): MiqroError {
  return new MiqroError("MIQRO_ARGUMENT", message);
}
