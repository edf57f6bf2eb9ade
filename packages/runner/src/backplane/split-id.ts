import { isCount } from "../cache/cache-change.js";

/** Parts an id into the time it belongs to and its place; the place is -1 where it is no id. */
export function splitId(id: string): readonly [string, number] {
  const at = id.lastIndexOf("-");
  const seq = Number(id.slice(at + 1));
  return at > 0 && isCount(seq) ? [id.slice(0, at), seq] : ["", -1];
}
