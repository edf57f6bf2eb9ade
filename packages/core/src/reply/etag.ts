import { kPolicy } from "../exchange/internal.js";
import type { ServedResponse } from "../exchange/served.js";
import type { ReplyHeaders } from "../exchange/types.js";
import { loadCrypto } from "../platform/builtins.js";

const smallest = 1024;

/** Returns the tag of a reply to GET: the one that the handler has set, else a weak one for bodies from 1 KiB on. */
export function createTag(
  res: ServedResponse,
  status: number,
  body: string | Uint8Array,
  length: number,
  headers: ReplyHeaders | undefined,
): string | undefined {
  const { req } = res;
  if (status !== 200 || (req.method !== "GET" && req.method !== "HEAD")) return undefined;
  // Each answer has another nonce. If a browser kept the body, it would get a policy with another nonce.
  if (res[kPolicy]?.nonce !== undefined) return undefined;
  const own = findTag(res, headers);
  if (own !== undefined || length < smallest) return own;
  return `W/"${length.toString(36)}-${digest(body)}"`;
}

function findTag(res: ServedResponse, headers: ReplyHeaders | undefined): string | undefined {
  const [, given] = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "etag") ?? [];
  const tag = given ?? res.getHeader("ETag");
  return typeof tag === "string" ? tag : undefined;
}

// `crypto.hash` takes half the time. It exists from Node.js 20.12 and 21.7 on, and other runtimes may not have it.
function digest(body: string | Uint8Array): string {
  const crypto = loadCrypto();
  if (typeof crypto.hash === "function") return crypto.hash("sha1", body, "base64url");
  return crypto.createHash("sha1").update(body).digest("base64url");
}
