import { type CommitPhase, type ComponentInstance, commitInstance, JSXError } from "@miqro/jsx";

const maxRounds = 100;

/** The instances that will render again. The owner of each is the function that renders it. */
const updates = new Set<ComponentInstance>();
/**
 * Functions that wait for the elements of the running batch, from the leaves to the root: for components, their layout
 * effects.
 */
const commits: ((() => void) | ComponentInstance)[] = [];
/** The components whose effects wait for the page to be painted. */
const painted: ComponentInstance[] = [];
/** How often the waiting effects have run. */
let flushes = 0;
const errors: unknown[] = [];
let batches = 0;
/** How many renders components and effects have requested in a row, without anything else in between. */
let rounds = 0;
/** True while effects or updates run: their requests continue the count of rounds. */
let runs = false;

/** Keeps an error until the tree is complete again. */
export function collectError(error: unknown): void {
  if (batches > 0) errors.push(error);
  else reportError(error);
}

/** Calls a function and keeps its error. */
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
  // The last render of a loop shows the state. Its effects do not run, since they would continue the loop.
  if (rounds > maxRounds) return;
  commits.push(instance);
  if (painted.push(instance) > 1) return;
  // Keeps a number and not the array: the timer that fires last would keep the content of the array.
  const due = flushes;
  const run = () => {
    if (due === flushes) flushEffects();
  };
  requestAnimationFrame(() => setTimeout(run));
  // A page that paints no frames, such as a hidden page, needs this timer.
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

/** Calls the owner of an instance in the next microtask, once. */
export function queueUpdate(instance: ComponentInstance): void {
  if (!runs) rounds = 0;
  if (updates.add(instance).size === 1) queueMicrotask(flush);
}

/**
 * Changes the page, then runs the functions that wait for it. An error of a component does not stop the others.
 *
 * @param report gets each error when the tree is complete again; the outermost batch reports for the batches within
 */
export function batch(work: () => void, report: (error: unknown) => unknown = reportError): void {
  batches++;
  attempt(work);
  // A commit may render another tree. The commits of that tree then come last.
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

// Instances higher in the tree go first: they may make the others unnecessary.
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
