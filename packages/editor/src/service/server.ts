import type { ServerConfig } from "miqro";
import { currentEditor } from "../editor/current-editor.js";

export default {
  load({ ws }) {
    currentEditor().connect((message) => void ws.get("/live")?.broadcast(JSON.stringify(message)));
  },
} satisfies ServerConfig;
