import { BadRequestError } from "../errors.js";
import { corsHandlers, upgradeHeads } from "../exchange/internal.js";
import { isSameOrigin, parseOrigin, parseOrigins } from "../exchange/origin.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, Request, Response } from "../exchange/types.js";
import { checkOptions, type Faults } from "../options/check-options.js";
import { either, kinds, type OptionKinds } from "../options/kinds.js";
import { isThenable } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { writeReply } from "../reply/write-reply.js";
import { allMethods, parseMethods } from "../routing/methods.js";

/** Decides whether pages of an origin that is not listed may read answers. */
export type ValidateOrigin = (
  origin: string,
  origins: readonly string[],
  req: Request,
) => boolean | Promise<boolean>;

/** The options of `CORS`. */
export interface CORSOptions {
  /** The allowed origins, such as `https://example.org`, or `*` for all. Default `*`, unless `validate` decides. */
  readonly origins?: string | readonly string[] | undefined;
  /** The methods that preflights allow. Default GET, HEAD, PUT, PATCH, POST and DELETE. */
  readonly methods?: string | readonly string[] | undefined;
  /** The request headers that preflights allow. Default: the headers that the preflight asks for. */
  readonly headers?: string | readonly string[] | undefined;
  /** The headers of answers that pages may read, in addition to the headers that they may always read. */
  readonly exposedHeaders?: string | readonly string[] | undefined;
  /** Whether pages may send cookies and read the answers. Not possible with `*`. Default false. */
  readonly credentials?: boolean | undefined;
  /** The time that a browser may keep the answer to a preflight, in seconds. Default: the browser's own, mostly 5. */
  readonly maxAge?: number | undefined;
  /** Decides about an origin that is not listed: a function, or a regular expression for the whole origin. */
  readonly validate?: ValidateOrigin | RegExp | undefined;
  /** Whether the next handlers answer preflights. Default false: preflights get 204. */
  readonly preflightContinue?: boolean | undefined;
  /** Whether pages of the public internet may reach this server in a private network. Default false. */
  readonly privateNetwork?: boolean | undefined;
}

const corsKinds: OptionKinds<CORSOptions> = {
  origins: kinds.texts,
  methods: kinds.texts,
  headers: kinds.texts,
  exposedHeaders: kinds.texts,
  credentials: kinds.flag,
  maxAge: kinds.count,
  validate: either(kinds.call, {
    words: "a regular expression",
    test: (value) => value instanceof RegExp,
  }),
  preflightContinue: kinds.flag,
  privateNetwork: kinds.flag,
};

// Loaded with the first request, so that a start does not wait for it.
const loadDecision = loadOnUse<typeof import("./deciding-cors.js")>(import.meta.url, "./deciding-cors.js");

const defaultMethods = "GET, HEAD, PUT, PATCH, POST, DELETE";
const names = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
// This also matches the origins of browser extensions and apps. `null` is not accepted as an origin here, because any
// page can have it.
const anyOrigin = /^[a-z][a-z\d+.-]*:\/\/[^\s,/?#@]+$/i;

/**
 * Lets pages of other origins read answers (CORS protocol of the Fetch standard). A request of an origin that is
 * neither allowed nor the server's own gets 400, and so does its preflight. If several `CORS` are around a route, or
 * around a `Static` that has the file, only the innermost one decides.
 */
export function CORS(options: CORSOptions = {}): Middleware {
  const { isOpen, listed, validate, credentials, exposed, preflightContinue, preflight } = settle(options);

  const allow = (req: ServedRequest, res: ServedResponse, origin: string | undefined): void => {
    if (isOpen) res.setHeader("Access-Control-Allow-Origin", "*");
    else if (origin !== undefined) {
      res.setHeader("Access-Control-Allow-Origin", origin);
      if (credentials) res.setHeader("Access-Control-Allow-Credentials", "true");
    }
    if (isPreflight(req)) {
      preflight(req, res);
      if (!preflightContinue) writeReply(res, 204, undefined, "", undefined);
    } else if (exposed !== undefined && exposed !== "") {
      res.setHeader("Access-Control-Expose-Headers", exposed);
    }
  };

  function cors(given: Request, response: Response): unknown {
    const req = given as ServedRequest;
    const res = response as ServedResponse;
    // A WebSocket server has its own origins.
    if (req.headers.upgrade !== undefined && upgradeHeads.has(req)) return undefined;
    const isDecisive = loadDecision().decides(req, isPreflight(req));
    return isThenable(isDecisive)
      ? isDecisive.then((settled) => (settled === true ? decide(req, res) : undefined))
      : isDecisive
        ? decide(req, res)
        : undefined;
  }

  function decide(req: ServedRequest, res: ServedResponse): unknown {
    if (res.hasHeader("Vary")) res.addVaryHeader("Origin");
    else res.setHeader("Vary", "Origin");
    const { origin } = req.headers;
    if (isOpen || origin === undefined || isListed(listed, origin) || isSameOrigin(req)) {
      return allow(req, res, origin);
    }
    const isAllowed = anyOrigin.test(origin) && validate(origin, req);
    const settleOrigin = (verdict: unknown): void => {
      if (verdict !== true) throw new BadRequestError("bad origin");
      allow(req, res, origin);
    };
    return isThenable(isAllowed) ? isAllowed.then(settleOrigin) : settleOrigin(isAllowed);
  }
  corsHandlers.add(cors);
  return cors;
}

interface Settled {
  /** Whether pages of every origin may read, without credentials. */
  readonly isOpen: boolean;
  readonly listed: ReadonlySet<string>;
  readonly validate: (origin: string, req: Request) => boolean | Promise<boolean>;
  readonly credentials: boolean;
  readonly exposed: string | undefined;
  readonly preflightContinue: boolean;
  /** Sets the headers that only the answer to a preflight has. */
  readonly preflight: (req: ServedRequest, res: ServedResponse) => void;
}

function settle(options: CORSOptions): Settled {
  checkOptions<CORSOptions>(options, "`CORS`", corsKinds, (faults) => findFaults(options, faults));
  const { validate, credentials = false, preflightContinue = false } = options;
  const given = options.origins === undefined ? undefined : [options.origins].flat();
  const origins = given?.filter((origin) => origin !== "*") ?? [];
  return {
    isOpen: given === undefined ? validate === undefined : given.includes("*"),
    // The array also contains the origins as they were written, which is how browsers send them. So a request needs no
    // parsing.
    listed: new Set([...origins, ...parseOrigins(origins)]),
    validate: toValidate(validate, given ?? []),
    credentials,
    exposed: toNames(options.exposedHeaders),
    preflightContinue,
    preflight: createPreflight(options),
  };
}

function findFaults(
  { origins, methods, headers, exposedHeaders, credentials, validate }: CORSOptions,
  faults: Faults,
): void {
  const list = typeof origins === "string" || Array.isArray(origins) ? [origins].flat() : undefined;
  faults.attempt("origins", () => parseOrigins(list?.filter((origin) => origin !== "*")));
  if (methods !== undefined) faults.attempt("methods", () => toMethods(methods));
  for (const [key, value] of Object.entries({ headers, exposedHeaders })) {
    if (value === undefined || faults.has(key)) continue;
    for (const name of [value].flat()) {
      if (!names.test(name)) {
        const given = JSON.stringify(name);
        faults.add(
          key,
          `"${key}" of \`CORS\` must be one or more header names such as "X-Total", not ${given}.`,
        );
      }
    }
  }
  const isOpen = list === undefined ? validate === undefined : list.includes("*");
  if (credentials === true && isOpen) {
    faults.add(
      "credentials",
      '"credentials" of `CORS` needs an array of `origins`, or `validate`: if every origin were allowed, any page could act for its visitors.',
    );
  }
  if (list?.includes("*") === true && validate !== undefined) {
    faults.add(
      "validate",
      '"validate" of `CORS` is never called, because `origins` allows every origin. Give an array of `origins`, or leave `validate` out.',
    );
  }
}

function toValidate(
  validate: ValidateOrigin | RegExp | undefined,
  origins: readonly string[],
): Settled["validate"] {
  if (validate === undefined) return () => false;
  if (typeof validate === "function") return (origin, req) => validate(origin, origins, req);
  // An expression that matches only a part of an origin would also allow https://example.org.evil.example.
  const whole = new RegExp(`^(?:${validate.source})$`, validate.flags.replace(/[gy]/g, ""));
  return (origin) => whole.test(origin);
}

function createPreflight(options: CORSOptions): Settled["preflight"] {
  const { privateNetwork = false, maxAge } = options;
  const methods = options.methods === undefined ? defaultMethods : toMethods(options.methods).join(", ");
  const headers = toNames(options.headers);
  return (req, res) => {
    res.setHeader("Access-Control-Allow-Methods", methods);
    const asked = req.headers["access-control-request-headers"];
    const allowed = headers ?? (asked !== undefined && names.test(asked) ? asked : undefined);
    if (headers === undefined) res.addVaryHeader("Access-Control-Request-Headers");
    if (allowed !== undefined && allowed !== "") res.setHeader("Access-Control-Allow-Headers", allowed);
    if (maxAge !== undefined) res.setHeader("Access-Control-Max-Age", String(maxAge));
    if (privateNetwork && req.headers["access-control-request-private-network"] === "true") {
      res.setHeader("Access-Control-Allow-Private-Network", "true");
    }
  };
}

function toNames(list: string | readonly string[] | undefined): string | undefined {
  return list === undefined ? undefined : [list].flat().join(", ");
}

function toMethods(methods: string | readonly string[]): string[] {
  return parseMethods([methods].flat().flatMap((one) => one.split(/\s*,\s*/))).flatMap((method) =>
    method === allMethods ? defaultMethods : method,
  );
}

function isListed(listed: ReadonlySet<string>, origin: string): boolean {
  return listed.has(origin) || (listed.size > 0 && listed.has(parseOrigin(origin) ?? ""));
}

function isPreflight({ method, headers }: Request): boolean {
  return (
    method === "OPTIONS" &&
    headers.origin !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}
