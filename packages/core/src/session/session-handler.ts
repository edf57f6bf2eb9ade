import { CoreError, ForbiddenError, UnauthorizedError } from "../errors.js";
import { kContext, kSegments, tokenPrefixes, upgradeHeads } from "../exchange/internal.js";
import { isSafe, isSameOrigin, parseOrigins } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, OpenRequest, Request, Response } from "../exchange/types.js";
import { checkOptions, Faults } from "../options/check-options.js";
import { kinds, type OptionKinds, oneOf, oneOrMore } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { isAnswered } from "../reply/answer.js";
import { createPathFilter, type PathFilter } from "../routing/path-filter.js";
import { readSession } from "./read-session.js";
import { noteSignIn, sendToSignIn } from "./sign-in.js";
import type { SessionHandlerOptions, TokenLocation, TokenOptions, VerifySession } from "./types.js";

/**
 * Reads the token of a request, lets `verify` check it, and sets `req.session`. Without a valid session it answers 401,
 * unless `required` is false. If the token is in a cookie, requests that change something must come from a page of this
 * server (otherwise 403).
 */
export function SessionHandler(options: SessionHandlerOptions): Middleware {
  const { verify, readers, tokenPrefix, origins, required, signIn, applies } = settle(options);
  const isFree = readers.length === 0;
  return function sessionHandler(given, res) {
    const req = given as ServedRequest & OpenRequest;
    if (!applies(req[kSegments], req[kContext]?.caseSensitive === false)) return undefined;
    if (signIn !== undefined) noteSignIn(req, signIn);
    if (tokenPrefix !== undefined) noteTokenPrefix(req, tokenPrefix);
    let found: string | undefined;
    let location: TokenLocation | undefined;
    for (const reader of readers) {
      found = reader.read(req);
      location = reader.location;
      if (found !== undefined) break;
    }
    if (found === undefined && !isFree) {
      if (required) refuse(req, res, false);
      return undefined;
    }
    if (location === "cookie" && !isSafe(req.method) && !isSameOrigin(req, origins)) {
      throw new ForbiddenError("A request that changes something must come from a page of this server.");
    }
    const settleSession = (value: unknown): void => {
      const session = readSession(value, "`verify` of a session handler");
      if (session !== undefined) req.session = session;
      else if (required && !isAnswered(res as ServedResponse)) refuse(req, res, found !== undefined);
    };
    // An invalid token does not count as an error of `verify`. It means that there is no session.
    const refuseToken = (error: unknown): void => {
      if (!(error instanceof CoreError && error.code === "INVALID_TOKEN")) throw error;
      if (required) refuse(req, res, true, error);
    };
    try {
      const session = verify({ token: found ?? "", req, res });
      return isThenable(session) ? session.then(settleSession, refuseToken) : settleSession(session);
    } catch (error) {
      return refuseToken(error);
    }
  };
}

interface Settled {
  readonly verify: VerifySession;
  /** Empty if `verify` finds the token itself. */
  readonly readers: readonly TokenReader[];
  /** The beginning of the subprotocol with the token. */
  readonly tokenPrefix: string | undefined;
  readonly origins: readonly string[];
  readonly required: boolean;
  readonly signIn: string | undefined;
  readonly applies: PathFilter;
}

interface TokenReader {
  readonly location: TokenLocation;
  readonly read: (req: OpenRequest) => string | undefined;
}

const tokenKinds: OptionKinds<TokenOptions> = {
  tokenLocation: oneOrMore(oneOf("header", "cookie", "query", "subprotocol", "free")),
  tokenLocationName: kinds.text,
  origins: kinds.texts,
  required: kinds.flag,
  signIn: {
    words: 'a path on this server such as "/sign-in"',
    test: (value) => typeof value === "string" && /^\/(?![/\\])[^\s\\]*$/.test(value),
  },
  path: kinds.texts,
  exclude: kinds.texts,
};

const serviceKinds: OptionKinds<Extract<SessionHandlerOptions, { authService: unknown }>> = {
  authService: kinds.object,
  options: kinds.object,
  path: kinds.texts,
  exclude: kinds.texts,
};

function settle(options: SessionHandlerOptions): Settled {
  const what = "A session handler";
  const faults = new Faults();
  const hasService = typeof options === "object" && options !== null && "authService" in options;
  const isObject = hasService
    ? faults.check(options, what, serviceKinds)
    : faults.check(options, what, { ...tokenKinds, verify: kinds.call });
  if (!isObject) faults.throw(what);
  const token: TokenOptions = hasService ? (options.options ?? {}) : options;
  if (hasService) {
    faults.attempt("options", () => checkOptions(token, "The `options` of a session handler", tokenKinds));
  }
  const verify = hasService ? options.authService?.verify : options.verify;
  const owner = hasService ? "authService" : "verify";
  if (typeof verify !== "function" && !faults.has(owner)) {
    faults.add(
      owner,
      "A session handler needs `verify({ token, req, res })`, which returns a session or null.",
    );
  }
  const prefix = hasService ? "options." : "";
  const locations = [token.tokenLocation ?? "header"].flat();
  if (locations.length > 1 && !faults.has(`${prefix}tokenLocation`)) {
    if (locations.includes("free"))
      faults.add(
        `${prefix}tokenLocation`,
        '"free" must be the only `tokenLocation` of a session handler, because `verify` then finds the token itself.',
      );
    if (token.tokenLocationName !== undefined)
      faults.add(
        `${prefix}tokenLocationName`,
        "`tokenLocationName` of a session handler can be used with one location only.",
      );
  }
  const origins = faults.attempt(`${prefix}origins`, () => parseOrigins(token.origins)) ?? [];
  const applies = createPathFilter(hasService ? [options, token] : [options], "a session handler", faults);
  faults.throw(what);
  return {
    verify: (hasService ? verify.bind(options.authService) : verify) as VerifySession,
    readers: locations
      .filter((one) => one !== "free")
      .map((one) => ({ location: one, read: createTokenReader(one, token.tokenLocationName) })),
    tokenPrefix: locations.includes("subprotocol") ? `${token.tokenLocationName ?? "token"}.` : undefined,
    origins,
    required: token.required ?? true,
    signIn: token.signIn,
    applies,
  };
}

function createTokenReader(
  place: Exclude<TokenLocation, "free">,
  name: string | undefined,
): (req: OpenRequest) => string | undefined {
  switch (place) {
    case "header": {
      const header = (name ?? "authorization").toLowerCase();
      return (req) => {
        const value = req.headers[header];
        if (typeof value !== "string" || value === "") return undefined;
        return header === "authorization" ? /^Bearer +([^\s]+) *$/i.exec(value)?.[1] : value;
      };
    }
    case "cookie":
      return (req) => req.cookies[name ?? "token"] || undefined;
    case "query":
      return (req) => {
        const value = req.query[name ?? "token"];
        return typeof value === "string" && value !== "" ? value : undefined;
      };
    case "subprotocol": {
      const prefix = `${name ?? "token"}.`;
      return (req) => {
        const offered = req.headers["sec-websocket-protocol"]?.split(/[ \t]*,[ \t]*/);
        return offered?.find((one) => one.startsWith(prefix))?.slice(prefix.length) || undefined;
      };
    }
  }
}

// The server of the socket must not choose this subprotocol, even if another location had a token as well.
function noteTokenPrefix(req: ServedRequest, prefix: string): void {
  if (!upgradeHeads.has(req)) return;
  const prefixes = tokenPrefixes.get(req);
  if (prefixes === undefined) tokenPrefixes.set(req, [prefix]);
  else prefixes.push(prefix);
}

/** Redirects a person to the page for signing in. For other clients it throws. */
function refuse(req: Request, res: Response, given: boolean, cause?: CoreError): void {
  if (!sendToSignIn(req, res)) throw toError(given, cause);
}

function toError(given: boolean, cause?: CoreError): UnauthorizedError {
  const challenge = given ? 'Bearer error="invalid_token"' : "Bearer";
  const headers = { "WWW-Authenticate": challenge };
  if (cause === undefined) return new UnauthorizedError(undefined, { headers });
  return new UnauthorizedError(cause.message, { headers, cause, code: cause.code });
}
