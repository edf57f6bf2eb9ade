import { JSXError } from "../errors.js";
import { forPage } from "../for-page.js";
import type { Runtime } from "../runtime/runtime.js";
import type { AnyComponent, JSXNode, VNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";
import type { SuspenseProps } from "./suspense.js";

/** When a commit runs: `layout` before the page is painted, `effect` after that. */
export type CommitPhase = "layout" | "effect";

/** What one call of a hook keeps between the renders of its component. */
export interface HookSlot {
  /** The name of the hook; a later render must call the same hook at this place. */
  readonly hook: string;
  /** Undoes what an earlier render asked for, where the last one asked for something else: before any `commit`. */
  clean?(phase: CommitPhase): void;
  /** Runs what the last render asked for. */
  commit?(phase: CommitPhase): void;
  /** Runs once, when the component is removed. */
  dispose?(): void;
}

/** What a host (a browser page, a server's renderer) does for its components. */
export interface ComponentHost {
  /** False where nothing is rendered twice and no effect runs, as on a server. */
  readonly live: boolean;
  /** True while a page takes over what a server rendered: the first render is to give the same. */
  readonly hydrates?: boolean;
  /** What the ids of `useId` begin with; `useId` chooses one that no other tree has, where there is none. */
  idPrefix?: string | undefined;
  /** How many ids there are so far. */
  idCount?: number;
  /** The element that the tree is rendered into, where there is one. */
  readonly element: unknown;
  /** What stands for the page and its URL; without one, hooks that need it take the page's own, if there is a page. */
  readonly runtime?: Runtime | undefined;
  /** What each path begins with, where the page's own runtime is taken. */
  readonly basePath?: string | undefined;
  /** What stands for a `Suspense`; its children without this. */
  suspend?(props: SuspenseProps): JSXNode;
  /** Asks for the component to be rendered again, soon. */
  update(instance: ComponentInstance): void;
  /** Reports an error that no error boundary took. */
  report(error: unknown): void;
}

/** A value that a component provides to those below it. */
export interface ProvidedContext {
  readonly context: object;
  value: unknown;
  readonly readers: Set<ComponentInstance>;
}

/** A component at its place in a tree: what a host makes, and hooks attach to. */
export interface ComponentInstance {
  host: ComponentHost;
  parent: ComponentInstance | undefined;
  /** How many components are above this one. */
  readonly depth: number;
  /** Free for the host. */
  owner: unknown;
  slots: HookSlot[] | undefined;
  provided: ProvidedContext | undefined;
  /** Takes an error of a component below, or returns false to leave it to the next one above. */
  catches: ((error: unknown) => boolean) | undefined;
  /** Where the next hook of the running render stands; then how many hooks there are, -1 until a render succeeds. */
  cursor: number;
  /** True when a slot wants to be committed. */
  commits: boolean;
  /** What differs from the last render, or from what it has read so far; at 0, an update would show the same. */
  changes: number;
  disposed: boolean;
}

const maxRenders = 25;

/**
 * Makes the instance of a component.
 *
 * @param host what renders the component
 * @param parent the instance of the nearest component above it; each tree begins with one that is no component
 * @param owner what the host keeps with it
 */
export function createInstance(
  host: ComponentHost,
  parent: ComponentInstance | undefined,
  owner?: unknown,
): ComponentInstance {
  return {
    host,
    parent,
    depth: parent ? parent.depth + 1 : 0,
    owner,
    slots: undefined,
    cursor: -1,
    commits: false,
    disposed: false,
    changes: 0,
    // Few components provide or catch something.
  } as Partial<ComponentInstance> as ComponentInstance;
}

// The function as it is: to read its name in each render cost a server a twentieth of its speed.
function checkHookCount(before: number, now: number, component: { readonly name: string }): number {
  if (before >= 0 && now !== before)
    throw new JSXError("JSX_HOOK_ORDER", component.name, `${now} hooks`, before);
  return now;
}

/**
 * Calls a component, with its hooks attached to the instance.
 *
 * @throws JSXError `JSX_HOOK_ORDER` when hooks come in another order than before, `JSX_RENDER_LOOP` when each render
 * changes the state again, and whatever the component throws
 */
export function renderComponent(instance: ComponentInstance, vnode: VNode): JSXNode {
  const component = vnode.type as AnyComponent as (props: unknown, children: unknown) => JSXNode;
  const previous = shared.current;
  let hookCount = forPage ? 0 : instance.cursor;
  shared.current = instance;
  try {
    for (let count = 0; count < maxRenders; count++) {
      instance.cursor = instance.changes = 0;
      const node = component(vnode.props, vnode.children);
      if (!forPage) hookCount = checkHookCount(hookCount, instance.cursor, component);
      if (!instance.changes) return node;
    }
  } finally {
    shared.current = previous;
    if (!forPage) instance.cursor = hookCount;
  }
  throw new JSXError("JSX_RENDER_LOOP", component.name, maxRenders);
}

/**
 * The memory of the hook that is being called: what each hook is built on.
 *
 * @param hook the name of the hook, for messages
 * @param create makes the slot when the component renders for the first time
 * @throws JSXError `JSX_HOOK_OUTSIDE` and `JSX_HOOK_ORDER`
 */
export function useSlot<Slot extends HookSlot>(
  hook: string,
  create: (instance: ComponentInstance) => Slot,
): Slot {
  const instance = shared.current;
  if (!instance) throw new JSXError("JSX_HOOK_OUTSIDE", hook);
  instance.slots ??= [];
  let slot = instance.slots[instance.cursor++];
  if (slot === undefined) {
    slot = create(instance);
    instance.slots.push(slot);
    if (slot.commit) instance.commits = true;
  } else if (!forPage && slot.hook !== hook)
    throw new JSXError("JSX_HOOK_ORDER", "A component", hook, slot.hook);
  return slot as Slot;
}

/**
 * Asks for an instance to be rendered again; within its own render, at once.
 *
 * @param changes how many things more differ from the last render; fewer, where one came back to what it was
 */
export function requestUpdate(instance: ComponentInstance, changes = 1): void {
  if (instance.disposed) return;
  instance.changes += changes;
  if (shared.current !== instance) instance.host.update(instance);
}

/**
 * Gives an error of an instance to the nearest error boundary above it, and to the host's `report` where none takes it.
 */
export function failInstance(instance: ComponentInstance, error: unknown): void {
  let above = instance.parent;
  // A boundary that is removed itself shows nothing any more.
  while (above && (above.disposed || !above.catches?.(error))) above = above.parent;
  if (!above) instance.host.report(error);
}

function forEachSlot(instance: ComponentInstance, call: (slot: HookSlot) => void): void {
  for (const slot of instance.slots ?? []) {
    try {
      call(slot);
    } catch (error) {
      failInstance(instance, error);
    }
  }
}

/**
 * Runs one phase of the effects of an instance, or first their cleanups. What they throw goes to `failInstance`.
 *
 * @param cleans true to run the cleanups alone: those of all instances come before the first effect
 */
export function commitInstance(instance: ComponentInstance, phase: CommitPhase, cleans?: boolean): void {
  forEachSlot(instance, (slot) => {
    if (!instance.disposed) (cleans ? slot.clean : slot.commit)?.call(slot, phase);
  });
}

/** Ends an instance: every cleanup runs, also when one of them throws. */
export function disposeInstance(instance: ComponentInstance): void {
  if (instance.disposed) return;
  instance.disposed = true;
  forEachSlot(instance, (slot) => slot.dispose?.());
}
