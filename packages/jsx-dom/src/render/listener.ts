import type { Part } from "./part.js";

// An event that is on its way up while a component renders must not reach the listeners of that render: each event
// gets the time at which it met its first listener, and each listener the time at which it was added.
let clock = 0;
const firstMet = new WeakMap<Event, number>();

/** A listener that can be exchanged without being added to its element again. */
export class Listener {
  handler: (this: unknown, event: Event) => unknown;
  readonly #added: number = clock++;

  constructor(handler: Listener["handler"]) {
    this.handler = handler;
  }

  handleEvent(event: Event): void {
    const met = firstMet.get(event) ?? clock++;
    firstMet.set(event, met);
    if (met >= this.#added) this.handler.call(event.currentTarget, event);
  }
}

/**
 * Sets, exchanges or removes the listener that a prop names.
 *
 * @param prop `onClick`, `onclick` or `onClickCapture`; `onmyEvent` keeps its letters, for events that have capitals
 * @param value anything but a function removes the listener
 */
export function setListener(part: Part, prop: string, value: unknown): void {
  const target = part.dom as Element;
  const known = part.listeners?.[prop];
  if (known !== undefined && typeof value === "function") {
    known.handler = value as Listener["handler"];
    return;
  }
  const capture = /(?<!Pointer)Capture$/.test(prop);
  const name = prop.slice(2, capture ? -7 : undefined);
  const type = /^[A-Z]/.test(name) ? name.toLowerCase() : name;
  if (typeof value === "function") {
    const listener = new Listener(value as Listener["handler"]);
    part.listeners ??= {};
    part.listeners[prop] = listener;
    target.addEventListener(type, listener, capture);
  } else if (known !== undefined) {
    delete part.listeners?.[prop];
    target.removeEventListener(type, known, capture);
  }
}
