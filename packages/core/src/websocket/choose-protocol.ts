/** Words that announce the token behind them, and are no secret themselves. */
const announcement =
  /^(?:bearer|basic|token|access[-_]?token|id[-_]?token|auth(?:orization)?|jwt|api[-_]?key)$/i;
/** A name that contains such a word may carry a token too, as in `bearer.eyJ...` or `api-key-123`. */
const secretWord = /token|secret|passw|key|auth|bearer|jwt|session/i;
/** The beginning of a JSON Web Token, a UUID, and a long string of letters and digits. */
const secretForm = /(?:^|[^\w])eyJ|[\da-f]{8}-[\da-f]{4}-|(?=[^\d]*\d)[\w=~+]{20,}/i;
const longestName = 64;

/**
 * Chooses the subprotocol of a socket: the first name of the server that the client offers. A server without names takes
 * the first name that does not look like a token, because pages send tokens as subprotocols, and the choice is told in
 * the answer, where logs and proxies see it.
 *
 * @param known The names that the server speaks.
 * @param prefixes The beginnings of names in which session handlers look for tokens.
 */
export function chooseProtocol(
  offered: ReadonlySet<string>,
  known: readonly string[] | undefined,
  prefixes: readonly string[],
): string | false {
  if (known !== undefined) return known.find((name) => offered.has(name)) ?? false;
  for (const name of offered)
    if (!prefixes.some((prefix) => name.startsWith(prefix)) && !looksSecret(name)) return name;
  return false;
}

function looksSecret(name: string): boolean {
  if (announcement.test(name)) return false;
  return name.length > longestName || secretWord.test(name) || secretForm.test(name);
}
