import { type ComponentInstance, commitInstance } from "@miqro/jsx";
import { JSXDOMError } from "../errors.js";

const maxRounds = 100;

/** The instances that are to render again; the owner of each is the function that does it. */
const updates = new Set<ComponentInstance>();
let flushing = false;
/** Refs and layout effects of the running batch, from the leaves to the root. */
const commits: (() => void)[] = [];
/** The components whose effects wait for the page to be painted. */
let painted: ComponentInstance[] = [];
let errors: unknown[] = [];
let batches = 0;

/** Keeps an error until the tree is whole again. */
export function collectError(error: unknown): void {
  if (batches > 0) errors.push(error);
  else reportError(error);
}

/** Has a function called when the elements of the running batch stand. */
export function afterBatch(commit: () => void): void {
  commits.push(commit);
}

/** Has the effects of an instance run: its layout effects after the running batch, the others after painting. */
export function commitLater(instance: ComponentInstance): void {
  commits.push(() => commitInstance(instance, "layout"));
  if (painted.push(instance) > 1) return;
  requestAnimationFrame(() => setTimeout(flushEffects));
  // Where no frame comes, as in a hidden page.
  setTimeout(flushEffects, 100);
}

/** Has the owner of an instance called in the next microtask, once. */
export function queueUpdate(instance: ComponentInstance): void {
  updates.add(instance);
  if (flushing) return;
  flushing = true;
  queueMicrotask(flush);
}

/** Takes an update back: it was done. */
export function dropUpdate(instance: ComponentInstance): void {
  updates.delete(instance);
}

/**
 * Changes the page, then runs what waits for that. An error of a component does not stop the others.
 *
 * @returns the errors; a batch within another leaves them to that one
 */
export function batch(work: () => void): readonly unknown[] {
  batches++;
  try {
    work();
    // A commit may render another tree, whose commits then come last.
    if (batches === 1)
      for (let commit = commits.shift(); commit !== undefined; commit = commits.shift()) commit();
  } catch (error) {
    collectError(error);
  } finally {
    batches--;
  }
  if (batches > 0) return [];
  const failures = errors;
  errors = [];
  return failures;
}

function flush(): void {
  flushEffects();
  const failures: unknown[] = [];
  for (let round = 0; updates.size > 0; round++) {
    if (round === maxRounds) {
      updates.clear();
      failures.push(new JSXDOMError("update_loop", maxRounds));
    }
    failures.push(...batch(runUpdates));
  }
  flushing = false;
  for (const failure of failures) reportError(failure);
}

// What is higher in its tree goes first: it may make the rest unnecessary.
function runUpdates(): void {
  for (const instance of [...updates].sort((one, other) => one.depth - other.depth)) {
    if (updates.delete(instance) && !instance.disposed) (instance.owner as () => void)();
  }
}

/** Runs the effects that wait, before anything renders again. */
export function flushEffects(): void {
  const instances = painted;
  painted = [];
  for (const instance of instances) commitInstance(instance, "effect");
}
