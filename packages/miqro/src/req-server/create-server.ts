import { JSONParser, ReadBuffer, SessionHandler, TextParser, URLEncodedParser } from "@miqro/core";
import { isPrimaryWorker, workerCount, workerNumber } from "@miqro/runner/worker";
import type { CompositionParts } from "../composition/parts.js";
import { defineLater } from "../errors.js";
import { pathShape } from "../http-files/route-paths.js";
import { loadJSXNode, loadJWT, loadMarkdown, loadParser } from "../modules.js";
import type { Server } from "./server.js";

/**
 * Makes what handlers find as `req.server`.
 * @param stop - lets the server end
 */
export function createServer(
  { databases, webSockets, getLogger }: CompositionParts,
  stop: () => void,
): Server {
  const server = {
    db: {
      get: (name) => databases?.get(name) ?? null,
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
    },
    jwt: {
      sign: async (...args) => (await import("@miqro/core/jwt")).sign(...args),
      verify: async (...args) => (await import("@miqro/core/jwt")).verify(...args),
      decode: (token) => loadJWT().decode(token),
    },
    isPrimaryWorker,
    getWorkerNumber: workerNumber,
    getWorkerCount: workerCount,
    stop,
    encodeHTML: (text) => loadJSXNode().HTMLEncode(text),
    inflateMDtoHTML: (markdown, options) => loadMarkdown().inflateMDtoHTML(markdown, options),
    newParser: () => new (loadParser().Parser)(),
    getLogger,
  } satisfies Server;
  for (const name of laterMembers) defineLater(server, name, `req.server.${name}`);
  for (const name of ["getMigrations", "connect", "disconnect"]) {
    defineLater(server.db, name, `req.server.db.${name}`);
  }
  return deepFreeze(server);
}

const laterMembers = [
  "cache",
  "localCache",
  "newClusterCache",
  "newLocalCache",
  "openBrowser",
  "reload",
  "restart",
];

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === "object" && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
