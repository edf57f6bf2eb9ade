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

function parseHeader(header: string): MediaType | undefined {
  const [name = "", ...parameters] = header.split(";");
  const type = trimBlanks(name).toLowerCase();
  if (!token.test(type)) return undefined;
  let charset: string | undefined;
  for (const parameter of parameters) {
    const equals = parameter.indexOf("=");
    if (equals === -1 || trimBlanks(parameter.slice(0, equals)).toLowerCase() !== "charset") continue;
    const value = trimBlanks(parameter.slice(equals + 1)).toLowerCase();
    charset = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    break;
  }
  return { type, charset };
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
