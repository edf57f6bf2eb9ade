import { isCount } from "../cache/cache-change.js";

/** Splits an id into its time and its position. The position is -1 if the text is not an id. */
export function splitId(id: string): readonly [string, number] {
  const at = id.lastIndexOf("-");
  const seq = Number(id.slice(at + 1));
  return at > 0 && isCount(seq) ? [id.slice(0, at), seq] : ["", -1];
}
