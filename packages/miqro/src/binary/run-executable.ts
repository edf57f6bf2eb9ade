import { basename } from "node:path";
import { type CommandArguments, parseArguments } from "../cli/arguments.js";
import type { Command } from "../cli/commands.js";
import type { EndSignals } from "../cli/end-signals.js";
import { flags } from "../cli/flags.js";
import { leftOf, row } from "../cli/help.js";
import { main } from "../cli/main.js";
import { printError } from "../cli/print-error.js";
import { packageVersion } from "../cli/report.js";
import { exitCodes, MiqroError } from "../errors.js";
import { carriedFiles } from "./carried.js";

/** The commands of miqro that an executable has; the others need the project. */
const commandsOfExecutable: readonly Command[] = ["serve", "migrate-up", "migrate-down", "help", "version"];
/** Settings that are fixed when an executable is made, or that need the project. */
const settled: ReadonlySet<string> = new Set([
  ...[
    "services",
    "noBuild",
    "noMinify",
    "clientBundle",
    "inflateParallel",
    "watch",
    "hotReload",
    "editor",
    "editorHost",
    "config",
    "disableMiqroJSON",
  ],
]);

/** Runs the command line of an executable. Resolves to the exit code. */
export async function runExecutable(args: readonly string[], signals: EndSignals): Promise<number> {
  const { index, root } = carriedFiles();
  try {
    const [install, folder, ...more] = args;
    if (install === "--install") {
      if (more.length > 0) throw notTaken(more[0] ?? "");
      const { unpack } = await import("./unpack.js");
      return unpack(folder);
    }
    const rest = args.filter((arg) => arg !== "--cluster");
    const parsed = parseArguments(rest);
    refuse(parsed);
    if (parsed.command === "help") {
      console.log(helpText());
      return exitCodes.ok;
    }
    if (parsed.command === "version") {
      const { name, version = "" } = index.program;
      console.log(
        `${[name, version].join(" ").trim()} (miqro ${packageVersion()}, Node.js ${process.version})`,
      );
      return exitCodes.ok;
    }
    const isCluster = rest.length < args.length;
    if (isCluster && parsed.command !== "serve") {
      throw new MiqroError(
        "MIQRO_ARGUMENT",
        `--cluster serves, but --${parsed.command} runs once and ends. Use only one of them.`,
      );
    }
    const config = ["--config", root + index.settings];
    return await main([...config, ...rest], signals, isCluster ? "cluster" : "serve");
  } catch (error) {
    printError(error);
    return error instanceof MiqroError && error.code === "MIQRO_COMPILE"
      ? exitCodes.start
      : exitCodes.arguments;
  }
}

function refuse(args: CommandArguments): void {
  if (!commandsOfExecutable.includes(args.command)) throw needsProject(args.command);
  for (const [name, { setting }] of Object.entries(flags)) {
    if (setting === undefined || !settled.has(setting)) continue;
    if (args[setting as keyof CommandArguments] !== undefined) throw needsProject(name);
  }
}

function needsProject(flag: string): MiqroError {
  return new MiqroError(
    "MIQRO_ARGUMENT",
    `--${flag} needs the project from which this executable was made. Run miqro there; --help tells what the executable does.`,
  );
}

function notTaken(word: string): MiqroError {
  return new MiqroError("MIQRO_ARGUMENT", `"${word}" is not expected here: --install takes one folder.`);
}

function helpText(): string {
  const groups = new Map([["Serve", row("--cluster", "in CLUSTER_COUNT workers, else one for each CPU")]]);
  const isCommand = (name: string) => (commandsOfExecutable as readonly string[]).includes(name);
  for (const [name, flag] of Object.entries(flags)) {
    const { shown, setting, of = name } = flag;
    if (setting === undefined ? !isCommand(name) : settled.has(setting) || (of !== name && !isCommand(of)))
      continue;
    groups.set(shown.group, [...(groups.get(shown.group) ?? []), ...row(leftOf(name, flag), shown.help)]);
  }
  return [
    `${carriedFiles().index.program.name}: an executable that miqro made. It needs no Node.js.`,
    "",
    `Usage: ${basename(process.execPath)} [flags]`,
    ...[...groups].flatMap(([title, rows]) => ["", `${title}:`, ...rows]),
    ...row("--install [DIR]", "write its files into a folder"),
    "",
    "Exit codes: 0 done, 10 wrong arguments, 20 a failed start or migration,",
    "1 an uncaught exception.",
    "",
  ].join("\n");
}
