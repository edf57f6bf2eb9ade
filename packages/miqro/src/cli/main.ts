import { exitCodes, MiqroError } from "../errors.js";
import { type CommandArguments, parseArguments } from "./arguments.js";
import { printError } from "./print-error.js";

type CommandFunction = (args: CommandArguments) => number | Promise<number>;

/** Each command is loaded when it is asked for. */
const commands: Readonly<Record<CommandArguments["command"], () => Promise<CommandFunction>>> = {
  help: async () => (await import("./commands/help.js")).help,
  version: async () => (await import("./commands/version.js")).version,
  serve: async () => (await import("./commands/serve.js")).serve,
  "migrate-up": async () => (await import("./commands/migrate.js")).migrate,
  "migrate-down": async () => (await import("./commands/migrate.js")).migrate,
  "install-tsconfig": async () => (await import("./commands/install-tsconfig.js")).installTsconfig,
  "install-miqrojson": async () => (await import("./commands/install-miqrojson.js")).installMiqroJson,
};

/**
 * Runs the command line.
 * @param args - the arguments after the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const parsed = parseArguments(args);
    const command = await commands[parsed.command]();
    return await command(parsed);
  } catch (error) {
    printError(error);
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof MiqroError)) return exitCodes.start;
  const isArgument = ["ERR_ARGUMENT", "ERR_CONFIG", "ERR_NOT_AVAILABLE"].includes(error.code);
  return isArgument ? exitCodes.arguments : exitCodes.start;
}
