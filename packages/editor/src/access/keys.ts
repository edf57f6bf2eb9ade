import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

// A developer opens a few browsers; the oldest of too many has to ask again.
const mostSessions = 32;

/** The keys that let a browser in, once each, and the sessions that they were exchanged for. */
export class Keys {
  /** Only digests are kept; they also have equal lengths. */
  readonly #keys: Buffer[] = [];
  readonly #sessions: Buffer[] = [];

  /** Makes a key for one browser. */
  create(): string {
    const key = randomBytes(24).toString("base64url");
    this.#keys.push(digest(key));
    while (this.#keys.length > mostSessions) this.#keys.shift();
    return key;
  }

  /** Takes a key, which is used up then. It returns the token of a new session; undefined for a wrong key. */
  exchange(key: string): string | undefined {
    const at = indexOf(this.#keys, key);
    if (at < 0) return undefined;
    this.#keys.splice(at, 1);
    const token = randomBytes(32).toString("base64url");
    this.#sessions.push(digest(token));
    while (this.#sessions.length > mostSessions) this.#sessions.shift();
    return token;
  }

  /** Whether a token is that of a session. */
  isSession(token: string): boolean {
    return indexOf(this.#sessions, token) >= 0;
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Compares with all keys, in constant time. */
function indexOf(digests: readonly Buffer[], text: string): number {
  const wanted = digest(text);
  let found = -1;
  digests.forEach((one, index) => {
    if (timingSafeEqual(one, wanted)) found = index;
  });
  return found;
}
