import type { Problem } from "../problems/problem.js";

/** How the app is. */
export interface AppStatus {
  readonly state: "starting" | "running" | "failed";
  /** The URL of the app, or of the page with its error. */
  readonly url?: string;
  /** Counts the versions that came to listen: a preview that shows an older one is loaded again. */
  readonly version: number;
  /** The error, if it failed. */
  readonly title?: string;
  /** True while an older version goes on serving. */
  readonly serving?: boolean;
}

/** The state of the last file that was saved. */
export interface SaveStatus {
  readonly path: string;
  /** `waiting` for the compiler; `late` when its output does not come. */
  readonly state: "saved" | "waiting" | "compiled" | "late";
}

/** The state of the project that a page shows; it is sent whenever it changes. */
export interface EditorStatus {
  readonly app: AppStatus;
  readonly save?: SaveStatus;
  readonly problems: readonly Problem[];
  /** True while the compiler looks for errors. */
  readonly checking: boolean;
}
