import { checkFields, type Fields } from "../options/check-fields.js";
import type { Server } from "../req-server/server.js";
import type { Convention } from "./convention.js";

/** The default export of `server.ts`. */
export interface ServerConfig {
  /** Runs before databases connect. */
  preload?(server: Server): unknown;
  /** Runs when databases are connected and migrated, before listening. */
  load?(server: Server): unknown;
  /** Runs when the server listens. */
  start?(server: Server): unknown;
  /** Runs on shutdown, after the last answer. */
  stop?(server: Server): unknown;
  /** Runs before `stop`, and before a reload. */
  unload?(server: Server): unknown;
}

/** `server.ts`: hooks of the start and the end of the server. The mode of the composition decides which of them run. */
export const server: Convention<ServerConfig> = {
  template: {
    name: "server.ts",
    about: "hooks of the start and the end",
    text: `import type { ServerConfig } from "miqro";

export default {
  load(server) {
    server.getLogger("APP").info("loaded");
  },
} satisfies ServerConfig;
`,
  },

  check(config, problems, what) {
    const hook = "function?";
    const fields: Fields = { preload: hook, load: hook, start: hook, stop: hook, unload: hook };
    for (const message of checkFields(config, fields, what)) problems.add(message);
  },

  compose(files, { hooks }) {
    for (const { file, configs } of files) {
      for (const config of configs) hooks.push({ file: file.source, config });
    }
  },
};
