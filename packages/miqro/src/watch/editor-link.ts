import { MiqroError } from "../errors.js";
import { toPort } from "../lifecycle/address.js";
import type { Settings } from "../settings/read-settings.js";
import { importEditor } from "./editor-package.js";
import { readTemplates } from "./file-templates.js";
import type { Reporter } from "./reporter.js";

/** The exports of `@miqro/editor` that are used here. */
interface EditorModule {
  startEditor(host: object): Promise<RunningEditor>;
}

interface RunningEditor {
  readonly url: string;
  tell(event: object): void;
  stop(): Promise<void>;
}

/** The part of the watch that the editor needs. */
export interface EditorNeeds {
  readonly settings: Settings;
  /** The port of the app. */
  readonly port: string | undefined;
  /** The compiled file of a source. */
  outputOf(source: string): string | undefined;
  /** Sends a message to the running version; returns false if there is none. */
  send(message: unknown): boolean;
  /** Replaces the running version. */
  reload(): Promise<void>;
}

/** The editor of a watch, in the process that replaces the versions of the app. */
export interface EditorLink {
  /** A reporter whose lines the editor also shows. */
  readonly reporter: Reporter;
  /** Receives a message of a version. */
  receive(message: unknown): void;
  /** A process of an earlier version has ended. */
  exited(): void;
  /** A version does not start. */
  failed(lines: readonly string[], serving: boolean): void;
  stop(): Promise<void>;
}

// A query may take a long time.
const timeout = 10_000;
// The time for which an earlier version may answer open requests before pages learn of the new version.
const longestEnd = 1000;

/**
 * Starts the editor.
 * @throws {MiqroError} `MIQRO_NOT_AVAILABLE` if its package is not installed
 */
export async function openEditor(
  reporter: Reporter,
  { settings, port, outputOf, send, reload }: EditorNeeds,
): Promise<EditorLink> {
  const { startEditor } = await importEditor<EditorModule>("");
  const { services, allowedHosts = [] } = settings.options;
  const appPort = toPort(port ?? settings.options.port);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  const editor = await startEditor({
    root: process.cwd(),
    services,
    host: settings.editorHost ?? "127.0.0.1",
    port: appPort < 65_535 ? appPort + 1 : 0,
    allowedHosts,
    outputOf,
    reload,
    templates: readTemplates,
    ask: (question: unknown) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        const late = setTimeout(() => {
          waiting.delete(id);
          reject(new MiqroError("MIQRO_STATE", "The app does not answer: it may be starting, or busy."));
        }, timeout).unref();
        const settle = <T>(end: (value: T) => void) => {
          return (value: T) => {
            clearTimeout(late);
            waiting.delete(id);
            end(value);
          };
        };
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
        if (!send({ editor: { id, question } })) {
          waiting.get(id)?.reject(new MiqroError("MIQRO_STATE", "The app does not run."));
        }
      }),
  });
  reporter.info(`Editor on ${editor.url}`);
  let hasRun = false;
  let running: object | undefined;
  let ending: NodeJS.Timeout | undefined;
  const tellRunning = (): void => {
    clearTimeout(ending);
    if (running !== undefined) editor.tell(running);
    running = undefined;
  };
  const say = (level: "INFO" | "WARN" | "ERROR", line: string) => {
    const text = `${new Date().toISOString()} ${level} [miqro] ${line}`;
    editor.tell({ type: "output", output: [{ stream: "stdout", text }] });
  };
  return {
    reporter: {
      ...reporter,
      info(line) {
        reporter.info(line);
        say("INFO", line);
      },
      error(line) {
        reporter.error(line);
        say("ERROR", line);
      },
      hint(line) {
        reporter.hint(line);
        say("WARN", line);
      },
    },
    receive(message) {
      const { editor: told } = Object(message) as { readonly editor?: { readonly type?: unknown } };
      if (told === undefined) return;
      if (told.type === "running") {
        running = told;
        // A browser still has a connection to the earlier version, and would show its page once more.
        if (hasRun) ending = setTimeout(tellRunning, longestEnd).unref();
        else tellRunning();
        hasRun = true;
        return;
      }
      if (told.type !== "answer") {
        if (told.type === "failed") running = undefined;
        editor.tell(told);
        return;
      }
      const { id, value, error } = told as { id?: number; value?: unknown; error?: string };
      const asker = waiting.get(id ?? 0);
      if (error === undefined) asker?.resolve(value);
      else asker?.reject(new MiqroError("MIQRO_STATE", error));
    },
    exited: tellRunning,
    failed: (lines, serving) =>
      editor.tell({ type: "failed", title: "The new version does not start", lines, serving }),
    stop: () => editor.stop(),
  };
}
