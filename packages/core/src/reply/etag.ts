import { kPolicy } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import { loadCrypto } from "../platform/builtins.js";

const smallest = 1024;

/**
 * Returns the weak tag of a reply, for bodies of GET from 1 KiB on. It returns none if the app makes no tags, or if the
 * handler has set one.
 */
export function createTag(
  res: ServedResponse,
  status: number,
  body: string | Uint8Array,
  length: number,
): string | undefined {
  const { req } = res;
  if (length < smallest || status !== 200) return undefined;
  // Each answer has another nonce. If a browser kept the body, it would get a policy with another nonce.
  if (res[kPolicy]?.nonce !== undefined) return undefined;
  if ((req.method !== "GET" && req.method !== "HEAD") || res.hasHeader("ETag")) return undefined;
  return `W/"${length.toString(36)}-${digest(body)}"`;
}

// `crypto.hash` takes half the time. It exists from Node.js 20.12 and 21.7 on, and other runtimes may not have it.
function digest(body: string | Uint8Array): string {
  const crypto = loadCrypto();
  if (typeof crypto.hash === "function") return crypto.hash("sha1", body, "base64url");
  return crypto.createHash("sha1").update(body).digest("base64url");
}
