import { type CommitPhase, type ComponentInstance, commitInstance, JSXError } from "@miqro/jsx";

const maxRounds = 100;

/** The instances that are to render again; the owner of each is the function that does it. */
const updates = new Set<ComponentInstance>();
/** What waits for the elements of the running batch, from the leaves to the root; components for their layout effects. */
const commits: ((() => void) | ComponentInstance)[] = [];
/** The components whose effects wait for the page to be painted. */
const painted: ComponentInstance[] = [];
/** How often the effects that waited have run. */
let flushes = 0;
const errors: unknown[] = [];
let batches = 0;
/** How many renders components and effects asked for, one after the other, since something else did. */
let rounds = 0;
/** True while effects or updates run: what these ask for goes on with the rounds. */
let runs = false;

/** Keeps an error until the tree is whole again. */
export function collectError(error: unknown): void {
  if (batches > 0) errors.push(error);
  else reportError(error);
}

/** Calls a function, and keeps its error. */
export function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    collectError(error);
  }
}

/** Has a function called when the elements of the running batch stand. */
export function afterBatch(commit: () => void): void {
  commits.push(commit);
}

/** Has the effects of an instance run: its layout effects after the running batch, the others after painting. */
export function commitLater(instance: ComponentInstance): void {
  // The last render of a loop shows the state, and has no effects that would go on with it.
  if (rounds > maxRounds) return;
  commits.push(instance);
  if (painted.push(instance) > 1) return;
  // A number, and not the list: the timer that comes last would keep what it holds.
  const due = flushes;
  const run = () => {
    if (due === flushes) flushEffects();
  };
  requestAnimationFrame(() => setTimeout(run));
  // Where no frame comes, as in a hidden page.
  setTimeout(run, 100);
}

/** Runs what waits: all cleanups come before the first effect. */
function runCommits(due: typeof commits, phase: CommitPhase): void {
  for (const cleans of [true, false]) {
    for (const commit of due) {
      if (typeof commit !== "function") commitInstance(commit, phase, cleans);
      else if (!cleans) attempt(commit);
    }
  }
}

/** Has the owner of an instance called in the next microtask, once. */
export function queueUpdate(instance: ComponentInstance): void {
  if (!runs) rounds = 0;
  if (updates.add(instance).size === 1) queueMicrotask(flush);
}

/**
 * Changes the page, then runs what waits for that. An error of a component does not stop the others.
 *
 * @param report gets each error when the tree is whole again; a batch within another leaves them to that one
 */
export function batch(work: () => void, report: (error: unknown) => unknown = reportError): void {
  batches++;
  attempt(work);
  // A commit may render another tree, whose commits then come last.
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

// What is higher in its tree goes first: it may make the rest unnecessary.
function runUpdates(): void {
  for (const instance of [...updates].sort((one, other) => one.depth - other.depth)) {
    if (updates.delete(instance) && !instance.disposed && instance.changes) (instance.owner as () => void)();
  }
}

/** Runs the effects that wait, before anything renders again. */
function flushEffects(): void {
  flushes++;
  runs = true;
  runCommits(painted.splice(0), "effect");
  runs = false;
}
