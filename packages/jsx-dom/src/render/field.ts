import type { Props, VNode } from "@miqro/jsx";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";
import { afterBatch, attempt } from "./scheduler.js";

export type Field = HTMLInputElement &
  Omit<HTMLSelectElement, "type"> &
  Record<string, unknown> & {
    /** Has the field say what its component says. Kept with the node: another copy of this package may ask for it. */
    miqroSettle?: () => void;
  };

/** What the user changes, so that the attribute only says how it began. */
export const liveProperties: ReadonlySet<string> = new Set([
  "value",
  "checked",
  "selected",
  "muted",
  "indeterminate",
  "srcObject",
]);

/** Tells whether a prop of an element says what the user may change. */
export function isLive(dom: Element, name: string): boolean {
  // The value of an option, a button or a progress is its attribute; what can be required has one that the user changes.
  // Custom elements say themselves what their properties are.
  return (
    liveProperties.has(name) && name in dom && (name !== "value" || "required" in dom) && !mayOwn(dom, name)
  );
}

/** Gives an element a property that the user may change, unless it says the same already. */
export function setLive(dom: Field, name: string, value: unknown): void {
  if (name === "value" && dom.options) {
    const wanted = [value].flat().map(String);
    for (const option of dom.options) {
      const isWanted = wanted.includes(option.value);
      // Of two options that say the same, the first is chosen. Where none is, the browser chooses.
      if (isWanted && !dom.multiple) wanted.length = 0;
      if (option.selected !== isWanted) option.selected = isWanted;
    }
    // 1.0 is the number 1, and the user goes on to 1.05.
  } else if (dom[name] !== String(value) && ![dom[name], dom.valueAsNumber].includes(value as never)) {
    dom[name] = value as never;
  }
}

/** What a field holds, to be compared. */
function stateOf({ value, checked, selected, options }: Field): string {
  return String([value, checked, selected, ...[...(options ?? [])].map((option) => option.selected)]);
}

/**
 * Brings an element to what its component says of what the user may change; its attributes and children are there.
 *
 * @param names the props that say it, and those that did before
 * @param hydrates true when a server rendered the element: what the user did since stays, and is told to the component
 */
export function showField(
  part: Part,
  names: readonly string[],
  before: Props,
  after: Props,
  hydrates: boolean,
): void {
  const dom = part.dom as Field;
  // A prop that is left out leaves the property to the user.
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
    // The same field as the page began with it: the browser may have cut and rounded what the server wrote.
    const form = document.createElement("form");
    const copy = form.appendChild(dom.cloneNode(true)) as Field;
    form.reset();
    part.typed = stateOf(dom) !== stateOf(copy);
    const tell = () => {
      // Of radio buttons, the one that the user chose speaks.
      if (!part.typed || (dom.type === "radio" && !dom.checked)) return;
      for (const type of ["input", "change"]) dom.dispatchEvent(new Event(type, { bubbles: true }));
    };
    afterBatch(() => {
      tell();
      const seen = stateOf(dom);
      const showLate = () => {
        // Where the component says something else by now, it has heard, or changed the field itself.
        if (stateOf(dom) === seen || names.some((name) => (part.node as VNode).props[name] !== after[name]))
          return;
        part.typed = true;
        tell();
      };
      // What a browser brings back when the user comes back to the page comes late, and fires nothing.
      if (document.readyState !== "complete") addEventListener("pageshow", showLate, { once: true });
    });
  }
  dom.miqroSettle = () => {
    part.typed = false;
    show();
  };
  show();
  // Options, and the names of radio buttons, may come later in the same update.
  afterBatch(show);
}

/** Has the fields that an event concerns say what their components say, once all of its handlers were called. */
export function settleAfter(event: Event): void {
  const target = event.composedPath()[0] as Field & HTMLFormElement;
  // A click on a checkbox or a radio button that is canceled is undone after its handlers; one into a text says nothing.
  if (!/^(input|change|reset|click [cr])/.test(`${event.type} ${target.type}`)) return;
  // Between two handlers of what a user did, microtasks run.
  setTimeout(() => {
    // A radio button changes its group, and a form all that it has.
    const fields =
      target.elements ??
      (target.type === "radio"
        ? (target.getRootNode() as ParentNode).querySelectorAll("[type=radio]")
        : [target]);
    for (const field of fields) (field as Field).miqroSettle?.();
  });
}
