export type {
  Backplane,
  BackplaneListener,
  CacheLink,
  CacheMember,
  ChannelEvent,
  ChannelHistory,
  Count,
  KeepOptions,
} from "./backplane/backplane.js";
export type { BackplaneOptions } from "./backplane/connect-backplane.js";
export { connectBackplane } from "./backplane/connect-backplane.js";
export type { CacheChange, CacheEntry } from "./cache/cache-change.js";
export type { CacheSnapshot } from "./cache/cache-state.js";
export type { PublishOptions, Relay, RelayEvent, SubscribeOptions } from "./relay/relay.js";
export { connectRelay } from "./relay/relay.js";
