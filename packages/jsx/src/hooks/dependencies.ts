/** The values that a hook compares between renders. If they are undefined, each render counts as a change. */
export type Dependencies = readonly unknown[] | undefined;

/** Tells whether the dependencies of two renders differ. */
export function dependenciesChanged(before: Dependencies, after: Dependencies): boolean {
  return (
    before === undefined ||
    after === undefined ||
    before.length !== after.length ||
    after.some((value, index) => !Object.is(value, before[index]))
  );
}
