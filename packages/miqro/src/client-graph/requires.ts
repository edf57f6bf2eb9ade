import { parse } from "es-module-lexer";
import { deadBranches, withoutBranches } from "./dead-branches.js";

/** A call of `require` with a string. */
export interface RequireCall {
  readonly specifier: string;
  /** The position of the call in the text. */
  readonly position: number;
  /** Whether the package itself handles a failure of the call. */
  readonly isGuarded: boolean;
}

// The call must not be a method of an object, but it may be spread, as in `...require("x")`.
const candidates = /(\.\.\.\s*|(?<![\w$.#]))require(?=\s*\(\s*["'`])/g;

/**
 * The reachable calls of `require` in CommonJS, each specifier once. A lexer reports each `import()`, so it reads a
 * copy of the text in which these calls are replaced by `import()`. A call that the lexer does not report is in a
 * string or a comment.
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
    // If a module cannot be read in this way, the browser reports the error with its line as well.
    return [];
  }
}
