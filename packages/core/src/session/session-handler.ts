import { ArgumentError, ForbiddenError, UnauthorizedError } from "../errors.js";
import { kContext, kSegments } from "../exchange/internal.js";
import { isSafe, isSameOrigin } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, OpenRequest } from "../exchange/types.js";
import { checkOptions, Faults } from "../options/check-options.js";
import { kinds, type OptionKinds, oneOf } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { isAnswered } from "../reply/answer.js";
import { createPathFilter, type PathFilter } from "../routing/path-filter.js";
import { readSession } from "./read-session.js";
import type { SessionHandlerOptions, TokenOptions, VerifySession } from "./types.js";

/**
 * Reads the token of a request, has it verified, and sets `req.session`. Without a valid session it answers 401,
 * unless `required` is false. With the token in a cookie, requests that change something must come from a page of
 * this server (403).
 */
export function SessionHandler(options: SessionHandlerOptions): Middleware {
  const { verify, token, applies } = settle(options);
  const location = token.tokenLocation ?? "header";
  const read = createTokenReader(location, token.tokenLocationName);
  const required = token.required ?? true;
  return function sessionHandler(given, res) {
    const req = given as ServedRequest & OpenRequest;
    if (!applies(req[kSegments], req[kContext]?.caseSensitive === false)) return undefined;
    const found = read(req);
    if (found === undefined && location !== "free") {
      if (required) throw refuse(false);
      return undefined;
    }
    if (location === "cookie" && !isSafe(req.method) && !isSameOrigin(req)) {
      throw new ForbiddenError("A request that changes something must come from a page of this server.");
    }
    const settleSession = (value: unknown): void => {
      const session = readSession(value, "`verify` of a session handler");
      if (session !== undefined) req.session = session;
      else if (required && !isAnswered(res as ServedResponse)) throw refuse(found !== undefined);
    };
    const session = verify({ token: found ?? "", req, res });
    return isThenable(session) ? session.then(settleSession) : settleSession(session);
  };
}

interface Settled {
  readonly verify: VerifySession;
  readonly token: TokenOptions;
  readonly applies: PathFilter;
}

const tokenKinds: OptionKinds<TokenOptions> = {
  tokenLocation: oneOf("header", "cookie", "query", "free"),
  tokenLocationName: kinds.text,
  required: kinds.flag,
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
  const applies = createPathFilter(hasService ? [options, token] : [options], "a session handler", faults);
  faults.throw(what);
  return {
    verify: (hasService ? verify.bind(options.authService) : verify) as VerifySession,
    token,
    applies,
  };
}

function createTokenReader(
  location: "header" | "cookie" | "query" | "free",
  name: string | undefined,
): (req: OpenRequest) => string | undefined {
  switch (location) {
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
    case "free":
      return () => undefined;
    default:
      throw new ArgumentError(
        `tokenLocation is "header", "cookie", "query" or "free", not ${JSON.stringify(location)}.`,
      );
  }
}

function refuse(given: boolean): UnauthorizedError {
  const challenge = given ? 'Bearer error="invalid_token"' : "Bearer";
  return new UnauthorizedError(undefined, { headers: { "WWW-Authenticate": challenge } });
}
