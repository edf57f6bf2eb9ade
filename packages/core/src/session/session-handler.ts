import { ArgumentError, ForbiddenError, UnauthorizedError } from "../errors.js";
import { kContext } from "../exchange/internal.js";
import { isSameOrigin } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, OpenRequest, Session } from "../exchange/types.js";
import { checkOptions, Faults } from "../options/check-options.js";
import { kinds, type OptionKinds, oneOf } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { isAnswered } from "../reply/answer.js";
import { fold } from "../routing/pattern.js";
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
  return function sessionHandler(req, res) {
    const folds = (req as unknown as ServedRequest)[kContext]?.caseSensitive === false;
    if (!applies(req.path, folds)) return undefined;
    const found = read(req);
    if (found === undefined && location !== "free") {
      if (required) throw refuse(false);
      return undefined;
    }
    if (location === "cookie" && !isSafe(req.method) && !isSameOrigin(req)) {
      throw new ForbiddenError("A request that changes something must come from a page of this server.");
    }
    const settleSession = (session: Session | null | undefined): void => {
      if (session !== null && session !== undefined) req.session = session;
      else if (required && !isAnswered(res as ServedResponse)) throw refuse(found !== undefined);
    };
    const session = verify({ token: found ?? "", req, res });
    return isThenable(session) ? session.then(settleSession) : settleSession(session);
  };
}

interface Settled {
  readonly verify: VerifySession;
  readonly token: TokenOptions;
  /** @param folds Whether case does not matter, which then must not matter here either. */
  readonly applies: (path: string, folds: boolean) => boolean;
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
  const settlePaths = (key: "path" | "exclude"): string[] | undefined => {
    const own = faults.attempt(key, () => toPrefixes(options[key]));
    const inner = hasService ? faults.attempt(`options.${key}`, () => toPrefixes(token[key])) : undefined;
    return own ?? inner;
  };
  const only = settlePaths("path");
  const not = settlePaths("exclude") ?? [];
  faults.throw(what);
  return {
    verify: (hasService ? verify.bind(options.authService) : verify) as VerifySession,
    token,
    applies: (path, folds) =>
      (only === undefined || only.some((prefix) => isBelow(path, prefix, folds))) &&
      !not.some((prefix) => isBelow(path, prefix, folds)),
  };
}

function toPrefixes(paths: string | readonly string[] | undefined): string[] | undefined {
  if (paths === undefined) return undefined;
  return [paths].flat().map((path) => {
    if (!path.startsWith("/"))
      throw new ArgumentError(`A path of a session handler begins with a slash: "${path}".`);
    return path.replace(/\/+$/, "");
  });
}

function isBelow(path: string, prefix: string, folds: boolean): boolean {
  if (folds) return isBelow(fold(path), fold(prefix), false);
  return path === prefix || path.startsWith(`${prefix}/`);
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

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function refuse(given: boolean): UnauthorizedError {
  const challenge = given ? 'Bearer error="invalid_token"' : "Bearer";
  return new UnauthorizedError(undefined, { headers: { "WWW-Authenticate": challenge } });
}
