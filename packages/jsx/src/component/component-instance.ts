import { JSXError } from "../errors.js";
import { forPage } from "../for-page.js";
import type { Runtime } from "../runtime/runtime.js";
import type { AnyComponent, JSXNode, VNode } from "../vnode/vnode.js";
import { shared } from "./shared.js";
import type { SuspenseProps } from "./suspense.js";

/** The phase of effects: `layout` runs before the page is painted, `effect` after that. */
export type CommitPhase = "layout" | "effect";

/** The data of one hook call. It is kept between the renders of the component. */
export interface HookSlot {
  /** The name of the hook. A later render must call the same hook at this position. */
  readonly hook: string;
  /** Runs the cleanup of an effect that the last render replaces. All `clean` calls run before the first `commit`. */
  clean?(phase: CommitPhase): void;
  /** Runs the effect of the last render. */
  commit?(phase: CommitPhase): void;
  /** Runs once, when the component is removed. */
  dispose?(): void;
}

/** The functions that a host (a browser page, a server's renderer) provides for its components. */
export interface ComponentHost {
  /** False if components render only once and effects do not run, as on a server. */
  readonly live: boolean;
  /** True while a page hydrates: the first render must give the same nodes as the server. */
  readonly hydrates?: boolean;
  /** The prefix of the ids of `useId`. Without it, `useId` chooses a prefix that no other tree has. */
  idPrefix?: string | undefined;
  /** The number of ids that `useId` has returned so far. */
  idCount?: number;
  /** The element that the tree is rendered into, if there is one. */
  readonly element: unknown;
  /** The runtime. Without it, hooks that need a URL use the page of the browser, if there is one. */
  readonly runtime?: Runtime | undefined;
  /** The prefix of all paths. It is used together with the page of the browser. */
  readonly basePath?: string | undefined;
  /** The component that replaces `Suspense`. Without it, `Suspense` shows its children. */
  suspend?(props: SuspenseProps): JSXNode;
  /** Schedules the next render of the component. */
  update(instance: ComponentInstance): void;
  /** Reports an error that no error boundary handled. */
  report(error: unknown): void;
}

/** A context value that a component provides to the components below it. */
export interface ProvidedContext {
  readonly context: object;
  value: unknown;
  readonly readers: Set<ComponentInstance>;
}

/** A component at its position in a tree. A host creates the instance, and hooks store their data in it. */
export interface ComponentInstance {
  host: ComponentHost;
  parent: ComponentInstance | undefined;
  /** The number of components above this one. */
  readonly depth: number;
  /** Data of the host. Hooks do not use it. */
  owner: unknown;
  slots: HookSlot[] | undefined;
  provided: ProvidedContext | undefined;
  /** Handles an error of a component below, or returns false to pass it to the next boundary above. */
  catches: ((error: unknown) => boolean) | undefined;
  /**
   * During a render, the index of the next hook. After a render, the number of its hooks. It is -1 until the first
   * render succeeds.
   */
  cursor: number;
  /** True if a hook of the instance has effects. */
  commits: boolean;
  /** The number of changed states since the last render. If it is 0, a new render would show the same nodes. */
  changes: number;
  disposed: boolean;
}

const maxRenders = 25;

/**
 * Makes the instance of a component.
 *
 * @param host the renderer of the component
 * @param parent the instance of the nearest component above it. The root of each tree is not a component.
 * @param owner data of the host, which is stored in the instance
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
    // `provided` and `catches` are not set here, because few components need them.
  } as Partial<ComponentInstance> as ComponentInstance;
}

// The parameter is the component and not its name: reading the name in each render made a server 5 percent slower.
function checkHookCount(before: number, now: number, component: { readonly name: string }): number {
  if (before >= 0 && now !== before)
    throw new JSXError("JSX_HOOK_ORDER", component.name, `${now} hooks`, before);
  return now;
}

/**
 * Calls a component. Its hooks store their data in the instance.
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
 * Returns the slot of the current hook call. Every hook uses this function.
 *
 * @param hook the name of the hook, for messages
 * @param create creates the slot in the first render of the component
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
 * Schedules a new render of an instance. If the instance is rendering now, `renderComponent` repeats the current
 * render.
 *
 * @param changes the number of new changes. It is negative if a value changed back to the rendered value.
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
  // Skips boundaries that are being removed.
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
 * Runs one phase of the effects of an instance, or only the cleanups of this phase. Errors go to `failInstance`.
 *
 * @param cleans true to run only the cleanups. The host runs the cleanups of all instances before the first effect.
 */
export function commitInstance(instance: ComponentInstance, phase: CommitPhase, cleans?: boolean): void {
  forEachSlot(instance, (slot) => {
    if (!instance.disposed) slot[cleans ? "clean" : "commit"]?.(phase);
  });
}

/** Ends an instance and runs all of its cleanups, even if one of them throws. */
export function disposeInstance(instance: ComponentInstance): void {
  if (instance.disposed) return;
  instance.disposed = true;
  forEachSlot(instance, (slot) => slot.dispose?.());
}
