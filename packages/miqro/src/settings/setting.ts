import type { Schema } from "@miqro/parser";

/** Where the value of a setting came from. */
export type SettingSource = "flag" | "environment" | "miqro.json" | "default";

/** The title of a group of flags in `--help`. */
export type FlagGroup =
  | "Serve"
  | "HTTPS"
  | "Develop"
  | "Static site"
  | "Test"
  | "Databases"
  | "Documents"
  | "Executable"
  | "Set up"
  | "Other";

/** A row of the table of settings: one thing that a person can set, with every way to set it. */
export interface Setting<Value = unknown> {
  /**
   * What `miqro.json` may hold under the name of the setting: kinds such as `boolean|string?`; absent where it cannot
   * hold it.
   */
  readonly json?: Schema;
  /** The flag of the command line; absent where there is none. */
  readonly flag?: {
    readonly name: string;
    /** `strings` takes the flag several times; `optional` goes with and without `=VALUE`. */
    readonly type: "boolean" | "string" | "strings" | "optional";
    /** What stands for the value in `--help`. */
    readonly value?: string;
    /** The command that it is for; beside any other it is refused. */
    readonly of?: string;
  };
  /** The environment variable; an empty one counts as absent. */
  readonly env?: string;
  /** The value where nothing else gives one; `text` says so in `--help`. */
  readonly default?: { readonly text: string; readonly value?: Value | ((given: GivenValues) => Value) };
  /** What it is, in `--help`, before its default and its variable. */
  readonly help?: string;
  readonly group: FlagGroup;
  /**
   * Who reads it: the command line itself; what runs the services, which gets it among its options; `--inflate` alone; or
   * code that looks into the environment.
   */
  readonly readBy: "command line" | "composition" | "inflate" | "environment";
  /** True where only a server reads it: a command that ends by itself refuses the flag. */
  readonly serves?: true;
  /** True for a path, or several: in `miqro.json` they are relative to the file. */
  readonly isPath?: true;
  /** Tells what is wrong with a value of the right kind; `what` names it in the sentence. */
  fault?(value: Value, what: string): string | undefined;
  /** The value as `--config-print` may show it, where it can hold a secret. */
  mask?(value: Value): string;
}

/** What is known when a default is computed. */
export interface GivenValues {
  readonly watch?: boolean | undefined;
}
