import { type JSXNode, nodeKind, type Props, toNodeList, type VNode } from "@miqro/jsx";
import { attributeTextOf, ownProp } from "./prop.js";

/** The selected values of a `select`. */
export interface ChosenOptions {
  readonly texts: ReadonlySet<string>;
  readonly multiple: boolean;
  /**
   * True if a `select` without `multiple` already has its selected option. If several options have the same value, only
   * the first is selected.
   */
  found: boolean;
}

/**
 * Returns the selected values of a `select` from its value or default value. Returns undefined if it has neither, so
 * that `selected` of the options applies.
 */
export function toChosenOptions(props: Props): ChosenOptions | undefined {
  const value = ownProp(props, "value") ?? ownProp(props, "defaultValue");
  if (value === undefined || value === null) return undefined;
  const multiple = ownProp(props, "multiple");
  const isList = multiple !== undefined && multiple !== null && multiple !== false && Array.isArray(value);
  const values: readonly unknown[] = isList ? value : [value];
  const texts = values.flatMap((part) => attributeTextOf("value", part, false) ?? []);
  return { texts: new Set(texts), multiple: isList, found: false };
}

/** Whether an option is selected. */
export function chooses(chosen: ChosenOptions, { props, children }: VNode): boolean {
  if (chosen.found) return false;
  const value = ownProp(props, "value");
  const text = value === undefined || value === null ? optionText(children) : String(value);
  const isChosen = chosen.texts.has(text);
  if (isChosen && !chosen.multiple) chosen.found = true;
  return isChosen;
}

/** Returns the value of an option without the attribute `value`, as a browser reads it from the text nodes. */
function optionText(children: JSXNode): string {
  return textOf(children)
    .replace(/[\t\n\f\r ]+/g, " ")
    .replace(/^ | $/g, "");
}

function textOf(node: JSXNode): string {
  let text = "";
  for (const child of toNodeList(node)) {
    const kind = nodeKind(child);
    if (kind === "text") text += String(child);
    else if (kind === "list") text += textOf(child);
  }
  return text;
}
