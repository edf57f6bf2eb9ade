import type { IncomingMessage, ServerResponse } from "node:http";
import type { App, CloseOptions, ListenAddress, ListenOptions } from "../app/app.js";
import { ArgumentError } from "../errors.js";
import type { ServedResponse } from "../exchange/served.js";
import { describe } from "../options/check-options.js";
import { parseEndpoint } from "./endpoint.js";
import { answer, type RequestHandler } from "./run.js";

/**
 * A function as a listener of requests, for `http.createServer` and similar functions. It is also a handler of an
 * `App`. Its return value then says that no other handler answers.
 */
export interface Service {
  (req: IncomingMessage, res: ServerResponse): false | PromiseLike<false>;
  /**
   * Serves the function with an {@link App} of its own, and resolves to the address. It can be called again, to listen
   * on several addresses.
   *
   * @param target A target of `App.listen`, or `tcp://HOST:PORT`, `unix:PATH` or `pipe:\\.\pipe\NAME`. Default 3000.
   */
  listen(target?: number | string | ListenOptions): Promise<ListenAddress>;
  /** Stops accepting connections, lets requests finish, and resolves when every connection is closed. */
  close(options?: CloseOptions): Promise<void>;
}

/** Makes a listener of a function. */
export function serve(fn: RequestHandler): Service {
  if (typeof fn !== "function") throw new ArgumentError(`\`serve\` takes a function, not ${describe(fn)}.`);
  const apps = new Set<App>();
  const service = (req: IncomingMessage, res: ServerResponse): false | PromiseLike<false> =>
    answer(req, res, fn)?.then(toFalse) ?? false;
  const listen = async (target: number | string | ListenOptions = 3000): Promise<ListenAddress> => {
    // Loaded here, because a function in a server of your own needs none of it.
    const { App } = await import("../app/app.js");
    const app = new App();
    app.use((req, res) => {
      (res as unknown as ServedResponse)._implicitHeader = sendBareHead;
      return service(req, res);
    });
    const address = await app.listen(isEndpoint(target) ? toListenOptions(target) : target);
    apps.add(app);
    return address;
  };
  const close = async (options?: CloseOptions): Promise<void> => {
    const open = [...apps];
    apps.clear();
    await Promise.all(open.map((app) => app.close(options)));
  };
  return Object.assign(service, { listen, close });
}

// For the string of such a function, the client guesses the content type. `nosniff` would forbid this.
function sendBareHead(this: ServedResponse): void {
  this.writeHead(this.statusCode);
}

function toFalse(): false {
  return false;
}

function isEndpoint(target: number | string | ListenOptions): target is string {
  return typeof target === "string" && /^(?:tcp|unix|pipe):/i.test(target);
}

function toListenOptions(text: string): ListenOptions {
  const [first, host] = parseEndpoint(text);
  return typeof first === "number"
    ? { port: first, ...(host === undefined ? {} : { host }) }
    : { path: first };
}
