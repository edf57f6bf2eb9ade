/** A part of a file, including both ends. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

// Only an attacker needs more ranges.
const most = 16;

/**
 * Parses a `Range` header (RFC 9110 14.1.2). Ranges that overlap are joined.
 *
 * @param size The length of the file in bytes.
 * @returns The ranges, an empty array if no range lies in the file, or `undefined` if there is no header or it is to be
 *   ignored (malformed, not in bytes, or too many ranges).
 */
export function parseRanges(header: string | undefined, size: number): readonly ByteRange[] | undefined {
  const [, list] = /^bytes=(.*)$/i.exec(header ?? "") ?? [];
  if (list === undefined) return undefined;
  const specs = list
    .split(",")
    .map((spec) => spec.trim())
    .filter((spec) => spec !== "");
  if (specs.length === 0 || specs.length > most) return undefined;
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
    if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
    if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
    const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
    // A range of the last 0 bytes is not a range either.
    if (start <= end && (first !== "" || Number(last) > 0)) ranges.push({ start, end });
  }
  return unite(ranges);
}

function unite(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  const overlaps = sorted.some((range, index) => range.start <= (sorted[index - 1]?.end ?? -1));
  // Ranges that do not overlap keep the order of the request.
  if (!overlaps) return ranges;
  const united: ByteRange[] = [];
  for (const range of sorted) {
    const last = united.at(-1);
    if (last !== undefined && range.start <= last.end) {
      united[united.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      united.push(range);
    }
  }
  return united;
}
