import { createHash } from "node:crypto";
import { parsePath, type Segment } from "./path-pattern.js";

// Two different segments of this form never give the same word.
const plainText = /^(?!by-)[a-z0-9]+(?:-[a-z][a-z0-9]*)*$/;
const plainName = /^[a-z][A-Za-z0-9]*$/;

/**
 * The id of an operation, made from its method and its path alone: `post_posts_byId_clap` for POST `/posts/:id/clap`.
 * It does not depend on the other routes. If another path could give the same words, the id ends in a hash.
 */
export function operationId(method: string, path: string): string {
  const segments = parsePath(path);
  const words = segments.map(toWord);
  const id = [method.toLowerCase(), ...words].join("_");
  if (segments.every(isPlain)) return id;
  return `${id}_${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
}

function isPlain(segment: Segment): boolean {
  if (segment.kind === "text") return plainText.test(segment.text);
  return segment.kind === "param" && segment.suffix === "" && plainName.test(segment.name);
}

function toWord(segment: Segment): string {
  if (segment.kind === "rest") return "rest";
  const text = segment.kind === "text" ? segment.text : `by-${segment.name}`;
  return text
    .replace(/[^A-Za-z0-9]+(\w?)/g, (_all, letter: string) => letter.toUpperCase())
    .replace(/^$/, "x");
}
