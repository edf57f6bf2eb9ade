/** The string types that check the format of a string. */
export type StringFormat = "email" | "url" | "uuid" | "regex";

// Every pattern takes linear time: each character can match in only one way, or the number of backtracking steps is
// bounded. JSON Schema contains the same patterns and reads them with the flag `u`. Here the flag is left out, because
// it makes them slower.

/** The pattern of the HTML specification for e-mail inputs. This one also requires a dot in the domain. */
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** The longest address that mail can carry (RFC 5321). */
const longestEmail = 254;

/**
 * The same pattern without the limits of 64 characters before the @ and of 63 characters for a label. A short address
 * cannot exceed these limits, and counted repetitions make a pattern half as fast.
 */
const shortEmailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)+$/;
const longestShortEmail = 64;

const uuidPattern = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/;

/**
 * RFC 3986 for http and https, without user names. It also allows brackets in queries, because browsers do not escape
 * them. The last label of a host name begins with a letter, because a numeric last label makes the host an IPv4
 * address.
 */
const urlPattern: RegExp = (() => {
  const byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  const group = "[0-9A-Fa-f]{1,4}";
  const ipv6 = [
    `(?:${group}:){7}${group}`,
    ...[1, 2, 3, 4, 5, 6].map((count) => `(?:${group}:){${count}}(?::${group}){1,${7 - count}}`),
    `(?:${group}:){1,7}:`,
    `:(?::${group}){1,7}`,
    "::",
  ].join("|");
  const name = "(?:[A-Za-z0-9_\\-]{1,63}\\.)*[A-Za-z][A-Za-z0-9_\\-]{0,62}\\.?";
  const port = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})";
  const character = (more: string) => `(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/${more}]|%[0-9A-Fa-f]{2})`;
  return new RegExp(
    `^[Hh][Tt][Tt][Pp][Ss]?://(?:${byte}(?:\\.${byte}){3}|\\[(?:${ipv6})\\]|${name})(?::${port})?` +
      `(?:/${character("")}*)?(?:\\?${character("?\\[\\]")}*)?(?:#${character("?")}*)?$`,
  );
})();

/** For each format, a function that tests whether a string has this format. */
export const formatTests: Readonly<Record<StringFormat, (text: string) => boolean>> = {
  email: isEmail,
  url: (text) => urlPattern.test(text),
  uuid: (text) => uuidPattern.test(text),
  regex: isPattern,
};

/** The JSON Schema of a format: its name, and keywords with which other validators accept the same strings. */
export interface FormatKeywords {
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
}

export const formatKeywords: Readonly<Record<StringFormat, FormatKeywords>> = {
  email: { format: "email", pattern: emailPattern.source, maxLength: longestEmail },
  url: { format: "uri", pattern: urlPattern.source },
  uuid: { format: "uuid", pattern: uuidPattern.source },
  regex: { format: "regex" },
};

function isEmail(text: string): boolean {
  if (text.length <= longestShortEmail) return shortEmailPattern.test(text);
  return text.length <= longestEmail && emailPattern.test(text);
}

// The constructor of RegExp only parses the pattern. This package never runs it.
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
