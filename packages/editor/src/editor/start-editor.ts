import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { setCurrentEditor } from "./current-editor.js";
import { Editor } from "./editor.js";
import type { EditorHost, RunningEditor } from "./host.js";

const service = fileURLToPath(new URL("../service/", import.meta.url));
let isRunning = false;

/**
 * Starts the editor of a project as a separate application with its own port. It keeps running if the app fails, and it
 * has another origin than the pages of the app.
 * @throws {Error} if this process already has an editor
 */
export async function startEditor(host: EditorHost): Promise<RunningEditor> {
  if (isRunning) throw new Error("This process already has an editor. Stop it first.");
  isRunning = true;
  const editor = new Editor(host);
  setCurrentEditor(editor);
  try {
    const { miqro, port } = await listen(host);
    const name = host.host.includes(":") ? `[${host.host}]` : host.host;
    return {
      url: `http://${isWildcard(host.host) ? "localhost" : name}:${port}/?key=${editor.keys.create()}`,
      tell: (event) => editor.tell(event),
      async stop() {
        await miqro.stop({ drainIdle: 0, timeout: 1000 });
        setCurrentEditor(undefined);
        isRunning = false;
      },
    };
  } catch (error) {
    setCurrentEditor(undefined);
    isRunning = false;
    throw error;
  }
}

/** Listens on the preferred port. If another process uses it, listens on any free port. */
async function listen({
  host,
  port,
  allowedHosts,
}: EditorHost): Promise<{ readonly miqro: Miqro; readonly port: number }> {
  for (const one of [port, 0]) {
    const miqro = new Miqro({ services: [service], name: "editor", host, port: one, allowedHosts });
    try {
      const address = await miqro.start();
      return { miqro, port: typeof address === "string" ? one : address.port };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || one === 0) throw error;
    }
  }
  throw new Error("No port is free.");
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
