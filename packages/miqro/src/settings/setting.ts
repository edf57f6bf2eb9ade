import type { Schema } from "@miqro/parser";

/** Where the value of a setting came from. */
export type SettingSource = "flag" | "environment" | "miqro.json" | "default";

/** The title of a group of flags in `--help`. */
export type FlagGroup = "Serve" | "Databases" | "Documents" | "Executable" | "Set up" | "Other";

/** A row of the table of settings: one thing that a person can set, with every way to set it. */
export interface Setting<Value = unknown> {
  /** What `miqro.json` may hold under the name of the setting; absent where it cannot hold it. */
  readonly json?: Schema;
  /** The flag of the command line; absent where there is none. */
  readonly flag?: {
    readonly name: string;
    /** `strings` takes the flag several times. */
    readonly type: "boolean" | "string" | "strings";
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
  /** Who reads it: the command line itself, or what runs the services, which gets it among its options. */
  readonly readBy: "command line" | "composition";
}

/** What is known when a default is computed. */
export interface GivenValues {
  readonly watch?: boolean | undefined;
}
