import { kPolicy } from "../exchange/internal.js";
import type { NoncePolicy, ServedResponse } from "../exchange/served.js";
import { Faults } from "../options/check-options.js";
import type { OptionKind } from "../options/kinds.js";
import { loadCrypto } from "../platform/builtins.js";

const directiveNames = [
  "default-src",
  "script-src",
  "script-src-elem",
  "script-src-attr",
  "style-src",
  "style-src-elem",
  "style-src-attr",
  "img-src",
  "font-src",
  "connect-src",
  "media-src",
  "object-src",
  "frame-src",
  "child-src",
  "fenced-frame-src",
  "worker-src",
  "manifest-src",
  "base-uri",
  "form-action",
  "frame-ancestors",
  "sandbox",
  "report-uri",
  "report-to",
  "require-trusted-types-for",
  "trusted-types",
  "upgrade-insecure-requests",
] as const;

/**
 * The directives of a content security policy, by name. A string or an array contains the sources; `'nonce'` is
 * replaced by the nonce of the answer, if the answer has one. True is a directive without sources, and false leaves a
 * directive out.
 */
export type ContentSecurityPolicy = {
  readonly [Name in (typeof directiveNames)[number]]?: string | readonly string[] | boolean | undefined;
};

const defaults: ContentSecurityPolicy = {
  "default-src": "'self'",
  "base-uri": "'self'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
  "object-src": "'none'",
  "script-src": "'self' 'nonce'",
  "style-src": "'self' 'nonce'",
  "upgrade-insecure-requests": true,
};

const directiveKind: OptionKind = {
  words: "a string of sources, an array of these, or true or false",
  test: (value) =>
    typeof value === "string" ||
    typeof value === "boolean" ||
    (Array.isArray(value) && value.every((one) => typeof one === "string")),
};
const directiveKinds = Object.fromEntries(directiveNames.map((name) => [name, directiveKind])) as Record<
  (typeof directiveNames)[number],
  OptionKind
>;
const nonceSource = "'nonce'";
const source = /^[\x21-\x2b\x2d-\x3a\x3c-\x7e]+$/;
const fetchNames = /-src(?:-|$)|^(?:base-uri|form-action|frame-ancestors)$/;
const keywords =
  /^(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|wasm-unsafe-eval|nonce|(?:nonce|sha256|sha384|sha512)-.+)$/i;

/** Notes the mistakes in the directives of a policy. */
export function checkPolicy(policy: object, faults: Faults): void {
  faults.attempt("contentSecurityPolicy", () => {
    const own = new Faults();
    if (own.check<Required<ContentSecurityPolicy>>(policy, "A content security policy", directiveKinds)) {
      for (const [name, value] of Object.entries(policy)) {
        if (own.has(name) || typeof value === "boolean") continue;
        for (const one of toSources(value)) checkSource(name, one, own);
      }
    }
    own.throw("A content security policy");
  });
}

function checkSource(name: string, one: string, faults: Faults): void {
  if (!source.test(one)) {
    faults.add(
      name,
      `${JSON.stringify(one)} of "${name}" is not a source: a source has no space, comma or semicolon.`,
    );
  } else if (fetchNames.test(name) && keywords.test(one)) {
    faults.add(
      name,
      `Browsers read "${one}" of "${name}" as a host. Write the keyword with its quotes: "'${one}'".`,
    );
  }
}

/** A policy with its defaults. All answers share it, but an answer whose nonce is read gets its own policy. */
export class SettledPolicy implements NoncePolicy {
  readonly nonce: undefined = undefined;
  readonly header: string;
  /** Whether a directive contains a placeholder for the nonce. */
  readonly takesNonce: boolean;
  readonly #plain: string;
  readonly #secure: string;
  readonly #toText: (isSecure: boolean, nonce: string | undefined) => string;

  /** @param policy Replaces the default directives of the same name. */
  constructor(policy: ContentSecurityPolicy, reportOnly: boolean) {
    this.header = reportOnly ? "Content-Security-Policy-Report-Only" : "Content-Security-Policy";
    const directives = Object.entries({ ...defaults, ...withoutUndefined(policy) })
      // With `reportOnly`, browsers do not upgrade requests, and would warn about the directive.
      .filter(([name, value]) => value !== false && !(reportOnly && name === "upgrade-insecure-requests"))
      .map(([name, value]) => ({ name, sources: value === true ? [] : toSources(value) }));
    this.#toText = (isSecure, nonce) =>
      directives
        // Over plain HTTP, the directive would send requests for scripts and styles to a port where nothing listens.
        .filter(({ name }) => isSecure || name !== "upgrade-insecure-requests")
        .map(({ name, sources }) => [name, ...fillIn(sources, nonce)].join(" "))
        .join("; ");
    this.#plain = this.#toText(false, undefined);
    this.#secure = this.#toText(true, undefined);
    this.takesNonce = directives.some(({ sources }) => sources.includes(nonceSource));
  }

  /** Sets the header, and adds the nonce when it is read. */
  apply(res: ServedResponse, isSecure: boolean): void {
    res.setHeader(this.header, isSecure ? this.#secure : this.#plain);
    if (this.takesNonce) res[kPolicy] = this;
  }

  readNonce(res: ServedResponse): string | undefined {
    const present = res.getHeader(this.header);
    // Other code has set its own policy, which would not allow the nonce.
    if (res.headersSent || (present !== this.#plain && present !== this.#secure)) return undefined;
    const nonce = loadCrypto().randomBytes(16).toString("base64");
    res.setHeader(this.header, this.#toText(present === this.#secure, nonce));
    res[kPolicy] = { nonce, readNonce: () => nonce };
    return nonce;
  }
}

function fillIn(sources: readonly string[], nonce: string | undefined): readonly string[] {
  if (!sources.includes(nonceSource)) return sources;
  const rest = sources.filter((one) => one !== nonceSource);
  if (nonce !== undefined) return [...rest, `'nonce-${nonce}'`];
  return rest.length === 0 ? ["'none'"] : rest;
}

function toSources(value: string | readonly string[] | boolean | undefined): readonly string[] {
  if (typeof value === "boolean" || value === undefined) return [];
  return typeof value === "string" ? value.split(" ").filter((one) => one !== "") : value;
}

function withoutUndefined(policy: ContentSecurityPolicy): ContentSecurityPolicy {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}
