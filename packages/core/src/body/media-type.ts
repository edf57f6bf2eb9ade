/** A `Content-Type`, in parts. */
export interface MediaType {
  /** The type in lower case, such as `application/json`. */
  readonly type: string;
  /** The charset in lower case, without quotes. */
  readonly charset: string | undefined;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

let lastHeader: string | undefined;
let lastType: MediaType | undefined;

/** Parses a `Content-Type`. Returns `undefined` if there is none, or if it is malformed. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  if (header === undefined) return undefined;
  // The clients of one server mostly send the same header.
  if (header !== lastHeader) {
    lastType = parseHeader(header);
    lastHeader = header;
  }
  return lastType;
}

// A quoted value may contain semicolons (RFC 9110 5.6.6).
const parameter = /;[ \t]*([^\s;="]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g;

function parseHeader(header: string): MediaType | undefined {
  const semicolon = header.indexOf(";");
  const type = trimBlanks(semicolon === -1 ? header : header.slice(0, semicolon)).toLowerCase();
  if (!token.test(type)) return undefined;
  if (semicolon === -1) return { type, charset: undefined };
  for (const [, name = "", quoted, plain = ""] of header.slice(semicolon).matchAll(parameter)) {
    if (name.toLowerCase() !== "charset") continue;
    return { type, charset: (quoted?.replace(/\\(.)/g, "$1") ?? trimBlanks(plain)).toLowerCase() };
  }
  return { type, charset: undefined };
}

// RFC 9110 5.6.3: the only white space in a header is spaces and tabs.
function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(char: number): boolean {
  return char === 32 || char === 9;
}
