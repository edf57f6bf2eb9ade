import { ArgumentError, ForbiddenError } from "../errors.js";
import { upgradeHeads } from "../exchange/internal.js";
import { isSameOrigin, parseOrigins } from "../exchange/origin.js";
import type {
  CookieOptions,
  Middleware,
  OpenRequest,
  Request,
  Response,
  Session,
} from "../exchange/types.js";
import { type Lifetime, toSeconds } from "../jwt/claims.js";
import { decrypt, encrypt } from "../jwt/encrypt.js";
import { InvalidTokenError } from "../jwt/errors.js";
import { type Secret, toKey } from "../jwt/key.js";
import type { TokenPayload } from "../jwt/verify.js";
import { describe, Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds } from "../options/kinds.js";
import { loadCrypto } from "../platform/builtins.js";
import { observe } from "../reply/observe.js";
import { SessionHandler } from "./session-handler.js";
import type { TokenOptions, VerifyArguments, VerifySession } from "./types.js";

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

/** Middleware that keeps sessions in an encrypted cookie. */
export interface SealedSessionMiddleware extends Middleware {
  /**
   * Begins a session, in place of one that is there. Refuses requests that come from pages of other origins (403).
   *
   * @throws {ArgumentError} if the session does not fit into a cookie of 4096 bytes.
   */
  signIn(req: Request, res: Response, session: Session): Promise<SignedIn>;
  /** Ends the session: the browser forgets it. A copy of the cookie lives on, unless `revoke` knows of it. */
  signOut(req: Request, res: Response): void;
  /** What is known of the session of a request; `undefined` where there is none. */
  signedIn(req: Request): SignedIn | undefined;
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
// Of its name and its value. Browsers drop a cookie that is larger, without a word.
const largest = 4096;

/**
 * Keeps sessions in an encrypted cookie, without a store: reads it, sets `req.session`, and renews it before it expires.
 * Its methods sign somebody in and out.
 */
export function SealedSession(options: SealedSessionOptions): SealedSessionMiddleware {
  const { current, older, cookie, attributes, maxAge, maxLifetime, sliding, origins, handler } =
    settle(options);
  const { revoke } = options;
  // So that a token which the same secret has sealed for something else is no session.
  const audience = `session:${cookie}`;
  const known = new WeakMap<Request, SignedIn>();
  const renewals = new WeakMap<Response, string>();

  const seal = (session: Session, { id, since }: SignedIn): Promise<{ token: string; seconds: number }> => {
    const left = toTime(since) + maxLifetime - toTime(new Date());
    const seconds = Math.min(maxAge, left);
    return encrypt({ session, id, since: toTime(since) }, current, { expiresIn: seconds, audience }).then(
      (token) => ({
        token,
        seconds,
      }),
    );
  };
  const write = (res: Response, token: string, seconds: number): void =>
    res.setCookie(cookie, token, { ...attributes, maxAge: seconds });

  const open = async (token: string): Promise<{ payload: TokenPayload; isOld: boolean }> => {
    try {
      return { payload: await decrypt(token, current, { audience }), isOld: false };
    } catch (error) {
      if (older.length === 0 || !(error instanceof InvalidTokenError)) throw error;
      return { payload: await decrypt(token, older, { audience }), isOld: true };
    }
  };

  const renew = async (res: Response, session: Session, signedIn: SignedIn): Promise<void> => {
    const { token, seconds } = await seal(session, signedIn);
    renewals.set(res, token);
    observe(res, () => {
      // Somebody signed in or out meanwhile, or a cache that others share may keep this answer.
      if (renewals.get(res) !== token || isShared(res)) return;
      write(res, token, seconds);
      if (!res.hasHeader("Cache-Control")) res.setHeader("Cache-Control", "private");
    });
  };

  const verify = async ({ token, req, res }: VerifyArguments): Promise<Session | null> => {
    const { payload, isOld } = await open(token);
    const { session, id, since, iat = 0 } = payload;
    if (
      typeof session !== "object" ||
      session === null ||
      typeof id !== "string" ||
      typeof since !== "number"
    )
      return null;
    const now = toTime(new Date());
    if (now >= since + maxLifetime) return null;
    const signedIn: SignedIn = { id, since: new Date(since * 1000) };
    if (revoke !== undefined && (await isRevoked(revoke, session as Session, signedIn, req))) {
      res.clearCookie(cookie, attributes);
      return null;
    }
    known.set(req, signedIn);
    const isDue = sliding && now - iat > maxAge / 2;
    // The head of an upgrade is not ours to write.
    if ((isDue || isOld) && !upgradeHeads.has(req)) await renew(res, session as Session, signedIn);
    return session as Session;
  };

  const sealedSession = handler(verify);
  return Object.assign((req: OpenRequest, res: Response) => sealedSession(req, res), {
    async signIn(req: Request, res: Response, session: Session): Promise<SignedIn> {
      if (typeof session !== "object" || session === null || Array.isArray(session)) {
        throw new ArgumentError(
          `A session is an object such as { account, username, groups }, not ${describe(session)}.`,
        );
      }
      if (!isSameOrigin(req, origins))
        throw new ForbiddenError("A request that signs somebody in must come from a page of this server.");
      const signedIn: SignedIn = {
        id: loadCrypto().randomUUID(),
        since: new Date(toTime(new Date()) * 1000),
      };
      const { token, seconds } = await seal(session, signedIn);
      const size = cookie.length + token.length;
      if (size > largest) {
        throw new ArgumentError(
          `The session takes ${size} bytes as a cookie, and browsers keep ${largest}: keep an id in it, and the rest in a database.`,
        );
      }
      renewals.delete(res);
      write(res, token, seconds);
      res.setHeader("Cache-Control", "no-store");
      known.set(req, signedIn);
      req.session = session;
      return signedIn;
    },
    signOut(req: Request, res: Response): void {
      renewals.delete(res);
      res.clearCookie(cookie, attributes);
      res.setHeader("Cache-Control", "no-store");
      known.delete(req);
      req.session = undefined;
    },
    signedIn: (req: Request) => known.get(req),
  });
}

interface Settled {
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

function settle(options: SealedSessionOptions): Settled {
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

async function isRevoked(
  revoke: NonNullable<SealedSessionOptions["revoke"]>,
  session: Session,
  signedIn: SignedIn,
  req: Request,
): Promise<boolean> {
  const verdict: unknown = await revoke(session, signedIn, req);
  if (typeof verdict === "boolean") return verdict;
  throw new TypeError(`\`revoke\` of \`SealedSession\` returned ${describe(verdict)}: return true or false.`);
}

/** Whether a cache that several users share may keep the answer. */
function isShared(res: Response): boolean {
  const control = String(res.getHeader("Cache-Control") ?? "");
  if (control === "" || /\b(?:no-store|private)\b/i.test(control)) return false;
  return /\b(?:public|s-maxage|max-age|immutable)\b/i.test(control) && !/\bmax-age=0\b/i.test(control);
}

/** In seconds since 1970. */
function toTime(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
