import { Place, rootPlace } from "../issue/place.js";

/** Where a piece of source stands. */
export interface Spot {
  /** Whether the first fault ends the function with `refused`, unexplained. */
  readonly quiet: boolean;
  /** The place in the value, where it is the same for all values. */
  readonly fixed?: Place | undefined;
  /** The fixed place of a list, the variable of an index, and the keys from the item on, where this is all. */
  readonly item?: { readonly list: Place; readonly index: string; readonly keys: readonly string[] };
  /** The source of the place, where values decide it. */
  readonly place: string;
  /** The source of the level of the function's own value, and how many levels deeper this is. */
  readonly base: string;
  readonly level: number;
}

/** In the function of the schema. */
export function rootSpot(quiet: boolean): Spot {
  return { quiet, fixed: rootPlace, place: "", base: "0", level: 1 };
}

/** In a function of its own, which is given its place and its level. */
export function functionSpot(quiet: boolean): Spot {
  return { quiet, place: "place", base: "level", level: 0 };
}

/** In a property that the schema names. */
export function inProperty(spot: Spot, key: string): Spot {
  const inner = { ...spot, level: spot.level + 1 };
  if (spot.quiet) return inner;
  if (spot.fixed !== undefined) return { ...inner, fixed: new Place(spot.fixed, key) };
  const place = `placeIn(${spot.place}, ${JSON.stringify(key)})`;
  const { item } = spot;
  return item === undefined
    ? { ...inner, place }
    : { ...inner, place, item: { ...item, keys: [...item.keys, key] } };
}

/**
 * In what has a key that values decide.
 * @param key the source of the key
 * @param place the source of the place of what has it
 */
export function inKey(spot: Spot, key: string, place: string): Spot {
  const { quiet, base, level } = spot;
  return { quiet, place: quiet ? "" : `placeIn(${place}, ${key})`, base, level: level + 1 };
}

/** The source of the level. */
export function levelOf({ base, level }: Spot): string {
  return base === "0" ? String(level) : level === 0 ? base : `${base} + ${level}`;
}
