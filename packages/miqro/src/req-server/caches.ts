import {
  type Cache,
  type CacheOptions,
  ClusterCache,
  type ClusterCacheOptions,
  LocalCache,
} from "@miqro/runner/cache";

/** The names of the caches that a server makes. They are the same in every worker. */
const shared = new Map<string, Promise<ClusterCache>>();
const opened = new Map<string, ClusterCache>();

/** The servers of this process that use the shared cache of a name. */
const users = new Map<string, Set<object>>();

/**
 * Opens the cache that the workers of a server share, once for each process. A server that is started again uses the
 * same cache. The runner closes it when the process ends.
 * @param user - the owner, which must call `closeSharedCache`
 */
export function openSharedCache(serverName: string, user: object): Promise<ClusterCache> {
  const others = users.get(serverName) ?? new Set();
  users.set(serverName, others.add(user));
  let cache = shared.get(serverName);
  if (cache === undefined) {
    cache = openCache(serverName);
    shared.set(serverName, cache);
    cache.catch(() => shared.delete(serverName));
  }
  return cache;
}

/** Closes the cache of a server's name when its last user has called this function. */
export async function closeSharedCache(serverName: string, user: object): Promise<void> {
  const others = users.get(serverName);
  if (others?.delete(user) !== true || others.size > 0) return;
  const cache = shared.get(serverName);
  shared.delete(serverName);
  opened.delete(serverName);
  await (await cache)?.close();
}

async function openCache(serverName: string): Promise<ClusterCache> {
  const cache = new ClusterCache(`MiqroApplicationCache[${serverName}]`);
  await cache.ready();
  opened.set(serverName, cache);
  return cache;
}

/**
 * The value of `req.server.cache`: the cache of all workers if it was opened before, or else a cache of this process.
 */
export function createCache(serverName: string): Cache {
  return opened.get(serverName) ?? new LocalCache();
}

/** A cache of this process alone. */
export function createLocalCache(options?: CacheOptions): LocalCache {
  return new LocalCache(options);
}

/** A cache that all workers share. */
export function createClusterCache(name: string, options?: ClusterCacheOptions): ClusterCache {
  return new ClusterCache(name, options);
}
