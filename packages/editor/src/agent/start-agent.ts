import type { Database } from "@miqro/query";
import type { AppQuestion } from "../editor/host.js";
import { captureOutput } from "./capture-output.js";
import { describeServices } from "./describe-services.js";
import { readRows, readTables } from "./read-tables.js";
import type { ServiceInfo } from "./service-info.js";

/** The connection between the process of the app and the process of the editor. */
export interface AgentLink {
  send(message: unknown): void;
  /** Calls `callback` with every message, including messages for other receivers. */
  onMessage(callback: (message: unknown) => void): void;
}

/** The data of the app that the agent uses. `request` of a route is its declaration. */
export interface RunningApp {
  readonly services: readonly ServiceInfo[];
  readonly databases: ReadonlyMap<string, Database>;
}

/** The part of the editor that runs in the process of the app. */
export interface Agent {
  /** Call this when the app is composed and its databases exist. */
  prepared(app: RunningApp): void;
  /** Call this when the app listens. */
  running(url: string): void;
  /** Call this when the app failed to start and `url` shows its error. */
  failed(title: string, lines: readonly string[], url: string): void;
}

/** Reports the output and the state of this process to the editor, and answers the questions of the editor. */
export function startAgent(link: AgentLink): Agent {
  let app: RunningApp | undefined;
  const send = (message: object): void => link.send({ editor: message });
  captureOutput((output) => send({ type: "output", output }));
  link.onMessage((message) => {
    const { id, question } = Object(Object(message).editor) as { id?: unknown; question?: AppQuestion };
    if (question === undefined) return;
    answer(app, question).then(
      (value) => send({ type: "answer", id, value }),
      (error: unknown) =>
        send({ type: "answer", id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  return {
    prepared(running) {
      app = running;
    },
    running: (url) => send({ type: "running", url }),
    failed: (title, lines, url) => send({ type: "failed", title, lines, url, serving: false }),
  };
}

async function answer(app: RunningApp | undefined, question: AppQuestion): Promise<unknown> {
  if (app === undefined) throw new Error("The app is not running.");
  if (question.ask === "routes") return describeServices(app.services);
  if (question.ask === "databases") {
    return Promise.all([...app.databases].map(([name, database]) => readTables(name, database)));
  }
  const database = app.databases.get(question.database);
  if (database === undefined) throw new RangeError(`There is no database ${question.database}.`);
  return readRows(database, question.table, question);
}
