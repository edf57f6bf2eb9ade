/** The rules of a content security policy for inline scripts: whether they run, and the nonce that lets them run. */
export interface InlineScripts {
  readonly run: boolean;
  readonly nonce: string | undefined;
}

/**
 * Tells whether an inline script runs under a policy.
 *
 * @param policy the value of a `Content-Security-Policy` header; if it holds several policies, all must allow the
 *   script
 * @param nonce the nonce of the script; by default the first nonce of the policy
 */
export function readInlineScripts(policy: string, nonce?: string): InlineScripts {
  const lists = policy.split(",").flatMap(scriptSources);
  const own = nonce ?? nonceOf(lists.flat());
  return { run: lists.every((sources) => allows(sources, own)), nonce: own };
}

/** The sources for inline scripts of one policy; undefined if the policy does not restrict scripts. */
function scriptSources(policy: string): string[][] {
  const directives = new Map<string, string[]>();
  for (const directive of policy.split(";")) {
    const [name = "", ...values] = directive.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    // If a directive occurs twice, the first one counts.
    if (!directives.has(key)) directives.set(key, values);
  }
  const sandbox = directives.get("sandbox");
  if (sandbox !== undefined && !sandbox.some((value) => value.toLowerCase() === "allow-scripts")) return [[]];
  for (const name of ["script-src-elem", "script-src", "default-src"]) {
    const sources = directives.get(name);
    if (sources !== undefined) return [sources];
  }
  return [];
}

function allows(sources: readonly string[], nonce: string | undefined): boolean {
  if (nonce !== undefined && nonceSources(sources).includes(nonce)) return true;
  const keywords = sources.map((source) => source.toLowerCase());
  // If a source is one of these, browsers ignore 'unsafe-inline', which is then meant for older browsers.
  const isStrict = keywords.some((source) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/.test(source));
  return keywords.includes("'unsafe-inline'") && !isStrict;
}

function nonceOf(sources: readonly string[]): string | undefined {
  return nonceSources(sources)[0];
}

function nonceSources(sources: readonly string[]): string[] {
  return sources.flatMap((source) => /^'nonce-([A-Za-z0-9+/_-]+={0,2})'$/i.exec(source)?.[1] ?? []);
}
