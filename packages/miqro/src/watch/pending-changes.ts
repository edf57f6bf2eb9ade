import { timeOf } from "../build/file-time.js";

/** Collects changes until they are complete. */
export interface PendingChanges {
  /** Adds files that make a new version. */
  add(paths: readonly string[]): void;
  /** A source was changed, and its output will follow. */
  expect(source: string, output: string): void;
  /** Keeps the changes from now on. */
  hold(): void;
  /** Passes on the kept changes, except those of files that the running version has loaded as they are now. */
  release(isLoaded: (path: string) => boolean): void;
  close(): void;
}

// This many files are more than one edit. A compiler or a checkout is running, which may pause for longer.
const many = 8;
// The time in milliseconds after which the output of a changed source is no longer expected: tsc may have had nothing
// to write.
const patience = 2000;

/**
 * Makes a collection of changes. One file is an edit, and is passed on at once. Several files are passed on after a
 * silence, when the outputs of all changed sources exist.
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
  /**
   * The longest time to wait for outputs. They are checked from time to time, since an output may be written without a
   * change.
   */
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
    release(isLoaded) {
      isHeld = false;
      for (const path of pending) if (isLoaded(path)) pending.delete(path);
      schedule();
    },
    close() {
      clearTimeout(timer);
      pending.clear();
    },
  };
}
