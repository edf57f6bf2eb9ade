export type { CacheOptions, SetOptions } from "./cache/cache.js";
export { Cache } from "./cache/cache.js";
export type { CacheEvent } from "./cache/cache-state.js";
export type { CacheValue } from "./cache/cache-value.js";
export type { ClusterCacheOptions } from "./cache/cluster-cache.js";
export { ClusterCache } from "./cache/cluster-cache.js";
export { LocalCache } from "./cache/local-cache.js";
