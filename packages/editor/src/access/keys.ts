import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

// The maximum number of sessions. If there are more, the oldest session ends.
const mostSessions = 32;

/** The keys and the sessions of the editor. A browser exchanges a key for a session. Each key works once. */
export class Keys {
  /** Stores only digests. They have equal lengths, as `timingSafeEqual` requires. */
  readonly #keys: Buffer[] = [];
  readonly #sessions: Buffer[] = [];

  /** Makes a key for one browser. */
  create(): string {
    const key = randomBytes(24).toString("base64url");
    this.#keys.push(digest(key));
    while (this.#keys.length > mostSessions) this.#keys.shift();
    return key;
  }

  /**
   * Exchanges a key for a session. Returns the token of the new session, or undefined for a wrong key. The key is then
   * invalid.
   */
  exchange(key: string): string | undefined {
    const at = indexOf(this.#keys, key);
    if (at < 0) return undefined;
    this.#keys.splice(at, 1);
    const token = randomBytes(32).toString("base64url");
    this.#sessions.push(digest(token));
    while (this.#sessions.length > mostSessions) this.#sessions.shift();
    return token;
  }

  /** Whether a token belongs to a session. */
  isSession(token: string): boolean {
    return indexOf(this.#sessions, token) >= 0;
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Returns the index of a string. Compares its digest with all digests, in constant time. */
function indexOf(digests: readonly Buffer[], text: string): number {
  const wanted = digest(text);
  let found = -1;
  digests.forEach((one, index) => {
    if (timingSafeEqual(one, wanted)) found = index;
  });
  return found;
}
