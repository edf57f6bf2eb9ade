import { ArgumentError } from "../errors.js";
import { parseOrigins } from "../exchange/origin.js";
import type { CookieOptions, Middleware, Request, Session } from "../exchange/types.js";
import { type Lifetime, toSeconds } from "../jwt/claims.js";
import { type Secret, toKey } from "../jwt/key.js";
import { Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { SessionHandler } from "./session-handler.js";
import type { TokenOptions, VerifySession } from "./types.js";

/** What is known of a sealed session beside what it holds. */
export interface SignedIn {
  /** Another one for each sign-in; it stays when the cookie is renewed. */
  readonly id: string;
  /** When its user signed in. */
  readonly since: Date;
}

/** How sessions are sealed into a cookie. */
export interface SealedSessionOptions
  extends Pick<TokenOptions, "required" | "path" | "exclude" | "origins"> {
  /** Secrets of at least 32 bytes: the first seals, the others still open what they have sealed. */
  readonly secrets: Secret | readonly Secret[];
  /** The name of the cookie. Default `session`. Under HTTPS, `__Host-session` keeps other hosts from setting it. */
  readonly cookie?: string | undefined;
  /** Attributes of the cookie, such as `domain` and `sameSite`. */
  readonly cookieOptions?: Omit<CookieOptions, "maxAge" | "expires" | "encode"> | undefined;
  /** How long a session lives without a request: a time such as `"7d"`, or seconds. Default `"7d"`. */
  readonly maxAge?: Lifetime | undefined;
  /** Whether requests make it live longer: in the second half of `maxAge` the cookie is renewed. Default true. */
  readonly sliding?: boolean | undefined;
  /** How long a session lives at most, however often it is renewed. Default `"30d"`. */
  readonly maxLifetime?: Lifetime | undefined;
  /** Tells of a session whether it is revoked, by a list of your own: true is no session. Asked with each request. */
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
/** The options of a sealed session, settled once. */
export interface SettledSession {
  readonly current: Secret;
  readonly older: readonly Secret[];
  readonly cookie: string;
  readonly attributes: CookieOptions;
  /** In seconds. */
  readonly maxAge: number;
  /** In seconds. */
  readonly maxLifetime: number;
  readonly sliding: boolean;
  readonly origins: readonly string[];
  /** Makes the handler that reads the cookie. */
  readonly handler: (verify: VerifySession) => Middleware;
}

/** @throws {ArgumentError} with all that is wrong. */
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
  // It knows what its paths may be.
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
        `\`${key}\` of the cookie is settled by \`maxAge\` of \`SealedSession\`.`,
      );
  }
  const { domain, path = "/", secure } = attributes;
  if (cookie.startsWith("__Host-") && (domain !== undefined || path !== "/" || secure === false)) {
    faults.add(
      "cookie",
      `Browsers refuse the cookie "${cookie}" with a domain, with a path other than "/", and without \`secure\`.`,
    );
  }
}
