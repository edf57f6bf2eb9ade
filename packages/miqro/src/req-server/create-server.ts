import {
  CORS,
  JSONParser,
  ReadBuffer,
  type Relay,
  SessionHandler,
  TextParser,
  URLEncodedParser,
} from "@miqro/core";
import type { Cache, LocalCache } from "@miqro/runner/cache";
import { isPrimaryWorker, workerCount, workerNumber } from "@miqro/runner/worker";
import type { CompositionParts } from "../composition/parts.js";
import { pathShape } from "../http-files/route-paths.js";
import { loadJSXNode, loadJWT, loadOnUse, loadParser } from "../load-on-use.js";
import type { Server } from "./server.js";

/** Loaded when the first cache is made. */
const loadCaches = loadOnUse<typeof import("./caches.js")>(import.meta.url, "./caches.js");
/** Loaded when a service first renders Markdown. */
const loadMarkdown = loadOnUse<typeof import("../markdown/render-markdown.js")>(
  import.meta.url,
  "../markdown/render-markdown.js",
);

/** The state that a server keeps when its composition is replaced. */
export interface KeptParts {
  cache?: Cache;
}

/** The actions of a server as a whole. */
export interface ServerActions {
  /** The name of the server, which is the same for all its workers. */
  readonly name: string;
  /** Carries the events of the app. */
  relay(): Relay;
  /** Ends the server. */
  stop(): void;
  /** Replaces all workers, or the composition of this process. */
  reload(): Promise<void>;
  restart(): Promise<void>;
  /** The state that stays when a composition is replaced in the same process. */
  readonly kept: KeptParts;
  /** The URL at which the server listens; undefined before it listens. */
  url(): string | undefined;
}

/** Makes the object that handlers have as `req.server`. */
export function createServer(
  { databases, webSockets, getLogger }: CompositionParts,
  { name, stop, reload, restart, url, kept, relay }: ServerActions,
): Server {
  let localCache: LocalCache | undefined;
  const server = {
    db: {
      get: ((name: string) => databases?.get(name) ?? null) as Server["db"]["get"],
      getMigrations: async () => databases?.getMigrations() ?? [],
      migrate: async (direction) => databases?.migrate(direction),
    },
    ws: {
      get: (path) => webSockets.get(pathShape(path)),
      async disconnectAll() {
        await Promise.all([...webSockets.values()].map((socket) => socket.disconnectAll(1012)));
      },
    },
    middleware: {
      json: JSONParser,
      url: URLEncodedParser,
      text: TextParser,
      buffer: ReadBuffer,
      session: SessionHandler,
      cors: CORS,
    },
    jwt: {
      sign: async (...args) => (await import("@miqro/core/jwt")).sign(...args),
      verify: async (...args) => (await import("@miqro/core/jwt")).verify(...args),
      decode: (token) => loadJWT().decode(token),
    },
    isPrimaryWorker,
    getWorkerNumber: workerNumber,
    getWorkerCount: workerCount,
    get cache() {
      kept.cache ??= loadCaches().createCache(name);
      return kept.cache;
    },
    get relay() {
      return relay();
    },
    get localCache() {
      localCache ??= loadCaches().createLocalCache();
      return localCache;
    },
    newClusterCache: (cacheName, options) => loadCaches().createClusterCache(cacheName, options),
    newLocalCache: (options) => loadCaches().createLocalCache(options),
    get url() {
      return url();
    },
    reload,
    restart,
    stop,
    async openBrowser(address = url()) {
      if (address !== undefined) (await import("./open-page.js")).openPage(address);
    },
    encodeHTML: (text) => loadJSXNode().HTMLEncode(text),
    inflateMDtoHTML: (markdown, options) => loadMarkdown().inflateMDtoHTML(markdown, options),
    newParser: () => new (loadParser().Parser)(),
    getLogger,
  } satisfies Server;
  return deepFreeze(server);
}

function deepFreeze<T extends object>(value: T): T {
  for (const { value: inner } of Object.values(Object.getOwnPropertyDescriptors(value))) {
    if (typeof inner === "object" && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
