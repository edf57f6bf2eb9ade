/** A file that the editor offers to make. */
export interface FileTemplate {
  /** Its name, such as `db.ts`, or below a folder of the service, such as `http/page.html.tsx`. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  /** Its content. */
  readonly text: string;
}

/** A line, or several, that the app wrote. */
export interface Output {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What the editor asks the running app. */
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

/** What happened to the app. */
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
      /** Where it is shown, when nothing serves. */
      readonly url?: string;
    };

/** What runs the app that is edited: `miqro --watch`, which keeps the editor alive whatever becomes of the app. */
export interface EditorHost {
  /** The project folder: what lies outside of it is not shown. */
  readonly root: string;
  /** The service folders, in the order in which they answer. */
  readonly services: readonly string[];
  /** Where to listen. */
  readonly host: string;
  /** Tried first, so that a browser finds its drafts again; when it is taken, any other. */
  readonly port: number;
  /** Names besides local ones that may be in the address. */
  readonly allowedHosts: readonly string[];
  /** The file that a compiler makes of a source; undefined where none does. */
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
