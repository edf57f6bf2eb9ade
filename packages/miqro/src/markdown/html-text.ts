const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// The named references that Markdown needs. Any other name stays unchanged, and is then escaped like other text.
const names: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  colon: ":",
  Tab: "\t",
  NewLine: "\n",
  nbsp: "\u00a0",
};

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos|colon|Tab|NewLine|nbsp));/g;

/** Escapes text for HTML, also for attributes. */
export function toHTMLText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** Replaces character references by their characters. */
export function decodeReferences(text: string): string {
  return text.replaceAll(reference, decodeOne);
}

function decodeOne(_: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return names[name] ?? "";
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

/** A text without character references that knows where its characters were written. */
export interface DecodedText {
  readonly text: string;
  /** The position at which the character at an index begins in the text with references. */
  placeOf(index: number): number;
}

/** Replaces character references, and remembers where they were. */
export function decodeWithPlaces(written: string): DecodedText {
  if (!written.includes("&")) return { text: written, placeOf: (index) => index };
  // Behind each reference: its end in the decoded text, and how much shorter that text is.
  const ends: { readonly at: number; readonly saved: number }[] = [];
  let saved = 0;
  const text = written.replaceAll(reference, (match, ...groups) => {
    const [decimal, hex, name, offset] = groups as [string?, string?, string?, number?];
    const one = decodeOne(match, decimal, hex, name);
    const at = (offset as number) - saved + one.length;
    saved += match.length - one.length;
    ends.push({ at, saved });
    return one;
  });
  return { text, placeOf: (index) => index + (ends.findLast(({ at }) => at <= index)?.saved ?? 0) };
}
