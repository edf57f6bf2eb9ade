// The HTML of the page that is being written, as UTF-8. Writing bytes one after the other, and copying them in the end,
// takes less time and memory than joining thousands of strings.

/** HTML that never changes, as UTF-8. It is written four bytes at a time, and what is beyond its end is overwritten. */
export interface Literal {
  readonly words: Int32Array;
  /** In bytes. */
  readonly length: number;
}

const usualSize = 64 * 1024;
/** A larger array is not kept for the next page. */
const mostKept = 1024 * 1024;
/** The size of the arrays that several pages share. Each page that waits for its client keeps one in memory. */
const sharedSize = 64 * 1024;
/** Longer texts are written by the functions of Node, which are slow to begin and fast to copy. */
const longest = 128;
/** The bytes of the longest escape, and more than those of any character. */
const mostPerUnit = 6;

// A component can render another page while its own is being written. The inner page is above the outer one, and is
// taken away before the outer one goes on.
let bytes = Buffer.allocUnsafeSlow(usualSize);
let view = new DataView(bytes.buffer);
let length = 0;
// An array of its own would take a page longer than its copy.
let shared = Buffer.alloc(0);
/** The number of bytes of the shared array that pages have taken. */
let sharedLength = 0;
/** Whether there may be a character beyond ASCII among the bytes. */
let isWide = false;
let hasWideLiterals = false;

const special = /[&<>"'\r]/;
/** 1 for each character of ASCII that is written as an entity. */
const entities = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(special.test(String.fromCharCode(code))),
);

/** Makes a literal of a text, without escapes. */
export function toLiteral(text: string): Literal {
  const encoded = Buffer.from(text);
  if (encoded.length !== text.length) hasWideLiterals = true;
  return toWords(encoded);
}

function toWords(encoded: Uint8Array): Literal {
  const padded = Buffer.alloc(Math.ceil(encoded.length / 4) * 4);
  padded.set(encoded);
  const words = Int32Array.from({ length: padded.length / 4 }, (_, index) => padded.readInt32LE(index * 4));
  return { words, length: encoded.length };
}

/** The number of bytes that are written: the position of the next one. */
export function position(): number {
  return length;
}

/** Takes back everything from a position on. */
export function truncate(from: number): void {
  length = from;
}

/** Takes away everything from a position on, and returns its text. */
export function take(from: number): string {
  const text = bytes.toString(isWide || hasWideLiterals ? "utf8" : "latin1", from, length);
  drop(from);
  return text;
}

/** Takes away everything from a position on, and returns its bytes. */
export function takeBytes(from: number): Uint8Array {
  const size = length - from;
  if (shared.length - sharedLength < size) {
    shared = Buffer.allocUnsafeSlow(Math.max(sharedSize, size));
    sharedLength = 0;
  }
  const taken = shared.subarray(sharedLength, sharedLength + size);
  sharedLength += size;
  bytes.copy(taken, 0, from, length);
  drop(from);
  return taken;
}

/** Takes away everything from a position on. */
export function drop(from: number): void {
  length = from;
  if (from > 0) return;
  isWide = false;
  if (bytes.length > mostKept) use(Buffer.allocUnsafeSlow(usualSize));
}

/** A copy of the bytes from a position on. */
export function copyFrom(from: number): Literal {
  return toWords(bytes.subarray(from, length));
}

/** The byte at a position; undefined at the end. */
export function byteAt(index: number): number | undefined {
  return index < length ? bytes[index] : undefined;
}

/** Inserts a character of ASCII. */
export function insert(index: number, code: number): void {
  reserve(1);
  bytes.copyWithin(index + 1, index, length);
  bytes[index] = code;
  length++;
}

/** Writes one character of ASCII, as it is. */
export function writeByte(code: number): void {
  if (length === bytes.length) reserve(1);
  bytes[length++] = code;
}

export function writeLiteral({ words, length: added }: Literal): void {
  if (bytes.length - length < added + 4) reserve(added + 4);
  const target = view;
  for (let index = 0, end = length; index < words.length; index++, end += 4) {
    target.setInt32(end, words[index] as number, true);
  }
  length += added;
}

/** Writes HTML, as it is. */
export function writeHTML(html: string): void {
  const count = html.length;
  if (count > longest) {
    writeWhole(html);
    return;
  }
  reserve(count * mostPerUnit);
  for (let index = 0; index < count; index++) {
    const code = html.charCodeAt(index);
    if (code > 127) {
      writeWhole(html.slice(index));
      return;
    }
    bytes[length++] = code;
  }
}

/** Writes text in the form in which it is safe in HTML, as content or in a quoted attribute. */
export function writeText(text: string): void {
  const count = text.length;
  if (count > longest) {
    writeLong(text);
    return;
  }
  if (bytes.length - length < count * mostPerUnit) reserve(count * mostPerUnit);
  const target = bytes;
  let end = length;
  for (let index = 0; index < count; index++) {
    const code = text.charCodeAt(index);
    if (code < 128 && entities[code] === 0) {
      target[end++] = code;
      continue;
    }
    if (code > 127) {
      length = end;
      index = writeCharacter(text, index);
      end = length;
      continue;
    }
    switch (code) {
      case 13: // &#13;, which a parser does not read as a line feed
        target[end++] = 38;
        target[end++] = 35;
        target[end++] = 49;
        target[end++] = 51;
        target[end++] = 59;
        break;
      case 34: // &quot;
        target[end++] = 38;
        target[end++] = 113;
        target[end++] = 117;
        target[end++] = 111;
        target[end++] = 116;
        target[end++] = 59;
        break;
      case 38: // &amp;
        target[end++] = 38;
        target[end++] = 97;
        target[end++] = 109;
        target[end++] = 112;
        target[end++] = 59;
        break;
      case 39: // &#39;
        target[end++] = 38;
        target[end++] = 35;
        target[end++] = 51;
        target[end++] = 57;
        target[end++] = 59;
        break;
      case 60: // &lt;
        target[end++] = 38;
        target[end++] = 108;
        target[end++] = 116;
        target[end++] = 59;
        break;
      case 62: // &gt;
        target[end++] = 38;
        target[end++] = 103;
        target[end++] = 116;
        target[end++] = 59;
    }
  }
  length = end;
}

function writeLong(text: string): void {
  let rest = text;
  while (rest.length > longest) {
    const found = rest.search(special);
    if (found === -1) {
      writeWhole(rest);
      return;
    }
    // The text in front of the character needs no escape. A pair stays together.
    if (found > 0) writeHTML(rest.slice(0, found));
    let end = Math.min(found + longest, rest.length);
    if (end < rest.length && isFirstHalf(rest.charCodeAt(end - 1))) end--;
    writeText(rest.slice(found, end));
    rest = rest.slice(end);
  }
  writeText(rest);
}

function isFirstHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** Writes the character at an index, and returns the index of its last unit. */
function writeCharacter(text: string, index: number): number {
  isWide = true;
  const code = text.codePointAt(index) as number;
  if (code < 0x800) {
    bytes[length++] = 0xc0 | (code >> 6);
  } else if (code < 0x10000) {
    // Half of a pair is no character: UTF-8 has none for it.
    const known = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    bytes[length++] = 0xe0 | (known >> 12);
    bytes[length++] = 0x80 | ((known >> 6) & 0x3f);
    bytes[length++] = 0x80 | (known & 0x3f);
    return index;
  } else {
    bytes[length++] = 0xf0 | (code >> 18);
    bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
    bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
    bytes[length++] = 0x80 | (code & 0x3f);
    return index + 1;
  }
  bytes[length++] = 0x80 | (code & 0x3f);
  return index;
}

function writeWhole(html: string): void {
  reserve(html.length * 3);
  const count = bytes.write(html, length);
  if (count !== html.length) isWide = true;
  length += count;
}

/** Makes room for that many more bytes. */
function reserve(count: number): void {
  if (bytes.length - length >= count) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, length + count));
  bytes.copy(larger, 0, 0, length);
  use(larger);
}

function use(array: typeof bytes): void {
  bytes = array;
  view = new DataView(array.buffer);
}
