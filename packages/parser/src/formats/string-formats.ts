/** Strings with a grammar of their own. */
export type StringFormat = "email" | "url" | "uuid" | "regex";

// Every pattern here can match each character in one way only, or backtracks a bounded number of times, so all are
// linear. JSON Schema gets them too and reads them with the flag `u`, which would only make them slow here.

/** The HTML specification's pattern for e-mail inputs, which here also requires a dot in the domain. */
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** The longest address that mail can carry (RFC 5321). */
const longestEmail = 254;

/**
 * The same pattern without its limits of 64 characters to the left of the @ and 63 for a label. A short address keeps
 * these limits anyway, and counting repetitions makes a pattern half as fast.
 */
const shortEmailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)+$/;
const longestShortEmail = 64;

const uuidPattern = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/;

/**
 * RFC 3986 for http and https, without user names, and with the brackets in queries that browsers leave as they are.
 * The last label of a name begins with a letter, since a label that looks like a number makes the host an IPv4 address.
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

/** Tells whether a string has a format. */
export const formatTests: Readonly<Record<StringFormat, (text: string) => boolean>> = {
  email: isEmail,
  url: (text) => urlPattern.test(text),
  uuid: (text) => uuidPattern.test(text),
  regex: isPattern,
};

/**
 * JSON Schema's description of a format: its name there, and the keywords that make other validators decide the same.
 */
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

// Making a RegExp only reads the pattern. The program that runs it must accept its cost.
function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
