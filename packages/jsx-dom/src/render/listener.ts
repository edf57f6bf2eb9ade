import { settleAfter } from "./field.js";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";

// If a component renders while an event bubbles, new listeners of this render must not get the event. So each event has
// the time of its first listener call, and each listener the time at which it was added.
const met: unique symbol = Symbol();
let clock = 0;

/** A listener whose handler can be replaced without adding the listener to the element again. */
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
 * @param prop `onClick`, `onclick` or `onClickCapture`. `onmyEvent` listens to `myEvent`, for names with capitals. On
 *   custom elements, the case of every name is kept, except names of events of the browser.
 * @param value the handler; a value that is not a function removes the listener
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
    // The events of the browser have names in lower case. The expression lists those for which `HTMLElement.prototype`
    // has no `on...` property.
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
