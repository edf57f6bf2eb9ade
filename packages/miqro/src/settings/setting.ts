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

/** A row of the table of settings: one setting with all ways to set it. */
export interface Setting<Value = unknown> {
  /**
   * The schema of the value in `miqro.json`, such as `boolean|string?`; absent if `miqro.json` cannot contain it.
   */
  readonly json?: Schema;
  /** The flag of the command line; absent if there is no flag. */
  readonly flag?: {
    readonly name: string;
    /** `strings` allows the flag several times; `optional` allows it with and without `=VALUE`. */
    readonly type: "boolean" | "string" | "strings" | "optional";
    /** The placeholder of the value in `--help`. */
    readonly value?: string;
    /** The command that reads the flag. Any other command refuses it. */
    readonly of?: string;
  };
  /** The environment variable. An empty variable counts as absent. */
  readonly env?: string;
  /** The value if no source sets one; `text` describes it in `--help`. */
  readonly default?: { readonly text: string; readonly value?: Value | ((given: GivenValues) => Value) };
  /** Its description in `--help`, before its default and its variable. */
  readonly help?: string;
  readonly group: FlagGroup;
  /**
   * The reader of the setting: the command line itself; the server, through its options; `--inflate` alone; or other
   * code that reads the environment.
   */
  readonly readBy: "command line" | "composition" | "inflate" | "environment";
  /** True if only a server reads it. A command that ends by itself refuses the flag. */
  readonly serves?: true;
  /** True for a path or several paths. In `miqro.json` they are relative to the file. */
  readonly isPath?: true;
  /** Describes the error of a value of the right kind; `what` names the value in the sentence. */
  fault?(value: Value, what: string): string | undefined;
  /** The value in the form in which `--config-print` may show it, if it can contain a secret. */
  mask?(value: Value): string;
}

/** The facts from which a default is computed. */
export interface GivenValues {
  readonly watch?: boolean | undefined;
}
