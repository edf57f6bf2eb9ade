import type { LogConfig } from "miqro";

/** The terminal is that of the app; only what is wrong with the editor itself is told there. */
export default {
  replaceConsoleTransport: true,
  write({ level, out }) {
    if (level === "error" || level === "warn") console.error(out);
  },
} satisfies LogConfig;
