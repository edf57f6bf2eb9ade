import type { WSConfig } from "miqro";
import { currentEditor } from "../editor/current-editor.js";

/** Tells pages the state and the log of the app. Pages send nothing. */
export default {
  path: "/live",
  maxPayload: 1024,
  maxBuffered: 16 * 1024 * 1024,
  // The router lets nobody upgrade without a session; a page of another origin is refused by the socket itself.
  validate: (req) => req.session !== undefined,
  onConnection(client) {
    const { status, log } = currentEditor();
    client.send(JSON.stringify({ type: "status", status }));
    client.send(JSON.stringify({ type: "log", lines: log.lines }));
  },
} satisfies WSConfig;
