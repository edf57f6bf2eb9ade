import type { Convention } from "./convention.js";

/** A row of the table of conventions. */
export interface ConventionEntry {
  /** The name of the file without its extension. */
  readonly name: string;
  /** Imports the convention if a service has such a file. */
  readonly load: () => Promise<Convention>;
  /** Whether the environment enables the convention without a file of a service. */
  isAsked?(env: NodeJS.ProcessEnv): boolean;
}

/**
 * Every config file that a service can have. They are composed in this order, and a request passes their middleware in
 * this order.
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
