/** The `expected` of limits, written once for both compilers. */
export function atLeast(count: number, unit: string): string {
  return `at least ${count} ${count === 1 ? unit : `${unit}s`}`;
}

export function atMost(count: number, unit: string): string {
  return `at most ${count} ${count === 1 ? unit : `${unit}s`}`;
}
