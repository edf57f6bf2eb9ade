import { timeOf } from "./known-contents.js";

/** Collects changes until they are complete. */
export interface PendingChanges {
  /** Adds files that make a new version. */
  add(paths: readonly string[]): void;
  /** A source was changed, and its output is to follow. */
  expect(source: string, output: string): void;
  /** Keeps the changes that come from now on, or passes on the kept ones. */
  hold(): void;
  release(isMeant: (path: string) => boolean): void;
  close(): void;
}

// So many files are more than an edit: a compiler or a checkout is at work, which may pause for longer.
const many = 8;
// After this, in milliseconds, the output of a source is not waited for any more: tsc may have had nothing to change.
const patience = 2000;

/**
 * Makes a collection of changes. One file is an edit, and taken at once; several are taken after a silence, and when
 * the outputs of all changed sources are there.
 * @param debounce - the silence for a few files, in milliseconds
 * @param take - called with the complete changes
 */
export function collectChanges(debounce: number, take: (paths: readonly string[]) => void): PendingChanges {
  const pending = new Set<string>();
  const expected = new Map<string, { readonly source: string; readonly until: number }>();
  let timer: NodeJS.Timeout | undefined;
  let isHeld = false;

  const schedule = (): void => {
    clearTimeout(timer);
    if (isHeld || pending.size === 0) return;
    const quiet = pending.size >= many ? 5 * debounce : pending.size > 1 ? 2 * debounce : 0;
    const wait = Math.max(quiet, outstanding());
    if (wait === 0) give();
    else timer = setTimeout(() => (outstanding() > 0 ? schedule() : give()), wait);
  };
  /** How long to wait for outputs at most; a look every now and then, since one may be written as it was. */
  const outstanding = (): number => {
    for (const [output, { source, until }] of expected) {
      const isThere = (timeOf(output) ?? 0) >= (timeOf(source) ?? 0);
      if (isThere || performance.now() >= until) expected.delete(output);
    }
    return expected.size === 0 ? 0 : 2 * debounce;
  };
  const give = (): void => {
    const paths = [...pending];
    pending.clear();
    take(paths);
  };
  return {
    add(paths) {
      for (const path of paths) {
        pending.add(path);
        expected.delete(path);
      }
      schedule();
    },
    expect(source, output) {
      expected.set(output, { source, until: performance.now() + patience });
    },
    hold() {
      isHeld = true;
    },
    release(isMeant) {
      isHeld = false;
      for (const path of pending) if (!isMeant(path)) pending.delete(path);
      schedule();
    },
    close() {
      clearTimeout(timer);
      pending.clear();
    },
  };
}
