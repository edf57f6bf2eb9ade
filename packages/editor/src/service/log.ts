import type { LogConfig } from "miqro";

/** The terminal shows the log of the app, so the editor writes only errors to it. */
export default {
  replaceConsoleTransport: true,
  write({ level, out }) {
    if (level === "error" || level === "warn") console.error(out);
  },
} satisfies LogConfig;
