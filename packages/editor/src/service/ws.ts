import type { WSConfig } from "miqro";
import { currentEditor } from "../editor/current-editor.js";

/** Sends the state and the log of the app to the pages. Pages send no messages. */
export default {
  path: "/live",
  maxPayload: 1024,
  maxBuffered: 16 * 1024 * 1024,
  // The router refuses an upgrade without a session. The WebSocket server refuses pages of another origin.
  validate: (req) => req.session !== undefined,
  onConnection(client) {
    const { status, log } = currentEditor();
    client.send(JSON.stringify({ type: "status", status }));
    client.send(JSON.stringify({ type: "log", lines: log.lines }));
  },
} satisfies WSConfig;
