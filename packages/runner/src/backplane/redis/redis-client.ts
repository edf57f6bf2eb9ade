import { createHash } from "node:crypto";
import { BackplaneError, errorCode } from "../../errors.js";
import type { Script } from "./scripts.js";

/** The parts of a client of the package `redis` that are used here. */
export interface RedisClient {
  connect(): Promise<unknown>;
  sendCommand(args: readonly string[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

interface RedisModule {
  createClient(options: object): RedisClient;
}

/** Makes two clients, one for commands and one for published messages. The first call loads the package. */
export async function createClients(url: string): Promise<readonly [RedisClient, RedisClient]> {
  const { createClient } = await loadRedis();
  // The backplane reconnects by itself, because it must fetch the missed writes and events before it sends anything.
  const options = {
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: 3000 },
  };
  return [createClient(options), createClient(options)];
}

/** Runs a script, by its hash if the server knows it. */
export async function runScript(
  client: RedisClient,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args.map(String)];
  try {
    return await client.sendCommand(["EVALSHA", hashOf(script), ...rest]);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return client.sendCommand(["EVAL", script.text, ...rest]);
  }
}

const hashes = new Map<Script, string>();

function hashOf(script: Script): string {
  let hash = hashes.get(script);
  if (hash === undefined) {
    hash = createHash("sha1").update(script.text).digest("hex");
    hashes.set(script, hash);
  }
  return hash;
}

async function loadRedis(): Promise<RedisModule> {
  try {
    return (await import("redis")) as RedisModule;
  } catch (error) {
    const isMissing = errorCode(error) === "ERR_MODULE_NOT_FOUND";
    throw new BackplaneError(
      isMissing
        ? "A backplane on Redis needs the package redis, which is not installed; run npm install redis."
        : `The package redis, which a backplane on Redis needs, cannot be loaded: ${String(error)}`,
      error,
    );
  }
}
