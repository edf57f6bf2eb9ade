import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware, Request, Response } from "../exchange/types.js";
import { checkOptions, type Faults } from "../options/check-options.js";
import { either, kinds, no, type OptionKind, type OptionKinds, oneOf } from "../options/kinds.js";
import { type ContentSecurityPolicy, checkPolicy, SettledPolicy } from "./content-security-policy.js";

/** The options of `Strict-Transport-Security`. */
export interface StrictTransportSecurity {
  /** The time that browsers use only HTTPS, in seconds. Default 31,536,000, a year. */
  readonly maxAge?: number | undefined;
  /** Whether the rule also applies to all subdomains. Default true. */
  readonly includeSubDomains?: boolean | undefined;
  /** Whether browsers may include the site in their built-in list. Default false. */
  readonly preload?: boolean | undefined;
}

/** The options of `SecurityHeaders`. Each option is the name of a header, and false leaves the header out. */
export interface SecurityHeadersOptions {
  /** Directives that replace the defaults of the same name. */
  readonly contentSecurityPolicy?: ContentSecurityPolicy | false | undefined;
  /** Whether browsers only report violations of the content security policy. Default false. */
  readonly reportOnly?: boolean | undefined;
  /** Sent over HTTPS only. */
  readonly strictTransportSecurity?: StrictTransportSecurity | false | undefined;
  /** The origins that may use a feature of the browser: `"self"`, `"*"`, or origins. An empty array allows none. */
  readonly permissionsPolicy?: Readonly<Record<string, readonly string[] | false>> | false | undefined;
  /** Default `no-referrer`. */
  readonly referrerPolicy?: string | false | undefined;
  /** Default `DENY`. */
  readonly xFrameOptions?: "DENY" | "SAMEORIGIN" | false | undefined;
  /** Default `off`. */
  readonly xDnsPrefetchControl?: "on" | "off" | false | undefined;
  /** Default `none`. */
  readonly xPermittedCrossDomainPolicies?: string | false | undefined;
  /** Default `same-origin`. */
  readonly crossOriginOpenerPolicy?: string | false | undefined;
  /** Default `same-origin`. */
  readonly crossOriginResourcePolicy?: "same-origin" | "same-site" | "cross-origin" | false | undefined;
  /** Default false. `require-corp` blocks resources of other origins that do not allow it. */
  readonly crossOriginEmbedderPolicy?: "require-corp" | "credentialless" | "unsafe-none" | false | undefined;
  /** Default false. `no-store, max-age=0` keeps answers out of every cache, unless a handler sets another value. */
  readonly cacheControl?: string | false | undefined;
  /** Default false. The data that browsers delete, such as `["cache", "cookies", "storage"]`. */
  readonly clearSiteData?: readonly string[] | false | undefined;
}

const value = /^[\x20-\x7e]+$/;
const headerValue: OptionKind = {
  words: "a string that a header can carry",
  test: (given) => typeof given === "string" && value.test(given),
};
const orNo = (kind: OptionKind): OptionKind => either(kind, no);
const headerKinds: OptionKinds<SecurityHeadersOptions> = {
  contentSecurityPolicy: orNo(kinds.object),
  reportOnly: kinds.flag,
  strictTransportSecurity: orNo(kinds.object),
  permissionsPolicy: orNo(kinds.object),
  referrerPolicy: orNo(headerValue),
  xFrameOptions: orNo(oneOf("DENY", "SAMEORIGIN")),
  xDnsPrefetchControl: orNo(oneOf("on", "off")),
  xPermittedCrossDomainPolicies: orNo(headerValue),
  crossOriginOpenerPolicy: orNo(headerValue),
  crossOriginResourcePolicy: orNo(oneOf("same-origin", "same-site", "cross-origin")),
  crossOriginEmbedderPolicy: orNo(oneOf("require-corp", "credentialless", "unsafe-none")),
  cacheControl: orNo(headerValue),
  clearSiteData: orNo({
    words: 'an array of "cache", "cookies", "storage", "executionContexts", "clientHints" and "*"',
    test: (given) =>
      Array.isArray(given) &&
      given.length > 0 &&
      given.every((one) => /^(?:cache|cookies|storage|executionContexts|clientHints|\*)$/.test(one)),
  }),
};
const transportKinds: OptionKinds<StrictTransportSecurity> = {
  maxAge: kinds.count,
  includeSubDomains: kinds.flag,
  preload: kinds.flag,
};

const deniedFeatures =
  "accelerometer autoplay camera clipboard-read clipboard-write cross-origin-isolated display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid idle-detection keyboard-map magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock serial unload usb web-share xr-spatial-tracking";
const defaultPermissions: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(deniedFeatures.split(" ").map((feature) => [feature, []])),
  "sync-xhr": ["self"],
};

/**
 * Sets the headers of OWASP's list of secure headers, before handlers run. A header that a handler sets replaces them.
 * `Clear-Site-Data`, `Cache-Control` and `Cross-Origin-Embedder-Policy` are sent only if an option asks for them.
 */
export function SecurityHeaders(options: SecurityHeadersOptions = {}): Middleware {
  checkOptions<SecurityHeadersOptions>(options, "`SecurityHeaders`", headerKinds, (faults) =>
    findFaults(options, faults),
  );
  const { contentSecurityPolicy = {}, strictTransportSecurity = {}, reportOnly = false } = options;
  const policy =
    contentSecurityPolicy === false ? undefined : new SettledPolicy(contentSecurityPolicy, reportOnly);
  const transport = strictTransportSecurity === false ? undefined : toTransport(strictTransportSecurity);
  const fixed = toFixed(options);
  return function securityHeaders(req: Request, response: Response): void {
    const res = response as ServedResponse;
    const isSecure = isEncrypted(req as ServedRequest);
    for (const [name, text] of fixed) res.setHeader(name, text);
    if (isSecure && transport !== undefined) res.setHeader("Strict-Transport-Security", transport);
    policy?.apply(res, isSecure);
  };
}

// If a request has no forwarded headers, its proxies need not be checked.
function isEncrypted(req: ServedRequest): boolean {
  if (req.headers["x-forwarded-proto"] !== undefined) return req.protocol === "https";
  return "encrypted" in req.socket && req.socket.encrypted === true;
}

function toFixed(options: SecurityHeadersOptions): (readonly [name: string, text: string])[] {
  const { permissionsPolicy = {}, clearSiteData } = options;
  const permissions =
    permissionsPolicy !== false && toPermissions({ ...defaultPermissions, ...permissionsPolicy });
  const rows: [name: string, text: string | false | undefined][] = [
    ["Referrer-Policy", options.referrerPolicy ?? "no-referrer"],
    ["X-Frame-Options", options.xFrameOptions ?? "DENY"],
    ["X-DNS-Prefetch-Control", options.xDnsPrefetchControl ?? "off"],
    ["X-Permitted-Cross-Domain-Policies", options.xPermittedCrossDomainPolicies ?? "none"],
    ["X-Content-Type-Options", "nosniff"],
    ["Cross-Origin-Opener-Policy", options.crossOriginOpenerPolicy ?? "same-origin"],
    ["Cross-Origin-Resource-Policy", options.crossOriginResourcePolicy ?? "same-origin"],
    ["Cross-Origin-Embedder-Policy", options.crossOriginEmbedderPolicy],
    ["Permissions-Policy", permissions],
    ["Cache-Control", options.cacheControl],
    ["Clear-Site-Data", clearSiteData === false ? false : clearSiteData?.map((one) => `"${one}"`).join(", ")],
  ];
  return rows.flatMap(([name, text]) =>
    text === undefined || text === false || text === "" ? [] : [[name, text]],
  );
}

function toTransport({
  maxAge = 31_536_000,
  includeSubDomains = true,
  preload,
}: StrictTransportSecurity): string {
  return [
    `max-age=${maxAge}`,
    ...(includeSubDomains ? ["includeSubDomains"] : []),
    ...(preload ? ["preload"] : []),
  ].join("; ");
}

function toPermissions(policy: Readonly<Record<string, readonly string[] | false>>): string {
  return Object.entries(policy)
    .flatMap(([feature, allowed]) => {
      if (allowed === false) return [];
      if (allowed.includes("*")) return [`${feature}=*`];
      return [`${feature}=(${allowed.map((one) => (one === "self" ? one : `"${one}"`)).join(" ")})`];
    })
    .join(", ");
}

function findFaults(options: SecurityHeadersOptions, faults: Faults): void {
  const { contentSecurityPolicy, strictTransportSecurity, permissionsPolicy } = options;
  if (contentSecurityPolicy && !faults.has("contentSecurityPolicy"))
    checkPolicy(contentSecurityPolicy, faults);
  if (strictTransportSecurity) {
    faults.attempt("strictTransportSecurity", () =>
      checkOptions(strictTransportSecurity, "`strictTransportSecurity`", transportKinds),
    );
  }
  if (!permissionsPolicy || faults.has("permissionsPolicy")) return;
  for (const [feature, allowed] of Object.entries(permissionsPolicy)) {
    const path = `permissionsPolicy.${feature}`;
    if (!/^[a-z][a-z-]*$/.test(feature)) {
      faults.add(
        path,
        `${JSON.stringify(feature)} is not a feature of a permissions policy, such as "camera".`,
      );
    } else if (!isAllowlist(allowed)) {
      faults.add(
        path,
        `"${feature}" of the permissions policy must be false, or an array of "self", "*" and origins.`,
      );
    }
  }
}

function isAllowlist(allowed: unknown): boolean {
  if (allowed === false) return true;
  return (
    Array.isArray(allowed) &&
    allowed.every((one) => one === "self" || one === "*" || /^https?:\/\/[\w.*[\]:-]+$/.test(String(one)))
  );
}
