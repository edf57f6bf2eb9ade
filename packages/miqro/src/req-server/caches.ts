import {
  type Cache,
  type CacheOptions,
  ClusterCache,
  type ClusterCacheOptions,
  LocalCache,
} from "@miqro/runner/cache";

/** The caches of the server of this name: the same in every worker, since these give the same names. */
const shared = new Map<string, Promise<ClusterCache>>();
const opened = new Map<string, ClusterCache>();

/**
 * Opens the cache that the workers of a server share, once for a process: a server that is started again in it goes on
 * with it. The runner closes it when the process ends.
 */
export function openSharedCache(serverName: string): Promise<ClusterCache> {
  let cache = shared.get(serverName);
  if (cache === undefined) {
    cache = openCache(serverName);
    shared.set(serverName, cache);
    cache.catch(() => shared.delete(serverName));
  }
  return cache;
}

async function openCache(serverName: string): Promise<ClusterCache> {
  const cache = new ClusterCache(`MiqroApplicationCache[${serverName}]`);
  await cache.ready();
  opened.set(serverName, cache);
  return cache;
}

/** What `req.server.cache` is: that of all workers where it was opened before, else one of this process. */
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
