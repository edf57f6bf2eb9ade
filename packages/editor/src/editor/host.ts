/** A template for a new file. */
export interface FileTemplate {
  /** The name of the file in the folder of a service, such as `db.ts` or `http/page.html.tsx`. */
  readonly name: string;
  /** The purpose of the file, in a few words. */
  readonly about: string;
  /** The content of the file. */
  readonly text: string;
}

/** One or more lines of output of the app. */
export interface Output {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A question of the editor to the running app. */
export type AppQuestion =
  | { readonly ask: "routes" }
  | { readonly ask: "databases" }
  | {
      readonly ask: "rows";
      readonly database: string;
      readonly table: string;
      readonly offset: number;
      readonly limit: number;
    };

/** An event of the app. */
export type HostEvent =
  | { readonly type: "output"; readonly output: readonly Output[] }
  /** A version of the app listens at `url`. */
  | { readonly type: "running"; readonly url: string }
  /** A version did not start or has crashed. `serving` is true if an older version still answers requests. */
  | {
      readonly type: "failed";
      readonly title: string;
      readonly lines: readonly string[];
      readonly serving: boolean;
      /** The URL of the page with the error, if no version answers requests. */
      readonly url?: string;
    };

/**
 * The process that runs the editor and the app, such as `miqro --watch`. The editor keeps running even if the app ends.
 */
export interface EditorHost {
  /** The project folder. Files outside of it are not shown. */
  readonly root: string;
  /** The service folders, in the order in which a request is matched. */
  readonly services: readonly string[];
  /** The address to listen on. */
  readonly host: string;
  /**
   * The preferred port. Drafts belong to a port, so the same port is tried first. If it is in use, another port is
   * used.
   */
  readonly port: number;
  /** Host names that requests may have, in addition to local names. */
  readonly allowedHosts: readonly string[];
  /** Returns the output file of a source file; undefined if no compiler writes one. */
  outputOf(source: string): string | undefined;
  /** Returns templates for new files, one for each convention. */
  templates(): Promise<readonly FileTemplate[]>;
  /** Sends a question to the running app and resolves to the answer. It rejects when none runs. */
  ask(question: AppQuestion): Promise<unknown>;
  /** Replaces the running version of the app. */
  reload(): Promise<void>;
}

/** A running editor. */
export interface RunningEditor {
  /** The URL of the editor, with a key for one browser. */
  readonly url: string;
  /** Informs the editor about an event of the app. */
  tell(event: HostEvent): void;
  stop(): Promise<void>;
}
