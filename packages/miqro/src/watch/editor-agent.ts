import { subscribe } from "node:diagnostics_channel";
import { onMessage, sendToPrimary } from "@miqro/runner/worker";
import { describeServices } from "../composition/describe-services.js";
import type { CompositionParts } from "../composition/parts.js";
import { importEditor } from "./editor-package.js";

/** The part of the editor in the process of the app. */
export interface EditorAgent {
  running(url: string): void;
  failed(title: string, lines: readonly string[], url: string): void;
}

interface AgentModule {
  startAgent(link: object): EditorAgent & { prepared(app: object): void };
}

/** Reports the output and the composition parts of this process to the editor. */
export async function startEditorAgent(): Promise<EditorAgent> {
  const { startAgent } = await importEditor<AgentModule>("/agent");
  const agent = startAgent({ send: sendToPrimary, onMessage });
  subscribe("miqro:prepared", (message) => {
    const parts = message as CompositionParts;
    const { databases } = parts;
    const names = databases?.names() ?? [];
    agent.prepared({
      services: describeServices(parts),
      databases: new Map(names.map((name) => [name, databases?.get(name)])),
    });
  });
  return agent;
}
