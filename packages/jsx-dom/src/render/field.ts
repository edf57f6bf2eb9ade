import type { Props, VNode } from "@miqro/jsx";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";
import { afterBatch, attempt } from "./scheduler.js";

export type Field = HTMLInputElement &
  Omit<HTMLSelectElement, "type"> &
  Record<string, unknown> & {
    /**
     * Sets the field to the values of its component. It is a property of the DOM node, because another copy of this
     * package may call it.
     */
    miqroSettle?: () => void;
  };

/** Properties that the user can change. Their attributes contain only the initial values. */
export const liveProperties: ReadonlySet<string> = new Set([
  "value",
  "checked",
  "selected",
  "muted",
  "indeterminate",
  "srcObject",
]);

/** Tells whether a prop of an element sets a property that the user may change. */
export function isLive(dom: Element, name: string): boolean {
  // The user can change the value of elements with the property `required`. The value of an option, a button or a
  // progress is only an attribute. The properties of a custom element have their own meaning.
  return (
    liveProperties.has(name) && name in dom && (name !== "value" || "required" in dom) && !mayOwn(dom, name)
  );
}

/** Sets a property that the user may change, unless it already has an equal value. */
export function setLive(dom: Field, name: string, value: unknown): void {
  if (name === "value" && dom.options) {
    const wanted = [value].flat().map(String);
    for (const option of dom.options) {
      const isWanted = wanted.includes(option.value);
      // If several options have the value, the first option is selected. If no option has it, the browser selects one.
      if (isWanted && !dom.multiple) wanted.length = 0;
      if (option.selected !== isWanted) option.selected = isWanted;
    }
    // Compares numbers, so that the text `1.0` stays while the user types `1.05`.
  } else if (dom[name] !== String(value) && ![dom[name], dom.valueAsNumber].includes(value as never)) {
    dom[name] = value as never;
  }
}

/** Returns the state of a field as a string, for comparison. */
function stateOf(field: Field): string {
  const selected = Array.from(field.options ?? [], (option) => option.selected);
  return String([field.value, field.checked, field.selected, selected]);
}

/**
 * Sets the properties that the user may change, such as `value`. The attributes and children of the element are already
 * there.
 *
 * @param names the props that set such properties, now and in the last render
 * @param hydrates true if a server rendered the element: changes of the user are kept, and the events `input` and
 *   `change` report them to the component
 */
export function showField(
  part: Part,
  names: readonly string[],
  before: Props,
  after: Props,
  hydrates: boolean,
): void {
  const dom = part.dom as Field;
  // If a prop is undefined or null, only the user changes the property.
  const show = () =>
    attempt(() => {
      for (const name of names) {
        const value = after[name] ?? null;
        if (value !== null && !part.typed) setLive(dom, name, value);
      }
    });
  if (!hydrates) {
    for (const name of names) {
      const value = after[name] ?? null;
      if (value === (before[name] ?? null)) continue;
      part.typed = false;
      if (value === null) setLive(dom, name, value);
    }
  } else if ("form" in dom) {
    // The copy has the initial value as the browser shows it. The browser may have shortened or rounded the value of
    // the server.
    const form = document.createElement("form");
    const copy = form.appendChild(dom.cloneNode(true)) as Field;
    form.reset();
    part.typed = stateOf(dom) !== stateOf(copy);
    const tell = () => {
      // In a group of radio buttons, only the selected button fires events.
      if (!part.typed || (dom.type === "radio" && !dom.checked)) return;
      for (const type of ["input", "change"]) dom.dispatchEvent(new Event(type, { bubbles: true }));
    };
    afterBatch(() => {
      tell();
      const seen = stateOf(dom);
      const showLate = () => {
        // If the props have changed meanwhile, the component has already stored the value or has set another value.
        if (stateOf(dom) === seen || names.some((name) => (part.node as VNode).props[name] !== after[name]))
          return;
        part.typed = true;
        tell();
      };
      // If the user returns to the page, the browser restores fields late and fires no events.
      if (document.readyState !== "complete") addEventListener("pageshow", showLate, { once: true });
    });
  }
  dom.miqroSettle = () => {
    part.typed = false;
    show();
  };
  show();
  // Sets the value again at the end: options and the names of radio buttons may be added later in the same update.
  afterBatch(show);
}

/** After all handlers of an event, sets the fields of the event to the values of their components. */
export function settleAfter(event: Event): void {
  const target = event.composedPath()[0] as Field & HTMLFormElement;
  // Includes clicks on a checkbox or a radio button, because the browser undoes a canceled click after the handlers. A
  // click into a text field does not change its value.
  if (!/^(input|change|reset|click [cr])/.test(`${event.type} ${target.type}`)) return;
  // Uses a timer: microtasks already run between two handlers of the same event.
  setTimeout(() => {
    // A click on a radio button changes its whole group. A reset changes all fields of the form.
    const fields =
      target.elements ??
      (target.type === "radio"
        ? (target.getRootNode() as ParentNode).querySelectorAll("[type=radio]")
        : [target]);
    for (const field of fields) (field as Field).miqroSettle?.();
  });
}
