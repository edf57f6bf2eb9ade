import { realpathSync } from "node:fs";
import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Keys } from "../access/keys.js";
import { Trash } from "../files/change-files.js";
import { type LogLine, LogStore } from "../log/log-store.js";
import type { Problem } from "../problems/problem.js";
import { readFailure } from "../problems/read-failure.js";
import { checkTypes } from "../problems/type-check.js";
import type { EditorHost, HostEvent } from "./host.js";
import type { AppStatus, EditorStatus, SaveStatus } from "./status.js";

/** A message to all pages of the editor. */
export type LiveMessage =
  | { readonly type: "status"; readonly status: EditorStatus }
  | { readonly type: "log"; readonly lines: readonly LogLine[] };

// The time in milliseconds after which the state of a saved file becomes `late`. In most projects, tsc compiles one
// file faster.
const patience = 5000;

/** The state of the editor. Its routes and its WebSocket share it. */
export class Editor {
  readonly host: EditorHost;
  /** The real path of the project folder, without symbolic links. */
  readonly root: string;
  readonly keys: Keys = new Keys();
  readonly trash: Trash;
  readonly log: LogStore;
  #send: (message: LiveMessage) => void = () => {};
  #app: AppStatus = { state: "starting", version: 0 };
  #save: SaveStatus | undefined;
  #appProblems: readonly Problem[] = [];
  #typeProblems: readonly Problem[] = [];
  #check: Promise<void> | undefined;
  #checkAgain: string | undefined;

  constructor(host: EditorHost) {
    this.host = host;
    this.root = realpathSync(host.root);
    this.trash = new Trash(this.root);
    this.log = new LogStore((lines) => this.#send({ type: "log", lines }));
  }

  get status(): EditorStatus {
    return {
      app: this.#app,
      ...(this.#save === undefined ? {} : { save: this.#save }),
      problems: [...this.#appProblems, ...this.#typeProblems],
      checking: this.#check !== undefined,
    };
  }

  /** @param send - sends a message to all pages */
  connect(send: (message: LiveMessage) => void): void {
    this.#send = send;
  }

  /** Updates the state after an event of the app. */
  tell(event: HostEvent): void {
    if (event.type === "output") {
      this.log.add(event.output);
      return;
    }
    if (event.type === "running") {
      this.#app = { state: "running", url: event.url, version: this.#app.version + 1 };
      this.#appProblems = [];
    } else {
      const { title, lines } = event;
      const { url = event.url, version } = this.#app;
      // If an error page is served instead of the app, the app does not serve.
      const serving = event.serving && (this.#app.state === "running" || this.#app.serving === true);
      this.#app = {
        state: "failed",
        // Increases the version for an error page too, so that the preview loads it.
        version: serving ? version : version + 1,
        title,
        serving,
        ...(url === undefined ? {} : { url }),
      };
      this.#appProblems = readFailure(lines, this.root);
    }
    this.#tellStatus();
  }

  /** Watches whether the compiler writes the output of a saved file, and checks its types. */
  saved(file: string): void {
    const path = relative(this.root, file).split(sep).join("/");
    const output = this.host.outputOf(file);
    this.#save = { path, state: output === undefined ? "saved" : "waiting" };
    this.#tellStatus();
    if (output !== undefined) void this.#awaitOutput(this.#save, file, output);
    if (/\.(?:[mc]?[jt]sx?|json)$/.test(path)) this.check(file);
  }

  /** Starts a type check. If a type check is running, another one starts after it. */
  check(file: string): void {
    if (this.#check !== undefined) {
      this.#checkAgain = file;
      return;
    }
    this.#check = checkTypes(this.root, file)
      .then((problems = []) => {
        this.#typeProblems = problems;
      })
      .catch((error: Error) => {
        this.#typeProblems = [{ from: "tsc", message: `The check did not run: ${error.message}` }];
      })
      .finally(() => {
        this.#check = undefined;
        const again = this.#checkAgain;
        this.#checkAgain = undefined;
        if (again !== undefined) this.check(again);
        this.#tellStatus();
      });
    this.#tellStatus();
  }

  async #awaitOutput(save: SaveStatus, source: string, output: string): Promise<void> {
    const savedAt = (await stat(source)).mtimeMs;
    const until = performance.now() + patience;
    let isNewer = false;
    while (!isNewer && performance.now() < until && this.#save === save) {
      await sleep(50, undefined, { ref: false });
      isNewer = await stat(output).then(
        ({ mtimeMs }) => mtimeMs >= savedAt,
        () => false,
      );
    }
    // Another file was saved in the meantime.
    if (this.#save !== save) return;
    this.#save = { ...save, state: isNewer ? "compiled" : "late" };
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#send({ type: "status", status: this.status });
  }
}
