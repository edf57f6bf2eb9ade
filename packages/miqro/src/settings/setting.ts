import type { Schema } from "@miqro/parser";

/** The source of the value of a setting. */
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
   * The schema of the value in `miqro.json`: kinds such as `boolean|string?`; absent where it cannot
   * hold it.
   */
  readonly json?: Schema;
  /** The flag of the command line; absent where there is none. */
  readonly flag?: {
    readonly name: string;
    /** `strings` takes the flag several times; `optional` goes with and without `=VALUE`. */
    readonly type: "boolean" | "string" | "strings" | "optional";
    /** The placeholder of the value in `--help`. */
    readonly value?: string;
    /** The command that it is for; beside any other it is refused. */
    readonly of?: string;
  };
  /** The environment variable; an empty one counts as absent. */
  readonly env?: string;
  /** The value if nothing else gives one; `text` describes it in `--help`. */
  readonly default?: { readonly text: string; readonly value?: Value | ((given: GivenValues) => Value) };
  /** Its description in `--help`, before its default and its variable. */
  readonly help?: string;
  readonly group: FlagGroup;
  /**
   * The reader of the setting: the command line itself; the server, which gets it among its options; `--inflate`
   * alone; or code that looks into the environment.
   */
  readonly readBy: "command line" | "composition" | "inflate" | "environment";
  /** True where only a server reads it: a command that ends by itself refuses the flag. */
  readonly serves?: true;
  /** True for a path, or several: in `miqro.json` they are relative to the file. */
  readonly isPath?: true;
  /** Describes the error of a value of the right kind; `what` names the value in the sentence. */
  fault?(value: Value, what: string): string | undefined;
  /** The value as `--config-print` may show it, if it can hold a secret. */
  mask?(value: Value): string;
}

/** The facts that are known when a default is computed. */
export interface GivenValues {
  readonly watch?: boolean | undefined;
}
