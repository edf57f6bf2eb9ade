import type { Convention } from "./convention.js";

/** A row of the table of conventions. */
export interface ConventionEntry {
  /** The name of the file without its extension. */
  readonly name: string;
  /** Imports the convention, when a service has such a file. */
  readonly load: () => Promise<Convention>;
  /** Whether the environment asks for the convention, without a file of a service. */
  isAsked?(env: NodeJS.ProcessEnv): boolean;
}

/**
 * Every config file that a service can have. The order is that in which they are composed, and in which a request
 * meets what they mount.
 */
export const conventions: readonly ConventionEntry[] = [
  { name: "log", load: async () => (await import("./log.js")).log },
  {
    name: "db",
    load: async () => (await import("./db.js")).db,
    isAsked: (env) => Boolean(env.DB || env.DB_DIALECT || env.DB_STORAGE || env.DB_CONNECTION),
  },
  { name: "server", load: async () => (await import("./server.js")).server },
  { name: "catch", load: async () => (await import("./catch.js")).catchConvention },
  { name: "cors", load: async () => (await import("./cors.js")).cors },
  { name: "auth", load: async () => (await import("./auth.js")).auth },
  { name: "middleware", load: async () => (await import("./middleware.js")).middleware },
  { name: "ws", load: async () => (await import("./ws.js")).ws },
  { name: "doc", load: async () => (await import("./doc.js")).doc },
];
