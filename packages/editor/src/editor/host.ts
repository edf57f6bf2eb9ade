/** A file that the editor offers to make. */
export interface FileTemplate {
  /** Its name, such as `db.ts`, or below a folder of the service, such as `http/page.html.tsx`. */
  readonly name: string;
  /** The purpose, in a few words. */
  readonly about: string;
  /** Its content. */
  readonly text: string;
}

/** A line, or several, that the app wrote. */
export interface Output {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** The questions of the editor to the running app. */
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
  /** A version of the app listens. */
  | { readonly type: "running"; readonly url: string }
  /** A version does not start, or has crashed; `serving` tells whether an older one goes on. */
  | {
      readonly type: "failed";
      readonly title: string;
      readonly lines: readonly string[];
      readonly serving: boolean;
      /** The URL that shows the error when nothing serves. */
      readonly url?: string;
    };

/** The process that runs the edited app: `miqro --watch`, which keeps the editor alive even if the app ends. */
export interface EditorHost {
  /** The project folder: files outside of it are not shown. */
  readonly root: string;
  /** The service folders, in the order in which they answer. */
  readonly services: readonly string[];
  /** The addresses to listen at. */
  readonly host: string;
  /** Tried first, so that a browser finds its drafts again; when it is taken, any other. */
  readonly port: number;
  /** Names besides local ones that may be in the address. */
  readonly allowedHosts: readonly string[];
  /** The file that a compiler makes of a source; undefined if none does. */
  outputOf(source: string): string | undefined;
  /** Files to begin with, one for each convention. */
  templates(): Promise<readonly FileTemplate[]>;
  /** Asks the running app. It rejects when none runs. */
  ask(question: AppQuestion): Promise<unknown>;
  /** Replaces the running version. */
  reload(): Promise<void>;
}

/** An editor that runs. */
export interface RunningEditor {
  /** Its address, with a key that lets one browser in. */
  readonly url: string;
  /** Tells it what happened to the app. */
  tell(event: HostEvent): void;
  stop(): Promise<void>;
}
