/**
 * Returns the paths that contain the typed letters in this order. Paths in which the letters are close together and in
 * the file name come first.
 */
export function rankPaths(paths: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase().replaceAll(" ", "");
  if (wanted === "") return [...paths];
  return paths
    .map((path) => ({ path, cost: costOf(path.toLowerCase(), wanted) }))
    .filter(({ cost }) => cost < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.cost - b.cost || a.path.length - b.path.length)
    .map(({ path }) => path);
}

function costOf(path: string, wanted: string): number {
  const name = path.lastIndexOf("/") + 1;
  const whole = path.indexOf(wanted, name);
  if (whole >= 0) return whole - name;
  let at = path.length;
  let cost = 0;
  // Searches from the end, because the file name is more important than its folders.
  for (let index = wanted.length - 1; index >= 0; index--) {
    const found = path.lastIndexOf(wanted[index] ?? "", at - 1);
    if (found < 0 || at === 0) return Number.POSITIVE_INFINITY;
    cost += at - found;
    at = found;
  }
  return 100 + cost;
}
