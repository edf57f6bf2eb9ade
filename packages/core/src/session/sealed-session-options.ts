import { ArgumentError } from "../errors.js";
import { parseOrigins } from "../exchange/origin.js";
import type { CookieOptions, Middleware, Request, Session } from "../exchange/types.js";
import { type Lifetime, toSeconds } from "../jwt/claims.js";
import { type Secret, toKey } from "../jwt/key.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { SessionHandler } from "./session-handler.js";
import type { TokenOptions, VerifySession } from "./types.js";

/** Facts about a sealed session, in addition to its content. */
export interface SignedIn {
  /** The id. Each sign-in creates a new id. The id stays the same when the cookie is renewed. */
  readonly id: string;
  /** The time when the user signed in. */
  readonly since: Date;
}

/** The options of `SealedSession`. */
export interface SealedSessionOptions
  extends Pick<TokenOptions, "required" | "path" | "exclude" | "origins"> {
  /** Secrets of at least 32 bytes. The first one seals cookies; the others still open older cookies. */
  readonly secrets: Secret | readonly Secret[];
  /** The name of the cookie. Default `session`. Under HTTPS, `__Host-session` prevents other hosts from setting it. */
  readonly cookie?: string | undefined;
  /** Attributes of the cookie, such as `domain` and `sameSite`. */
  readonly cookieOptions?: Omit<CookieOptions, "maxAge" | "expires" | "encode"> | undefined;
  /** The time that a session lives without a request: a string such as `"7d"`, or seconds. Default `"7d"`. */
  readonly maxAge?: Lifetime | undefined;
  /** Whether a request in the second half of `maxAge` renews the cookie. Default true. */
  readonly sliding?: boolean | undefined;
  /** The longest time that a session lives, even if it is renewed. Default `"30d"`. */
  readonly maxLifetime?: Lifetime | undefined;
  /** Returns whether you have ended a session, from your own list: true means no session. Called at each request. */
  readonly revoke?:
    | ((session: Session, signedIn: SignedIn, req: Request) => boolean | Promise<boolean>)
    | undefined;
}

const lifetime: OptionKind = {
  words: 'a number of seconds or a time such as "30m" or "7d", more than 0',
  test: (value) => (toSeconds(value as Lifetime) ?? 0) > 0,
};
const sealedKinds: OptionKinds<SealedSessionOptions> = {
  secrets: kinds.any,
  cookie: {
    words: "the name of a cookie",
    test: (value) => typeof value === "string" && /^[\w!#$%&'*+.^`|~-]+$/.test(value),
  },
  cookieOptions: kinds.object,
  maxAge: lifetime,
  sliding: kinds.flag,
  maxLifetime: lifetime,
  revoke: kinds.call,
  required: kinds.flag,
  path: kinds.texts,
  exclude: kinds.texts,
  origins: kinds.texts,
};
/** The options of a sealed session, with their defaults. */
export interface SettledSession {
  readonly current: Secret;
  readonly older: readonly Secret[];
  readonly cookie: string;
  readonly attributes: CookieOptions;
  /** The time in seconds. */
  readonly maxAge: number;
  /** The time in seconds. */
  readonly maxLifetime: number;
  readonly sliding: boolean;
  readonly origins: readonly string[];
  /** Makes the handler that reads the cookie. */
  readonly handler: (verify: VerifySession) => Middleware;
}

/** @throws {ArgumentError} with all mistakes. */
export function settleSession(options: SealedSessionOptions): SettledSession {
  const what = "`SealedSession`";
  const faults = new Faults();
  if (!faults.check<SealedSessionOptions>(options, what, sealedKinds)) faults.throw(what);
  const { cookie = "session", cookieOptions = {}, sliding = true, required, path, exclude } = options;
  const secrets = (Array.isArray(options.secrets) ? options.secrets : [options.secrets]) as readonly Secret[];
  const [current, ...older] = secrets;
  if (current === undefined) {
    faults.add(
      "secrets",
      '`SealedSession` needs `secrets`, at least one: make it with crypto.randomBytes(32).toString("hex").',
    );
  }
  for (const [index, secret] of secrets.entries()) {
    if (secret !== undefined) faults.attempt(`secrets.${index}`, () => checkSecret(secret));
  }
  if (!faults.has("cookieOptions")) checkCookie(cookie, cookieOptions, faults);
  const origins = faults.attempt("origins", () => parseOrigins(options.origins)) ?? [];
  const token: TokenOptions = { tokenLocation: "cookie", tokenLocationName: cookie, required, path, exclude };
  const handler = (verify: VerifySession): Middleware =>
    SessionHandler({ ...token, origins: options.origins, verify });
  // This call also checks the paths.
  if (!faults.has("path") && !faults.has("exclude")) {
    faults.attempt("", () => SessionHandler({ path, exclude, verify: () => null }));
  }
  faults.throw(what);
  return {
    current: current as Secret,
    older,
    cookie,
    attributes: cookieOptions,
    maxAge: toSeconds(options.maxAge ?? "7d") as number,
    maxLifetime: toSeconds(options.maxLifetime ?? "30d") as number,
    sliding,
    origins,
    handler,
  };
}

function checkSecret(secret: Secret): void {
  if (toKey(secret).type !== "secret")
    throw new ArgumentError("Sessions are sealed with a secret, not with a public or private key.");
}

function checkCookie(cookie: string, attributes: CookieOptions, faults: Faults): void {
  for (const key of ["maxAge", "expires", "encode"]) {
    if (key in attributes)
      faults.add(
        `cookieOptions.${key}`,
        `\`${key}\` of the cookie cannot be set, because \`maxAge\` of \`SealedSession\` decides it.`,
      );
  }
  const { domain, path = "/", secure } = attributes;
  if (cookie.startsWith("__Host-") && (domain !== undefined || path !== "/" || secure === false)) {
    faults.add(
      "cookie",
      `Browsers accept the cookie "${cookie}" only with \`secure\`, with the path "/" and without a domain.`,
    );
  }
}
