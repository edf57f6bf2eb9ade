/**
 * Finds the longest sequence of children that keep their order. All other children must be moved.
 *
 * @param sources for each new child, its old index, or -1 if it is new
 * @returns the indices in `sources` of the children that stay, in ascending order
 */
export function increasingIndices(sources: readonly number[]): Set<number> {
  const previous: (number | undefined)[] = [];
  // tails[n] is the index of the smallest old index that ends a sequence of n + 1.
  const tails: number[] = [];
  sources.forEach((source, place) => {
    if (source < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sources[tails[middle] as number] as number) < source) low = middle + 1;
      else high = middle;
    }
    previous[place] = tails[low - 1];
    tails[low] = place;
  });
  const staying = new Set<number>();
  for (let place = tails.at(-1); place !== undefined; place = previous[place]) staying.add(place);
  return staying;
}
