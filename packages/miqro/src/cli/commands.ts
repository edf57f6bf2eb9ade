import type { FlagGroup } from "../settings/setting.js";
import type { CommandArguments } from "./arguments.js";
import type { EndSignals } from "./end-signals.js";

/** Runs a command. It returns the exit code. */
export type CommandFunction = (args: CommandArguments, signals: EndSignals) => number | Promise<number>;

/** The action of one call of miqro. */
export type Command =
  | "serve"
  | "inflate"
  | "test"
  | "migrate-up"
  | "migrate-down"
  | "generate-doc"
  | "generate-client"
  | "compile"
  | "install"
  | "install-tsconfig"
  | "install-miqrojson"
  | "init"
  | "config-print"
  | "help"
  | "version";

/** A row of the table of commands. */
export interface CommandEntry {
  /** The name of the flag that selects the command; absent for the command that runs without a flag. */
  readonly flag?: {
    readonly short?: string;
    /** The placeholder of the word after it, if it takes a word. */
    readonly word?: string;
    /** The placeholder of its value in `--help`, if it takes a value. */
    readonly value?: string;
    /** Its description in `--help`. */
    readonly help: string;
    readonly group: FlagGroup;
  };
  /** Set if it reads the flags of services and databases. */
  readonly readsSettings?: true;
  /** Set if the command wins over everything else in the arguments. */
  readonly wins?: true;
  /** Set if the command can be combined with `--watch`. */
  readonly watches?: true;
  /** Imports the command when it is needed. */
  load(): Promise<CommandFunction>;
}

/** Every command. */
export const commands: Readonly<Record<Command, CommandEntry>> = {
  serve: { load: async () => (await import("./commands/serve.js")).serve },
  inflate: {
    flag: { help: "write a static site, and end", group: "Static site" },
    readsSettings: true,
    load: async () => (await import("./commands/inflate.js")).inflate,
  },
  test: {
    flag: { help: "run the tests of the services, and end", group: "Test" },
    watches: true,
    readsSettings: true,
    load: async () => (await import("./commands/test.js")).test,
  },
  "migrate-up": {
    flag: { help: "run the migrations that are due, and end", group: "Databases" },
    readsSettings: true,
    load: async () => (await import("./commands/migrate.js")).migrate,
  },
  "migrate-down": {
    flag: { help: "undo all migrations, the last one first, and end", group: "Databases" },
    readsSettings: true,
    load: async () => (await import("./commands/migrate.js")).migrate,
  },
  "generate-doc": {
    flag: { help: "write a document of the API, and end", group: "Documents" },
    readsSettings: true,
    load: async () => (await import("./commands/generate-doc.js")).generateDoc,
  },
  "generate-client": {
    flag: { value: "FILE", help: "write a typed client of the API, and end", group: "Documents" },
    readsSettings: true,
    load: async () => (await import("./commands/generate-client.js")).generateClient,
  },
  compile: {
    flag: { help: "make one executable, which needs no Node.js", group: "Executable" },
    readsSettings: true,
    load: async () => (await import("./commands/compile.js")).compile,
  },
  install: {
    flag: { help: "in an executable: unpack its files", group: "Executable" },
    load: async () => (await import("./commands/install.js")).install,
  },
  "install-tsconfig": {
    flag: { help: "write tsconfig.json for this folder", group: "Set up" },
    load: async () => (await import("./commands/install-tsconfig.js")).installTsconfig,
  },
  "install-miqrojson": {
    flag: { help: "write a default miqro.json", group: "Set up" },
    load: async () => (await import("./commands/install-miqrojson.js")).installMiqroJSON,
  },
  init: {
    flag: { word: "[DIR]", help: "write a new app", group: "Set up" },
    load: async () => (await import("./commands/init.js")).init,
  },
  "config-print": {
    flag: { help: "print every setting and its source", group: "Set up" },
    load: async () => (await import("./commands/config-print.js")).configPrint,
  },
  help: {
    flag: { short: "h", help: "this text", group: "Other" },
    wins: true,
    load: async () => (await import("./commands/help.js")).help,
  },
  version: {
    flag: { short: "v", help: "the version", group: "Other" },
    wins: true,
    load: async () => (await import("./commands/version.js")).version,
  },
};
