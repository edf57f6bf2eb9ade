import { parse } from "es-module-lexer";
import { deadBranches, withoutBranches } from "./dead-branches.js";

/** A call of `require` with a string. */
export interface RequireCall {
  readonly specifier: string;
  /** The position of the call in the text. */
  readonly position: number;
  /** Whether the package itself provides for a failure. */
  readonly isGuarded: boolean;
}

// Not a member of something else, but perhaps spread, as in `...require("x")`.
const candidates = /(\.\.\.\s*|(?<![\w$.#]))require(?=\s*\(\s*["'`])/g;

/**
 * The calls of `require` in CommonJS that may be reached, each specifier once. A lexer reports each `import()`, so it
 * reads a copy of the text in which the calls are such: a call that it does not report is text or a comment.
 */
export function findRequires(text: string): {
  readonly calls: readonly RequireCall[];
  readonly live: string;
} {
  const live = withoutBranches(text, deadBranches(text));
  const positions = new Set<number>();
  const probe = live.replace(candidates, (_, spread: string, at: number) => {
    positions.add(at + spread.length);
    return `${" ".repeat(spread.length)}import `;
  });
  const calls = new Map<string, RequireCall>();
  if (positions.size > 0) {
    for (const { type, importStart, specifier } of lex(probe)) {
      if (
        type !== "dynamic" ||
        specifier === undefined ||
        !positions.has(importStart) ||
        calls.has(specifier)
      )
        continue;
      const isGuarded = /\btry\s*\{[^}]*$/.test(live.slice(Math.max(0, importStart - 400), importStart));
      calls.set(specifier, { specifier, position: importStart, isGuarded });
    }
  }
  return { calls: [...calls.values()], live };
}

function lex(text: string): ReturnType<typeof parse>[0] {
  try {
    return parse(text)[0];
  } catch {
    // A module that cannot be read in this way fails in the browser as well, with the line.
    return [];
  }
}
