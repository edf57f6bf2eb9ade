import { ArgumentError, ForbiddenError } from "../errors.js";
import { isSameOrigin } from "../exchange/origin.js";
import type { Middleware, OpenRequest, Request, Response, Session } from "../exchange/types.js";
import { decrypt, encrypt } from "../jwt/encrypt.js";
import { InvalidTokenError } from "../jwt/errors.js";
import type { TokenPayload } from "../jwt/verify.js";
import { describe } from "../options/check-options.js";
import { loadCrypto } from "../platform/builtins.js";
import { observe } from "../reply/observe.js";
import { type SealedSessionOptions, type SignedIn, settleSession } from "./sealed-session-options.js";
import type { VerifyArguments } from "./types.js";

/** Middleware that keeps sessions in an encrypted cookie. */
export interface SealedSessionMiddleware extends Middleware {
  /**
   * Begins a session, and replaces an existing one. Refuses requests from pages of other origins (403).
   *
   * @throws {ArgumentError} if the session does not fit into a cookie of 4096 bytes.
   */
  signIn(req: Request, res: Response, session: Session): Promise<SignedIn>;
  /**
   * Ends the session: the browser forgets the cookie. A copy of the cookie still works, unless `revoke` knows its id.
   */
  signOut(req: Request, res: Response): void;
  /** Returns facts about the session of a request; `undefined` without a session. */
  signedIn(req: Request): SignedIn | undefined;
}

interface Sealed {
  readonly token: string;
  /** The lifetime of the cookie. */
  readonly seconds: number;
}

// The size of the name and the value together. Browsers silently drop a larger cookie.
const largest = 4096;

/**
 * Keeps sessions in an encrypted cookie, without a store. It reads the cookie, sets `req.session`, and renews the
 * cookie before it expires. Its methods sign users in and out.
 */
export function SealedSession(options: SealedSessionOptions): SealedSessionMiddleware {
  const { current, older, cookie, attributes, maxAge, maxLifetime, sliding, origins, handler } =
    settleSession(options);
  const { revoke } = options;
  // A token that the same secret has sealed for another purpose is not a session.
  const audience = `session:${cookie}`;
  const known = new WeakMap<Request, SignedIn>();
  const renewals = new WeakMap<Response, Sealed>();

  /** @param end The latest time when the token expires, in seconds since 1970. */
  const seal = async (session: Session, { id, since }: SignedIn, end: number): Promise<Sealed> => {
    const seconds = Math.min(end, toTime(since) + maxLifetime) - toTime(new Date());
    const claims = { session, id, since: toTime(since) };
    return { token: await encrypt(claims, current, { expiresIn: seconds, audience }), seconds };
  };
  const write = (res: Response, { token, seconds }: Sealed): void =>
    res.setCookie(cookie, token, { ...attributes, maxAge: seconds });

  const open = async (token: string): Promise<{ payload: TokenPayload; isOld: boolean }> => {
    try {
      return { payload: await decrypt(token, current, { audience }), isOld: false };
    } catch (error) {
      if (older.length === 0 || !(error instanceof InvalidTokenError)) throw error;
      return { payload: await decrypt(token, older, { audience }), isOld: true };
    }
  };

  const renew = (res: Response, sealed: Sealed): void => {
    renewals.set(res, sealed);
    observe(res, () => {
      // The user signed in or out meanwhile, or a shared cache may keep this answer.
      if (renewals.get(res) !== sealed || isShared(res)) return;
      write(res, sealed);
      if (!res.hasHeader("Cache-Control")) res.setHeader("Cache-Control", "private");
    });
  };

  const verify = async ({ token, req, res }: VerifyArguments): Promise<Session | null> => {
    const { payload, isOld } = await open(token);
    const { session, id, since, iat = 0, exp = 0 } = payload;
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
    if (isDue || isOld) renew(res, await seal(session as Session, signedIn, sliding ? now + maxAge : exp));
    return session as Session;
  };

  const sealedSession = handler(verify);
  return Object.assign((req: OpenRequest, res: Response) => sealedSession(req, res), {
    async signIn(req: Request, res: Response, session: Session): Promise<SignedIn> {
      if (typeof session !== "object" || session === null || Array.isArray(session)) {
        throw new ArgumentError(
          `A session must be an object such as { account, username, groups }, not ${describe(session)}.`,
        );
      }
      if (!isSameOrigin(req, origins))
        throw new ForbiddenError("A request that signs a user in must come from a page of this server.");
      const signedIn: SignedIn = {
        id: loadCrypto().randomUUID(),
        since: new Date(toTime(new Date()) * 1000),
      };
      const sealed = await seal(session, signedIn, toTime(signedIn.since) + maxAge);
      const size = cookie.length + sealed.token.length;
      if (size > largest) {
        throw new ArgumentError(
          `The session takes ${size} bytes as a cookie, but browsers keep at most ${largest}: store an id in the session, and the rest in a database.`,
        );
      }
      renewals.delete(res);
      write(res, sealed);
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

/** Whether a shared cache may keep the answer. */
function isShared(res: Response): boolean {
  const control = String(res.getHeader("Cache-Control") ?? "");
  if (control === "" || /\b(?:no-store|private)\b/i.test(control)) return false;
  return /\b(?:public|s-maxage|max-age|immutable)\b/i.test(control) && !/\bmax-age=0\b/i.test(control);
}

/** The time in seconds since 1970. */
function toTime(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
