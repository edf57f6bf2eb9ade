import { Place, rootPlace } from "../issue/place.js";

/** The position in the value that a piece of generated source checks. */
export interface Spot {
  /** Whether the function returns `refused` at the first issue and records nothing. */
  readonly quiet: boolean;
  /** The path in the value, if it does not depend on array indexes or keys of the value. */
  readonly fixed?: Place | undefined;
  /**
   * For the items of an array at a fixed path: the path of the array, the index variable, and the keys below the item.
   */
  readonly item?: { readonly list: Place; readonly index: string; readonly keys: readonly string[] };
  /** The source expression for the path, if the path depends on the value. */
  readonly place: string;
  /** The source expression for the level of the function's parameter `value`, and the number of levels below it. */
  readonly base: string;
  readonly level: number;
}

/** The position at the root of the schema. */
export function rootSpot(quiet: boolean): Spot {
  return { quiet, fixed: rootPlace, place: "", base: "0", level: 1 };
}

/** The position at the root of a helper function, which gets its path and its level as arguments. */
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
 * The position of a property whose key depends on the value.
 * @param key the source expression for the key
 * @param place the source expression for the path of the object or array that has the key
 */
export function inKey(spot: Spot, key: string, place: string): Spot {
  const { quiet, base, level } = spot;
  return { quiet, place: quiet ? "" : `placeIn(${place}, ${key})`, base, level: level + 1 };
}

/** The source expression for the level. */
export function levelOf({ base, level }: Spot): string {
  return base === "0" ? String(level) : level === 0 ? base : `${base} + ${level}`;
}
