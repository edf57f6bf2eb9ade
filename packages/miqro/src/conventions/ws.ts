import { Router, WebSocketServer, type WebSocketServerOptions } from "@miqro/core";
import { pathShape } from "../http-files/route-paths.js";
import type { Convention } from "./convention.js";

/** The default export of `ws.ts`. An array declares several WebSocket servers. */
export interface WSConfig extends WebSocketServerOptions {
  /** The path for `req.server.ws.get(path)`, unique over all services. */
  path: string;
  /** True leaves the WebSocket server out. */
  disabled?: boolean;
}

/** `ws.ts`: the WebSocket servers of a service. */
export const ws: Convention<WSConfig> = {
  template: {
    name: "ws.ts",
    about: "a WebSocket",
    text: `import type { WSConfig } from "miqro";

export default {
  path: "/socket",
  onMessage(client, data) {
    client.send(String(data));
  },
} satisfies WSConfig;
`,
  },

  list: true,

  check(config, problems) {
    problems.ask(config, (options) => new Router().webSocket(new WebSocketServer(options)));
  },

  compose(files, { webSockets, problemsOf, relay }) {
    for (const { file, configs } of files) {
      for (const config of configs) {
        if (config.disabled === true) continue;
        const path = pathShape(config.path);
        if (webSockets.has(path)) {
          problemsOf(file.source).add(
            `there is already a WebSocket at "${config.path}". Give each WebSocket its own path.`,
          );
        } else {
          // A broadcast of one worker reaches the clients of all workers.
          webSockets.set(path, new WebSocketServer(relay === undefined ? config : { relay, ...config }));
        }
      }
    }
  },

  mount({ disabled, path }, router, { webSockets }) {
    const socket = disabled === true ? undefined : webSockets.get(pathShape(path));
    if (socket !== undefined) router.webSocket(socket);
  },
};
