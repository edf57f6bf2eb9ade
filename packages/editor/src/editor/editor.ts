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

/** The message that every page gets. */
export type LiveMessage =
  | { readonly type: "status"; readonly status: EditorStatus }
  | { readonly type: "log"; readonly lines: readonly LogLine[] };

// tsc takes less for one file, unless the project is large.
const patience = 5000;

/** The state of an editor, which its routes and its socket share. */
export class Editor {
  readonly host: EditorHost;
  /** The project folder with its links followed. */
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

  /** Takes note of what happened to the app. */
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
      // While an error page stands in for the app, the app does not serve.
      const serving = event.serving && (this.#app.state === "running" || this.#app.serving === true);
      this.#app = {
        state: "failed",
        // The page that shows the error is a page to load as well.
        version: serving ? version : version + 1,
        title,
        serving,
        ...(url === undefined ? {} : { url }),
      };
      this.#appProblems = readFailure(lines, this.root);
    }
    this.#tellStatus();
  }

  /** Follows a file that was saved: whether the compiler accepts it, and its messages. */
  saved(file: string): void {
    const path = relative(this.root, file).split(sep).join("/");
    const output = this.host.outputOf(file);
    this.#save = { path, state: output === undefined ? "saved" : "waiting" };
    this.#tellStatus();
    if (output !== undefined) void this.#awaitOutput(this.#save, file, output);
    if (/\.(?:[mc]?[jt]sx?|json)$/.test(path)) this.check(file);
  }

  /** Has the compiler look for errors; a look that is under way is followed by another. */
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
    // Another file was saved since.
    if (this.#save !== save) return;
    this.#save = { ...save, state: isNewer ? "compiled" : "late" };
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#send({ type: "status", status: this.status });
  }
}
