import { settleAfter } from "./field.js";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";

// An event that is bubbling while a component renders must not reach the listeners of that render. Each event gets the
// time at which it met its first listener, and each listener the time at which it was added.
const met: unique symbol = Symbol();
let clock = 0;

/** A listener that can be replaced without being added to its element again. */
export interface Listener {
  handler?: ((this: unknown, event: Event) => unknown) | undefined;
  added?: number;
  handleEvent(event: Event): void;
}

function handleEvent(this: Listener, event: Event & { [met]?: number }): void {
  event[met] ??= clock++;
  if (event[met] < (this.added as number)) return;
  settleAfter(event);
  this.handler?.call(event.currentTarget, event);
}

/**
 * Sets, replaces or removes the listener of a prop.
 *
 * @param prop `onClick`, `onclick` or `onClickCapture`. `onmyEvent` keeps its letters, for events whose names have
 *   capitals. On custom elements, which have events of their own, every name that is not a browser's event keeps its
 *   letters.
 * @param value anything but a function removes the listener
 */
export function setListener(part: Part, prop: string, value: unknown): void {
  // biome-ignore lint/suspicious/noAssignInExpressions: kept and taken in one step.
  const listener = ((part.listeners ??= {})[prop] ??= { handleEvent });
  const handler = typeof value === "function" ? (value as Listener["handler"]) : undefined;
  if (!listener.handler || !handler) {
    const [, name, capture] = /^..(.*?)((?<!Pointer)Capture)?$/.exec(prop) as unknown as [
      string,
      string,
      string?,
    ];
    const dom = part.dom as Element;
    const lower = name.toLowerCase();
    // The browser's own events have names in lower case. `HTMLElement.prototype` has no `on...` property for some of
    // them: the expression names those.
    const isOwn = mayOwn(dom, `on${lower}`) && !/^(focus(in|out)|touch|composition)/.test(lower);
    listener.added = clock++;
    dom[handler ? "addEventListener" : "removeEventListener"](
      /^[A-Z]/.test(name) && !isOwn ? lower : name,
      listener,
      !!capture,
    );
  }
  listener.handler = handler;
}
