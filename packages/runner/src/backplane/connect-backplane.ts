import { BackplaneError } from "../errors.js";
import { workerNumber } from "../worker/worker-functions.js";
import { workerLink } from "../worker/worker-link.js";
import type { Backplane } from "./backplane.js";
import { Hub } from "./hub.js";
import { HubClient } from "./hub-client.js";
import type { HubMessage } from "./hub-messages.js";
import { Lease } from "./lease.js";

/** Options of `connectBackplane`. */
export interface BackplaneOptions {
  /** "ipc", or the address of a Redis or Valkey server. Default: the variable `MIQRO_BACKPLANE`, else "ipc". */
  readonly url?: string | undefined;
  /** Name of the app, the prefix of its keys. Needed with Redis. Default: the variable `MIQRO_APP`. */
  readonly app?: string | undefined;
  /** Gets one line when the server goes away, and one line when it is back. Default: stderr. */
  readonly log?: ((line: string) => void) | undefined;
}

let machine: HubClient | undefined;
let localHub: Hub | undefined;
let shared: Promise<Backplane> | undefined;

/** The backplane of the process. The first call makes it. */
export function sharedBackplane(): Promise<Backplane> {
  shared ??= connectBackplane().then(takePart);
  return shared;
}

/**
 * Closes the backplane when the process ends. With Redis, it also chooses one machine whose worker 0 is the primary
 * worker.
 */
async function takePart(backplane: Backplane): Promise<Backplane> {
  const link = workerLink();
  if (backplane.isOfMany) {
    // Until this process holds the lease, it is not the primary worker.
    link.isLeader = () => false;
    if (workerNumber() === 0) {
      const lease = await Lease.hold(backplane, "primary");
      link.isLeader = () => lease.isHeld;
      link.closers.add(() => lease.release());
    }
  }
  link.closers.add(() => backplane.close());
  return backplane;
}

/**
 * Connects this process with the processes that share its caches and channels: all workers of its cluster, or with
 * Redis all processes of the app. Outside a cluster, "ipc" reaches this process alone.
 */
export async function connectBackplane(options: BackplaneOptions = {}): Promise<Backplane> {
  const {
    url = process.env.MIQRO_BACKPLANE ?? "ipc",
    app = process.env.MIQRO_APP,
    log = console.error,
  } = options;
  if (url === "ipc" || url === "") return connectMachine();
  if (!/^(redis|rediss|valkey|valkeys):\/\//.test(url)) {
    throw new BackplaneError(
      `The backplane must be "ipc" or an address such as redis://host:6379, but it is "${url}".`,
    );
  }
  if (app === undefined || !/^[\w.-]{1,64}$/.test(app)) {
    throw new BackplaneError(
      `A backplane on Redis needs the name of the app (letters, digits, ".", "_" and "-"), but it is ${JSON.stringify(app)}; ` +
        `set "app", or the variable MIQRO_APP.`,
    );
  }
  const { RedisBackplane } = await import("./redis/redis-backplane.js");
  return RedisBackplane.connect(url.replace(/^valkey/, "redis"), app, connectMachine(), log);
}

/** Connects this process with the other processes of its machine. */
function connectMachine(): HubClient {
  const link = workerLink();
  if (link.isConnected) {
    machine ??= new HubClient({
      send: (request) => void link.send({ type: "hub", message: request }),
      onMessage(listener) {
        link.onHubMessage = listener;
      },
      close: () => {},
    });
    return machine;
  }
  localHub ??= new Hub();
  let receive: (message: HubMessage) => void = () => {};
  // Messages are passed as between processes: as JSON, and never in the same turn of the event loop.
  const port = localHub.connect((message) => {
    const text = JSON.stringify(message);
    setImmediate(() => receive(JSON.parse(text)));
  });
  return new HubClient({
    send: (request) => void port.receive(JSON.parse(JSON.stringify(request))),
    onMessage(listener) {
      receive = listener;
    },
    close: () => port.close(false),
  });
}
