/** Whether a Content Security Policy allows inline scripts, and the nonce that they need. */
export interface InlineScripts {
  readonly run: boolean;
  readonly nonce: string | undefined;
}

/**
 * Tells whether an inline script runs under a policy.
 *
 * @param policy the value of a `Content-Security-Policy` header; if it contains several policies, all of them must
 *   allow the script
 * @param nonce the nonce of the script; by default the first nonce of the policy
 */
export function readInlineScripts(policy: string, nonce?: string): InlineScripts {
  const lists = policy.split(",").flatMap(scriptSources);
  const own = nonce ?? nonceOf(lists.flat());
  return { run: lists.every((sources) => allows(sources, own)), nonce: own };
}

/**
 * Returns the allowed sources of inline scripts of one policy. The result is empty if the policy does not restrict
 * scripts.
 */
function scriptSources(policy: string): string[][] {
  const directives = new Map<string, string[]>();
  for (const directive of policy.split(";")) {
    const [name = "", ...values] = directive.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    // If a directive occurs twice, browsers use the first one.
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
  // With one of these sources, browsers ignore 'unsafe-inline'. Only older browsers use it then.
  const isStrict = keywords.some((source) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/.test(source));
  return keywords.includes("'unsafe-inline'") && !isStrict;
}

function nonceOf(sources: readonly string[]): string | undefined {
  return nonceSources(sources)[0];
}

function nonceSources(sources: readonly string[]): string[] {
  return sources.flatMap((source) => /^'nonce-([A-Za-z0-9+/_-]+={0,2})'$/i.exec(source)?.[1] ?? []);
}
