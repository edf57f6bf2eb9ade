import type { LiveMessage } from "../editor/editor.js";
import type { EditorStatus } from "../editor/status.js";
import type { LogLine } from "../log/log-store.js";
import { Store } from "./store.js";

/** The state of the app. The server sends each change. */
export const live = new Store<{ readonly isConnected: boolean; readonly status: EditorStatus }>({
  isConnected: false,
  status: { app: { state: "starting", version: 0 }, problems: [], checking: false },
});

/** The log of the app. */
export const log = new Store<{ readonly lines: readonly LogLine[] }>({ lines: [] });

const mostLines = 5000;
let delay = 250;

/** Opens the WebSocket to the server, and opens it again after it was closed. */
export function connect(): void {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live`);
  socket.onmessage = ({ data }) => {
    delay = 250;
    const message = JSON.parse(String(data)) as LiveMessage;
    if (message.type === "status") live.set({ isConnected: true, status: message.status });
    else addLines(message.lines);
  };
  socket.onclose = () => {
    live.set({ isConnected: false });
    setTimeout(connect, delay);
    delay = Math.min(delay * 2, 5000);
  };
}

let news: LogLine[] = [];

/**
 * After the socket was opened again, the server sends old lines again. After a restart of the server, the ids of the
 * lines begin with 1.
 */
function addLines(lines: readonly LogLine[]): void {
  if (lines.length === 0) return;
  const first = lines[0]?.id ?? 0;
  // Many messages may arrive at the same time. Their lines are rendered once per frame.
  if (news.length === 0) requestAnimationFrame(showLines);
  news = [...news.filter(({ id }) => id < first), ...lines].slice(-mostLines);
}

function showLines(): void {
  const first = news[0]?.id ?? 0;
  const kept = log.value.lines.filter(({ id }) => id < first);
  log.set({ lines: [...kept, ...news].slice(-mostLines) });
  news = [];
}
