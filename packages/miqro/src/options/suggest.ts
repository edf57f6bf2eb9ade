import { closestName } from "@miqro/parser/closest-name";

/** The known word nearest to a mistyped word; undefined if none is near. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  return closestName(word, known);
}

/** The sentence about an unknown word: it suggests the nearest known word, or lists all words. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = suggest(word, known);
  return near === undefined ? `Known are: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}
