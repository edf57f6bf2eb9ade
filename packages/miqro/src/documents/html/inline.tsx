import type { JSXNode } from "@miqro/jsx";
import { splitInline } from "../inline-text.js";

/** What a user wrote, as text in which backticks set code apart. */
export function Inline({ text }: { readonly text: string }): JSXNode {
  return splitInline(text).map((part) => (part.isCode ? <code>{part.text}</code> : part.text));
}
