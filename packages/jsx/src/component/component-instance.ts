import { JSXError } from "../errors.js";
import { forPage } from "../for-page.js";
import type { Runtime } from "../runtime/runtime.js";
import type { AnyComponent, JSXNode, VNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";
import type { SuspenseProps } from "./suspense.js";

/** When a commit runs: `layout` before the page is painted, `effect` after that. */
export type CommitPhase = "layout" | "effect";

/** The data that one call of a hook keeps between the renders of its component. */
export interface HookSlot {
  /** The name of the hook. A later render must call the same hook at this position. */
  readonly hook: string;
  /**
   * Undoes the request of an earlier render if the last render asked for something else. It runs before any `commit`.
   */
  clean?(phase: CommitPhase): void;
  /** Runs the work that the last render asked for. */
  commit?(phase: CommitPhase): void;
  /** Runs once, when the component is removed. */
  dispose?(): void;
}

/** The functions that a host (a browser page, a server's renderer) provides for its components. */
export interface ComponentHost {
  /** False if nothing is rendered twice and no effect runs, as on a server. */
  readonly live: boolean;
  /** True while a page hydrates: the first render must give the same nodes as the server. */
  readonly hydrates?: boolean;
  /** The prefix of the ids of `useId`. Without it, `useId` chooses a prefix that no other tree has. */
  idPrefix?: string | undefined;
  /** The number of ids so far. */
  idCount?: number;
  /** The element that the tree is rendered into, if there is one. */
  readonly element: unknown;
  /** The page and its URL. Without it, hooks that need it use the browser's page, if there is one. */
  readonly runtime?: Runtime | undefined;
  /** The prefix of all paths, if the browser's own page is used. */
  readonly basePath?: string | undefined;
  /** The component that replaces `Suspense`. Without it, `Suspense` shows its children. */
  suspend?(props: SuspenseProps): JSXNode;
  /** Asks for the component to be rendered again, soon. */
  update(instance: ComponentInstance): void;
  /** Reports an error that no error boundary handled. */
  report(error: unknown): void;
}

/** A value that a component provides to the components below it. */
export interface ProvidedContext {
  readonly context: object;
  value: unknown;
  readonly readers: Set<ComponentInstance>;
}

/** A component at its position in a tree. A host makes it, and hooks attach to it. */
export interface ComponentInstance {
  host: ComponentHost;
  parent: ComponentInstance | undefined;
  /** The number of components above this one. */
  readonly depth: number;
  /** Free for the host. */
  owner: unknown;
  slots: HookSlot[] | undefined;
  provided: ProvidedContext | undefined;
  /** Handles an error of a component below, or returns false to pass it to the next boundary above. */
  catches: ((error: unknown) => boolean) | undefined;
  /** The position of the next hook of the running render; then the number of hooks, -1 until a render succeeds. */
  cursor: number;
  /** True if a slot has work to commit. */
  commits: boolean;
  /** The number of changes since the last render. At 0, an update would show the same. */
  changes: number;
  disposed: boolean;
}

const maxRenders = 25;

/**
 * Makes the instance of a component.
 *
 * @param host the renderer of the component
 * @param parent the instance of the nearest component above it. The root of each tree is not a component.
 * @param owner data of the host, which is kept with the instance
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
    // Few components provide a value or catch errors.
  } as Partial<ComponentInstance> as ComponentInstance;
}

// Takes the function and not its name: reading the name in each render made a server slower by a twentieth.
function checkHookCount(before: number, now: number, component: { readonly name: string }): number {
  if (before >= 0 && now !== before)
    throw new JSXError("JSX_HOOK_ORDER", component.name, `${now} hooks`, before);
  return now;
}

/**
 * Calls a component, with its hooks attached to the instance.
 *
 * @throws JSXError `JSX_HOOK_ORDER` if the order of hooks changed, `JSX_RENDER_LOOP` if each render changes the state
 *   again, and any error of the component
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
 * The memory of the hook that is being called. Every hook uses it.
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
 * Asks for an instance to be rendered again. If the instance is being rendered, `renderComponent` repeats that render.
 *
 * @param changes the number of further changes since the last render. It is negative if a value changed back.
 */
export function requestUpdate(instance: ComponentInstance, changes = 1): void {
  if (instance.disposed) return;
  instance.changes += changes;
  if (shared.current !== instance) instance.host.update(instance);
}

/**
 * Passes an error of an instance to the nearest error boundary above it, or to the host's `report` if no boundary
 * handles it.
 */
export function failInstance(instance: ComponentInstance, error: unknown): void {
  let above = instance.parent;
  // A boundary that is being removed does not show anything any more.
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
 * Runs one phase of the effects of an instance, or first their cleanups. Their errors go to `failInstance`.
 *
 * @param cleans true to run only the cleanups: those of all instances come before the first effect
 */
export function commitInstance(instance: ComponentInstance, phase: CommitPhase, cleans?: boolean): void {
  forEachSlot(instance, (slot) => {
    if (!instance.disposed) (cleans ? slot.clean : slot.commit)?.call(slot, phase);
  });
}

/** Ends an instance: every cleanup runs, even if one of them throws. */
export function disposeInstance(instance: ComponentInstance): void {
  if (instance.disposed) return;
  instance.disposed = true;
  forEachSlot(instance, (slot) => slot.dispose?.());
}
