import { closestName } from "@miqro/parser/closest-name";

/** The sentence about an unknown word: the nearest known one, or else all of them. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = closestName(word, known);
  return near === undefined ? `Known are: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}
