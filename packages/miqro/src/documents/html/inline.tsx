import type { JSXNode } from "@miqro/jsx";
import { splitInline } from "../inline-text.js";

/** A text of the user, in which backticks mark code. */
export function Inline({ text }: { readonly text: string }): JSXNode {
  return splitInline(text).map((part) => (part.isCode ? <code>{part.text}</code> : part.text));
}
