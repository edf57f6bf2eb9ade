import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { basename, relative } from "node:path";
import { exitCodes } from "../../errors.js";
import { readConfig, readSettings, type Settings } from "../../settings/read-settings.js";
import type { Setting } from "../../settings/setting.js";
import { settings as table } from "../../settings/table.js";
import type { CommandArguments } from "../arguments.js";
import { reportHint, reportNotes } from "../report.js";

/** `miqro --compile`: makes one executable from the services. It needs no Node.js on the machine. */
export async function compile(args: CommandArguments): Promise<number> {
  const startedMS = performance.now();
  const given = readSettings(args, process.env);
  Object.assign(process.env, given.variables);
  reportNotes(given.notes);
  const program = readProgram(args, given);
  const { prepareExecutable } = await import("../../binary/build/make-executable.js");
  const prepared = prepareExecutable({ node: args.compileNode, out: args.compileOut ?? program.name });
  const pack = await program.pack().catch((error: unknown) => {
    prepared.giveUp();
    throw error;
  });
  const { file, size } = prepared.make(pack);
  const took = ((performance.now() - startedMS) / 1000).toFixed(1);
  const sizes = `${toMB(size)} MB, of which ${toMB(pack.length)} are yours`;
  console.log(`Wrote ${relative(process.cwd(), file)} (${sizes}; ${took} s)`);
  return exitCodes.ok;
}

/** The input of an executable, from arguments and `miqro.json`. */
export interface ExecutableProgram {
  readonly name: string;
  /** Loads the services, and packs the files that an executable carries. */
  pack(): Promise<Buffer>;
}

/** Reads the input of an executable, and reports the settings that are left out. */
export function readProgram(args: CommandArguments, settings: Settings): ExecutableProgram {
  const { carried, left } = settingsToCarry(args);
  for (const setting of left) {
    console.error(
      `"${setting}" names a file, which is not part of the executable. Set it when you run the executable; its --help shows how.`,
    );
  }
  const name = nameOf(carried.name);
  return {
    name,
    async pack() {
      if (nodeModule.registerHooks === undefined) {
        const { compileError } = await import("../../binary/build/node-executable.js");
        throw compileError(
          `Node.js 22.15 or newer collects the parts of an executable, but this is Node.js ${process.versions.node}. Install Node.js 24 from https://nodejs.org, or for this project only: npm install --save-dev node@24`,
        );
      }
      const { collectPack } = await import("../../binary/build/collect-pack.js");
      const { writePack } = await import("../../binary/build/write-pack.js");
      return writePack(
        await collectPack({ composition: settings.options, name, settings: carried, onHint: reportHint }),
      );
    },
  };
}

interface SettingsToCarry {
  readonly carried: Readonly<Record<string, unknown>>;
  /** The names of the settings that are left out, because they name a file of this machine. */
  readonly left: readonly string[];
}

/** The settings of flags and `miqro.json`. The environment is that of the machine on which the executable runs. */
function settingsToCarry(args: CommandArguments): SettingsToCarry {
  const carried: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [name, { value, from }] of readConfig(args, {}).settled) {
    const { json, readBy, isPath } = table[name as keyof typeof table] as Setting;
    if (json === undefined || from === "default" || from === "environment" || name === "services") continue;
    if (readBy === "inflate") continue;
    if (isPath === true && typeof value === "string") left.push(name);
    else if (readBy !== "command line") carried[name] = value;
  }
  return { carried, left };
}

/** The name of the server if it has one, or else the name of the package or of the folder. */
function nameOf(given: unknown): string {
  if (typeof given === "string" && /^[\w.-]+$/.test(given)) return given;
  const { name } = existsSync("package.json")
    ? (JSON.parse(readFileSync("package.json", "utf8")) as { name?: string })
    : {};
  return (name ?? basename(process.cwd())).replace(/^@[^/]*\//, "") || "server";
}

function toMB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
