import { parseArgs } from "node:util";
import { MiqroError } from "../errors.js";
import { loadSuggest } from "../modules.js";
import { flags } from "./flags.js";

/** What a person asked for on the command line, checked. */
export interface CommandArguments {
  readonly command: Command;
  readonly noBuild: boolean;
  readonly watch: boolean;
  readonly disableMiqroJson: boolean;
  readonly services?: readonly string[];
  readonly port?: string;
  readonly host?: string;
  readonly name?: string;
  readonly config?: string;
}

/** The one thing that a call of miqro does. */
export type Command =
  | "serve"
  | "migrate-up"
  | "migrate-down"
  | "install-tsconfig"
  | "install-miqrojson"
  | "help"
  | "version";

const modes = ["migrate-up", "migrate-down", "install-tsconfig", "install-miqrojson"] as const;

/**
 * Reads the arguments after the program's name.
 * @throws {MiqroError} `ERR_ARGUMENT` for an unknown flag (with the nearest known one), a flag without its
 * value, or flags that exclude each other; `ERR_NOT_AVAILABLE` for one that this version does not have yet.
 */
export function parseArguments(args: readonly string[]): CommandArguments {
  const values = readFlags(args);
  const asked = modes.filter((mode) => values[mode] === true);
  if (asked.length > 1) {
    throw argumentError(`--${asked[0]} and --${asked[1]} exclude each other. Give one of them.`);
  }
  const watch = values.watch === true;
  const mode = asked[0];
  if (watch && mode !== undefined) {
    throw argumentError(`--watch serves, --${mode} does its work and ends. Give one of them.`);
  }
  const string = (name: string) => values[name] as string | undefined;
  return {
    command: values.help === true ? "help" : values.version === true ? "version" : (mode ?? "serve"),
    noBuild: values["no-build"] === true,
    watch,
    disableMiqroJson: values["disable-miqrojson"] === true,
    ...defined({
      services: values.service as string[] | undefined,
      port: string("port"),
      host: string("host"),
      name: string("name"),
      config: string("config"),
    }),
  };
}

function readFlags(args: readonly string[]): Record<string, unknown> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, multiple }]) => [
      name,
      defined({ type, short, multiple }) as { type: "boolean" | "string" },
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
      const near = loadSuggest().suggest(token.name, Object.keys(flags));
      const remedy = near === undefined ? "See miqro --help." : `Did you mean --${near}?`;
      throw argumentError(`${token.rawName} is not a flag of miqro. ${remedy}`);
    }
    if (flag.help === undefined) {
      throw new MiqroError("ERR_NOT_AVAILABLE", `--${token.name} is not available yet in this version.`);
    }
    if (flag.type === "string" && (token.value === undefined || token.value === "")) {
      throw argumentError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    }
    if (flag.type === "boolean" && token.value !== undefined) {
      throw argumentError(`--${token.name} takes no value, but got "${token.value}". Leave the value out.`);
    }
    if (flag.multiple !== true && tokens.some((other) => other !== token && isOption(other, token.name))) {
      throw argumentError(`--${token.name} is given more than once. Give it once.`);
    }
  }
  if (positionals.length > 0) {
    throw argumentError(
      `"${positionals[0]}" is not expected here. To serve a folder write --service ${positionals[0]}.`,
    );
  }
  return values;
}

function isOption(token: { readonly kind: string; readonly name?: string }, name: string): boolean {
  return token.kind === "option" && token.name === name;
}

/** The same object without the keys whose value is undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function argumentError(message: string): MiqroError {
  return new MiqroError("ERR_ARGUMENT", message);
}
