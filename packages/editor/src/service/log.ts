import type { LogConfig } from "miqro";

/** The terminal is that of the app; only errors of the editor itself are written there. */
export default {
  replaceConsoleTransport: true,
  write({ level, out }) {
    if (level === "error" || level === "warn") console.error(out);
  },
} satisfies LogConfig;
