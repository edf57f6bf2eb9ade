import type { Post } from "../../posts.js";

type Listener = (post: Post) => void;

const listeners = new Set<Listener>();
let isConnected = false;

/** Calls back with every post that is new or has changed, until the function that it returns is called. */
export function onUpdate(listener: Listener) {
  // A copy of the blog in files has no server to connect to.
  if (!("updates" in document.documentElement.dataset)) return () => {};
  if (!isConnected) connect();
  isConnected = true;
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function connect(wait = 500) {
  const socket = new WebSocket("/updates");
  socket.onopen = async () => {
    // Nobody told this page of what happened before, or while the connection was lost.
    const response = await fetch("/posts").catch(() => undefined);
    if (!response?.ok) return socket.close();
    wait = 500;
    const { posts } = await response.json();
    posts.forEach(tell);
  };
  socket.onmessage = ({ data }) => tell(JSON.parse(data));
  socket.onclose = () => setTimeout(connect, wait, Math.min(wait * 2, 30_000));
}

function tell(post: Post) {
  for (const listener of listeners) listener(post);
}
