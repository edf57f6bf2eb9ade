import { appendFile } from "node:fs/promises";
import { LogConfig } from "miqro";
export default {
  level: "error", // only receive messages at this level
  replaceConsoleTransport: false, // keep default console output
  replaceFileTransport: false, // keep default file output
  write: async ({ out, level, identifier }) => {
    await appendFile(process.env.INGESTED, JSON.stringify({ level, identifier, has: out.includes("went wrong") }) + "\n");
  }
} as LogConfig;
