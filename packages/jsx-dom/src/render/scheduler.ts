import { type CommitPhase, type ComponentInstance, commitInstance, JSXError } from "@miqro/jsx";

const maxRounds = 100;

/** The instances that must render again. The `owner` of an instance is the function that renders it. */
const updates = new Set<ComponentInstance>();
/**
 * Work for the end of the running batch, when its elements are in the page. For a component, this is its layout
 * effects. Children come before their parents.
 */
const commits: ((() => void) | ComponentInstance)[] = [];
/** The components whose effects wait for the page to be painted. */
const painted: ComponentInstance[] = [];
/** The number of times that the waiting effects have run. */
let flushes = 0;
const errors: unknown[] = [];
let batches = 0;
/** The number of consecutive rounds of renders that components and effects have requested. */
let rounds = 0;
/** True while effects or updates run. Updates that are requested meanwhile do not reset `rounds`. */
let runs = false;

/** Stores an error until the tree is complete. */
export function collectError(error: unknown): void {
  if (batches > 0) errors.push(error);
  else reportError(error);
}

/** Calls a function. If it throws, stores the error. */
export function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    collectError(error);
  }
}

/** Calls a function when the elements of the running batch are in the page. */
export function afterBatch(commit: () => void): void {
  commits.push(commit);
}

/** Schedules the effects of an instance: its layout effects after the running batch, the others after painting. */
export function commitLater(instance: ComponentInstance): void {
  // In an endless loop of updates, the last render is shown, but its effects do not run, because they would continue
  // the loop.
  if (rounds > maxRounds) return;
  commits.push(instance);
  if (painted.push(instance) > 1) return;
  // Stores a number instead of the array: until the timer fires, a reference to the array would keep its content in
  // memory.
  const due = flushes;
  const run = () => {
    if (due === flushes) flushEffects();
  };
  requestAnimationFrame(() => setTimeout(run));
  // A hidden page paints no frames, so effects also need a timer.
  setTimeout(run, 100);
}

/** Runs the waiting effects: all cleanups run before the first effect. */
function runCommits(due: typeof commits, phase: CommitPhase): void {
  for (const cleans of [true, false]) {
    for (const commit of due) {
      if (typeof commit !== "function") commitInstance(commit, phase, cleans);
      else if (!cleans) attempt(commit);
    }
  }
}

/** Schedules the render of an instance for the next microtask. Several calls render it once. */
export function queueUpdate(instance: ComponentInstance): void {
  if (!runs) rounds = 0;
  if (updates.add(instance).size === 1) queueMicrotask(flush);
}

/**
 * Changes the page, then runs the functions that wait for it. An error of a component does not stop the others.
 *
 * @param report called with each error after the tree is complete; only the outermost batch calls it
 */
export function batch(work: () => void, report: (error: unknown) => unknown = reportError): void {
  batches++;
  attempt(work);
  // A layout effect may render another tree. The commits of this tree are added and run in the next turn of the loop.
  while (batches === 1 && commits.length > 0) runCommits(commits.splice(0), "layout");
  if (--batches > 0) return;
  errors.splice(0).forEach(report);
}

function flush(): void {
  flushEffects();
  runs = true;
  while (updates.size > 0) {
    rounds++;
    batch(runUpdates);
    if (rounds > maxRounds) {
      reportError(new JSXError("JSX_UPDATE_LOOP", maxRounds));
      updates.clear();
      rounds = 0;
    }
  }
  runs = false;
}

// Renders instances near the root first. Their render may already include the other instances.
function runUpdates(): void {
  for (const instance of [...updates].sort((one, other) => one.depth - other.depth)) {
    if (updates.delete(instance) && !instance.disposed && instance.changes) (instance.owner as () => void)();
  }
}

/** Runs the waiting effects before anything renders again. */
function flushEffects(): void {
  flushes++;
  runs = true;
  runCommits(painted.splice(0), "effect");
  runs = false;
}
