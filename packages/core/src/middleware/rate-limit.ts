import { ArgumentError, TooManyRequestsError } from "../errors.js";
import { kContext } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";
import type { Middleware, OpenRequest, Request, Response } from "../exchange/types.js";
import { tell } from "../log/logger.js";
import { checkOptions, describe } from "../options/check-options.js";
import { either, kinds, type OptionKind, oneOf } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadCrypto, loadOnUse } from "../platform/builtins.js";
import { relayKind } from "../relay/local-relay.js";
import type { Relay } from "../relay/types.js";
import { RelayCounter } from "./relay-counter.js";
import type { Verdict } from "./sliding-window.js";

/** Returns the key of a request. `undefined` means that the request is not limited. */
export type RateLimitKey = (req: OpenRequest) => string | undefined | Promise<string | undefined>;

/** The options of `RateLimit`. */
export interface RateLimitOptions {
  /** The number of requests that one key may send in any window of time. */
  readonly limit: number;
  /** The length of the window in milliseconds. Default 60,000. */
  readonly window?: number;
  /**
   * The requests that are counted together. `"session"` (the default) counts by session, or by address if there is no
   * session. `"address"` counts by address. A function returns a key. IPv6 addresses count by their /64 network.
   */
  readonly by?: "session" | "address" | RateLimitKey;
  /** The name of the limit in headers and in the relay. Default `"default"`. */
  readonly name?: string;
  /** The largest number of keys that are remembered. Default 100,000. */
  readonly maxKeys?: number;
  /**
   * Counts for all processes together. Default: the relay from the options of the app. Without it, each process counts
   * for itself.
   */
  readonly relay?: Relay;
  /** Whether answers show the limit in `RateLimit` and `RateLimit-Policy`. Default true. */
  readonly headers?: boolean;
}

const longestKey = 256;

const loadWindow = loadOnUse<typeof import("./sliding-window.js")>(import.meta.url, "./sliding-window.js");
const loadNetwork = loadOnUse<typeof import("../exchange/network.js")>(
  import.meta.url,
  "../exchange/network.js",
);

const atLeastOne: OptionKind = {
  words: "a whole number from 1 up",
  test: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};

/**
 * Limits the requests of each client, and answers 429 with `Retry-After` to the rest. The headers follow
 * draft-ietf-httpapi-ratelimit-headers-11.
 */
export function RateLimit(options: RateLimitOptions): Middleware {
  checkOptions<RateLimitOptions>(
    options,
    "`RateLimit`",
    {
      limit: atLeastOne,
      window: { words: "a whole number of milliseconds from 1 up", test: atLeastOne.test },
      by: either(oneOf("session", "address"), kinds.call),
      name: {
        words: "a string of letters, digits, dots, hyphens and underscores",
        test: (value) => typeof value === "string" && /^[\w.-]{1,64}$/.test(value),
      },
      maxKeys: atLeastOne,
      relay: relayKind,
      headers: kinds.flag,
    },
    (faults) => {
      if (options.limit === undefined)
        faults.add(
          "limit",
          "`RateLimit` needs a `limit`: the number of requests that a client may send in a `window`.",
        );
    },
  );
  const { limit, window: span = 60_000, by = "session", name = "default" } = options;
  const { maxKeys = 100_000, headers = true } = options;
  const counts = new (loadWindow().SlidingWindow)(limit, span, maxKeys);
  const relayed = new RelayCounter();
  const findKey = typeof by === "function" ? by : by === "session" ? toSessionKey : toAddressKey;
  const policy = `"${name}";q=${limit};w=${Math.ceil(span / 1000)}`;

  const conclude = (res: Response, { isAllowed, remaining, wait }: Verdict): void => {
    const seconds = Math.ceil(wait / 1000);
    if (headers) {
      addItem(res, "RateLimit-Policy", policy);
      addItem(res, "RateLimit", `"${name}";r=${remaining};t=${seconds}`);
    }
    if (!isAllowed) throw new TooManyRequestsError(undefined, { headers: { "Retry-After": `${seconds}` } });
  };

  const count = (req: Request, res: Response, given: unknown): void | Promise<void> => {
    if (given === undefined || given === null) return undefined;
    if (typeof given !== "string")
      throw new ArgumentError(
        `"by" of \`RateLimit\` must return a string or undefined, not ${describe(given)}.`,
      );
    const key = given.length > longestKey ? digest(given) : given;
    const now = Date.now();
    const relay = options.relay ?? (req as ServedRequest)[kContext]?.sharedRelay;
    if (relay === undefined) return conclude(res, counts.take(key, now));
    const known = counts.peek(key, now);
    // A client that has used up its window is not counted again for further requests.
    if (!known.isAllowed) return conclude(res, known);
    const counting = relayed.increment(relay, `miqro:rate-limit:${name}:${counts.toIndex(now)}:${key}`, span);
    if (counting === undefined) return conclude(res, counts.take(key, now));
    return counting.then(
      (counted) => conclude(res, counts.learn(key, counted, now)),
      (error) => {
        tell(() => req.logger.warn("The relay did not count a request, so this process counts it.", error));
        conclude(res, counts.take(key, now));
      },
    );
  };

  return function rateLimit(req, res) {
    const key = findKey(req);
    return isThenable(key) ? key.then((settled) => count(req, res, settled)) : count(req, res, key);
  };
}

// The keys of a `by` function do not begin like this, unless the function returns such a key itself.
function toAddressKey(req: Request): string {
  return `ip:${loadNetwork().toNetwork(req.ip)}`;
}

function toSessionKey(req: Request): string {
  const { session } = req;
  return session === undefined
    ? toAddressKey(req)
    : `session:${JSON.stringify([session.account, session.username])}`;
}

/** Both headers are lists of RFC 9651, and each limit is one item of them. */
function addItem(res: Response, name: string, item: string): void {
  const present = res.getHeader(name);
  res.setHeader(name, present === undefined ? item : `${present}, ${item}`);
}

function digest(key: string): string {
  return `sha256:${loadCrypto().createHash("sha256").update(key).digest("base64url")}`;
}
