import { type JSXNode, nodeKind, type Props, toNodeList, type VNode } from "@miqro/jsx";
import { attributeTextOf, ownProp } from "./prop.js";

/** The options that the value of a `select` chooses. */
export interface ChosenOptions {
  readonly texts: ReadonlySet<string>;
  readonly multiple: boolean;
  /**
   * True if a `select` with one selected option has it already: of several options with the same value, the first is
   * chosen.
   */
  found: boolean;
}

/** The value of a `select`, or its default value; undefined if the options decide by themselves. */
export function toChosenOptions(props: Props): ChosenOptions | undefined {
  const value = ownProp(props, "value") ?? ownProp(props, "defaultValue");
  if (value === undefined || value === null) return undefined;
  const multiple = ownProp(props, "multiple");
  const isList = multiple !== undefined && multiple !== null && multiple !== false && Array.isArray(value);
  const values: readonly unknown[] = isList ? value : [value];
  const texts = values.flatMap((part) => attributeTextOf("value", part, false) ?? []);
  return { texts: new Set(texts), multiple: isList, found: false };
}

/** Whether an option is chosen. */
export function chooses(chosen: ChosenOptions, { props, children }: VNode): boolean {
  if (chosen.found) return false;
  const value = ownProp(props, "value");
  const text = value === undefined || value === null ? optionText(children) : String(value);
  const isChosen = chosen.texts.has(text);
  if (isChosen && !chosen.multiple) chosen.found = true;
  return isChosen;
}

/** The text of an option without a value, in the form that a browser reads. Only its text nodes count. */
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
