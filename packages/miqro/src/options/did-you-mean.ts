import { closestName } from "@miqro/parser/closest-name";

/** The sentence about an unknown word: it suggests the nearest known word, or lists all words. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = closestName(word, known);
  return near === undefined ? `Write one of: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}
