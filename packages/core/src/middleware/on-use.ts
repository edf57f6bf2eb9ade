// An app that uses none of these loads none of them. (decisions/033-loaded-on-use.md)
import type { Middleware } from "../exchange/types.js";
import { loadOnUse } from "../platform/builtins.js";
import type { CompressionOptions } from "./compression.js";
import type { MetricsOptions } from "./metrics.js";
import type { RateLimitOptions } from "./rate-limit.js";

const loadCompression = loadOnUse<typeof import("./compression.js")>(import.meta.url, "./compression.js");
const loadMetrics = loadOnUse<typeof import("./metrics.js")>(import.meta.url, "./metrics.js");
const loadRateLimit = loadOnUse<typeof import("./rate-limit.js")>(import.meta.url, "./rate-limit.js");

/** Compresses answers by what the client accepts. Use it before everything whose answers it is to compress. */
export function Compression(options?: CompressionOptions): Middleware {
  return loadCompression().Compression(options);
}

/**
 * Counts the requests of all apps of the process from now on, and answers with the figures as Prometheus reads them.
 * They come from the tracing channel `miqro:request`.
 */
export function Metrics(options?: MetricsOptions): Middleware & AsyncDisposable {
  return loadMetrics().Metrics(options);
}

/**
 * Lets so many requests of each client through, and answers 429 with `Retry-After` to the rest. The headers are those of
 * draft-ietf-httpapi-ratelimit-headers-11.
 */
export function RateLimit(options: RateLimitOptions): Middleware {
  return loadRateLimit().RateLimit(options);
}
