// Prevents a suite on a busy machine from ending because a server closed a connection that waited for its turn: Node.js
// does so after five seconds. All servers get the same time.
import { Server } from "node:net";

const { listen } = Server.prototype;

Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  if ("keepAliveTimeout" in this) Object.assign(this, { keepAliveTimeout: 600_000 });
  return Reflect.apply(listen, this, args);
} as typeof listen;
