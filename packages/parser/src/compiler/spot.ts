import { Place, rootPlace } from "../issue/place.js";

/** The position of a piece of source within the check of a value. */
export interface Spot {
  /** Whether the first fault ends the function with `refused`, without an explanation. */
  readonly quiet: boolean;
  /** The place in the value, if it is the same for all values. */
  readonly fixed?: Place | undefined;
  /** For items: the fixed place of the array, the variable of the index, and the keys that follow the item. */
  readonly item?: { readonly list: Place; readonly index: string; readonly keys: readonly string[] };
  /** The source that gives the place, if it depends on the value. */
  readonly place: string;
  /** The source of the level of the function's own value, and how many levels deeper this position is. */
  readonly base: string;
  readonly level: number;
}

/** The position in the function of the schema. */
export function rootSpot(quiet: boolean): Spot {
  return { quiet, fixed: rootPlace, place: "", base: "0", level: 1 };
}

/** The position in a function of its own, which gets its place and its level as arguments. */
export function functionSpot(quiet: boolean): Spot {
  return { quiet, place: "place", base: "level", level: 0 };
}

/** The position in a property that the schema names. */
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
 * The position under a key that depends on the value.
 * @param key the source of the key
 * @param place the source of the place of the value that has the key
 */
export function inKey(spot: Spot, key: string, place: string): Spot {
  const { quiet, base, level } = spot;
  return { quiet, place: quiet ? "" : `placeIn(${place}, ${key})`, base, level: level + 1 };
}

/** The source of the level. */
export function levelOf({ base, level }: Spot): string {
  return base === "0" ? String(level) : level === 0 ? base : `${base} + ${level}`;
}
