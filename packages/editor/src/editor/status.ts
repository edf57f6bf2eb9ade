import type { Problem } from "../problems/problem.js";

/** The state of the app. */
export interface AppStatus {
  readonly state: "starting" | "running" | "failed";
  /** The URL of the app, or of the page that shows its error. */
  readonly url?: string;
  /** The number of versions that have started to listen. If it increases, the preview loads its page again. */
  readonly version: number;
  /** The title of the error, if the app failed. */
  readonly title?: string;
  /** True while an older version still answers requests. */
  readonly serving?: boolean;
}

/** The state of the last file that was saved. */
export interface SaveStatus {
  readonly path: string;
  /** `waiting`: the compiler has not written the output yet. `late`: it did not write the output in time. */
  readonly state: "saved" | "waiting" | "compiled" | "late";
}

/** The state of the editor that pages show. Each change is sent to all pages. */
export interface EditorStatus {
  readonly app: AppStatus;
  readonly save?: SaveStatus;
  readonly problems: readonly Problem[];
  /** True while a type check is running. */
  readonly checking: boolean;
}
