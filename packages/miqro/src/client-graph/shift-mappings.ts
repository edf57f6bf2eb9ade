import type { Edit } from "./browser-source.js";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map(Array.from(digits, (digit, value) => [digit, value]));

interface Shift {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/**
 * Changes the generated columns of a source map to their positions after edits.
 * @param mappings the `mappings` of the map
 * @param text the text before the edits
 * @param edits the edits of that text; none of them changes the number of lines
 */
export function shiftMappings(mappings: string, text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return mappings;
  const shifts = shiftsByLine(text, edits);
  const lines = mappings.split(";");
  for (const [line, found] of shifts) {
    const segments = lines[line];
    if (segments !== undefined && segments !== "") lines[line] = shiftLine(segments, found);
  }
  return lines.join(";");
}

/** The edits of each line, ordered by column. */
function shiftsByLine(text: string, edits: readonly Edit[]): ReadonlyMap<number, readonly Shift[]> {
  const shifts = new Map<number, Shift[]>();
  let line = 0;
  let lineStart = 0;
  for (const { start, end, text: replacement } of edits.toSorted((one, other) => one.start - other.start)) {
    for (let next = text.indexOf("\n", lineStart); next !== -1 && next < start; ) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf("\n", lineStart);
    }
    const found = shifts.get(line) ?? [];
    shifts.set(line, found);
    const breakAt = text.slice(start, end).indexOf("\n");
    const last = breakAt === -1 ? end : start + breakAt;
    found.push({
      start: start - lineStart,
      end: last - lineStart,
      length: replacement.split("\n")[0]?.length ?? 0,
    });
  }
  return shifts;
}

// The first field of a segment is the column, relative to the segment before; the other fields do not change.
function shiftLine(segments: string, shifts: readonly Shift[]): string {
  let column = 0;
  let written = 0;
  return segments
    .split(",")
    .map((segment) => {
      const { value, length } = decodeFirst(segment);
      column += value;
      const moved = shifted(column, shifts);
      const result = encode(moved - written) + segment.slice(length);
      written = moved;
      return result;
    })
    .join(",");
}

function shifted(column: number, shifts: readonly Shift[]): number {
  let delta = 0;
  for (const { start, end, length } of shifts) {
    if (start > column) break;
    if (end > column) return start + delta;
    delta += length - (end - start);
  }
  return column + delta;
}

function decodeFirst(segment: string): { readonly value: number; readonly length: number } {
  let value = 0;
  let shift = 0;
  let length = 0;
  for (const digit of segment) {
    const bits = values.get(digit) ?? 0;
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    length += 1;
    if ((bits & 32) === 0) break;
  }
  const isNegative = value % 2 === 1;
  value = Math.floor(value / 2);
  return { value: isNegative ? -value : value, length };
}

function encode(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let result = "";
  do {
    const bits = rest % 32;
    rest = Math.floor(rest / 32);
    result += digits[rest > 0 ? bits + 32 : bits];
  } while (rest > 0);
  return result;
}
