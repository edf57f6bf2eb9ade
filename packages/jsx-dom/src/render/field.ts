import type { Props, VNode } from "@miqro/jsx";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";
import { afterBatch, attempt } from "./scheduler.js";

export type Field = HTMLInputElement &
  Omit<HTMLSelectElement, "type"> &
  Record<string, unknown> & {
    /**
     * Sets the field to the values of its component. Stored with the node: another copy of this package may call it.
     */
    miqroSettle?: () => void;
  };

/** Properties that the user changes. Their attributes only hold the initial values. */
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
  // The value of an option, a button or a progress is its attribute. Elements that can be required have a value that
  // the user changes.
  // Custom elements decide for themselves what their properties mean.
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
      // If two options have the value, the first is chosen. If none has it, the browser chooses.
      if (isWanted && !dom.multiple) wanted.length = 0;
      if (option.selected !== isWanted) option.selected = isWanted;
    }
    // 1.0 is the number 1, and the user may be about to type 1.05.
  } else if (dom[name] !== String(value) && ![dom[name], dom.valueAsNumber].includes(value as never)) {
    dom[name] = value as never;
  }
}

/** The value of a field, for comparisons. */
function stateOf({ value, checked, selected, options }: Field): string {
  return String([value, checked, selected, Array.from(options ?? [], (option) => option.selected)]);
}

/**
 * Sets the properties that the user may change, such as `value`. The attributes and children of the element are already
 * there.
 *
 * @param names the props that set such properties, now and in the last render
 * @param hydrates true if a server rendered the element: changes of the user stay, and the component is told of them
 */
export function showField(
  part: Part,
  names: readonly string[],
  before: Props,
  after: Props,
  hydrates: boolean,
): void {
  const dom = part.dom as Field;
  // A prop that is undefined or null leaves the property to the user.
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
    // The copy shows the field as the page began with it: the browser may have cut or rounded the server's value.
    const form = document.createElement("form");
    const copy = form.appendChild(dom.cloneNode(true)) as Field;
    form.reset();
    part.typed = stateOf(dom) !== stateOf(copy);
    const tell = () => {
      // Of a group of radio buttons, only the one that the user chose reports.
      if (!part.typed || (dom.type === "radio" && !dom.checked)) return;
      for (const type of ["input", "change"]) dom.dispatchEvent(new Event(type, { bubbles: true }));
    };
    afterBatch(() => {
      tell();
      const seen = stateOf(dom);
      const showLate = () => {
        // If the component's value has changed, it has heard of the change, or has changed the field itself.
        if (stateOf(dom) === seen || names.some((name) => (part.node as VNode).props[name] !== after[name]))
          return;
        part.typed = true;
        tell();
      };
      // When the user comes back to the page, the browser restores fields late and without events.
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

/** Sets the fields that an event concerns to the values of their components, after all handlers of the event. */
export function settleAfter(event: Event): void {
  const target = event.composedPath()[0] as Field & HTMLFormElement;
  // A canceled click on a checkbox or a radio button is undone after its handlers. A click into a text field has no
  // effect on its value.
  if (!/^(input|change|reset|click [cr])/.test(`${event.type} ${target.type}`)) return;
  // Between two handlers of a user's event, microtasks run.
  setTimeout(() => {
    // A radio button changes its group, and a form changes all of its fields.
    const fields =
      target.elements ??
      (target.type === "radio"
        ? (target.getRootNode() as ParentNode).querySelectorAll("[type=radio]")
        : [target]);
    for (const field of fields) (field as Field).miqroSettle?.();
  });
}
