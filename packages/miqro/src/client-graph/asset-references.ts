import type { ImportMetaRef } from "es-module-lexer";

/** A file that a module names by a URL relative to its own. */
export interface AssetReference {
  /** `url` is `new URL("./x", import.meta.url)`, `resolve` is `import.meta.resolve("./x")`. */
  readonly type: "url" | "resolve";
  readonly specifier: string;
  /** The part of the text that contains the string, with its quotes. */
  readonly start: number;
  readonly end: number;
}

const literal = /("(?:[^"\\\n])*"|'(?:[^'\\\n])*'|`(?:[^`\\$])*`)/.source;
const gap = /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.source;
const before = new RegExp(
  `\\bnew\\s+(?:(?:globalThis|window|self)\\.)?URL\\s*\\(${gap}${literal}${gap},${gap}$`,
);
const after = new RegExp(`^\\.resolve\\s*\\(${gap}${literal}${gap}\\)`);

/**
 * A use of `import.meta` in a module: it names a file, or uses the URL in a way that miqro does not follow, or neither.
 */
export function findAssetReference(
  text: string,
  record: ImportMetaRef,
): AssetReference | "computed" | undefined {
  const rest = text.slice(record.end, record.end + 500);
  const resolved = after.exec(rest);
  if (resolved?.[1] !== undefined) {
    const start = record.end + resolved[0].indexOf(resolved[1]);
    return toReference("resolve", resolved[1], start);
  }
  if (/^\s*\.\s*resolve\b/.test(rest)) return "computed";
  if (!/^\s*\.\s*url\b/.test(rest)) return undefined;
  if (/\btypeof\s+$/.test(text.slice(Math.max(0, record.start - 20), record.start))) return undefined;
  const head = text.slice(Math.max(0, record.start - 500), record.start);
  const named = before.exec(head);
  if (named?.[1] === undefined || !/^\s*\.\s*url\s*,?\s*\)/.test(rest)) return "computed";
  const start = record.start - head.length + named.index + named[0].indexOf(named[1]);
  return toReference("url", named[1], start);
}

function toReference(type: AssetReference["type"], quoted: string, start: number): AssetReference {
  return { type, specifier: quoted.slice(1, -1), start, end: start + quoted.length };
}
