import { ArgumentError } from "../errors.js";
import type { ParamSlot } from "../exchange/served.js";

/** One segment of a pattern: a fixed string, `:name`, or `*` for the rest. */
export type Token =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "tail" };

/** A path pattern without its optional segment: `/users/:id?` becomes two patterns. */
export type Pattern = readonly Token[];

const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Parses a path such as `/users/:id?` or `/files/*`. Returns two patterns if the last segment is optional. */
export function parsePattern(path: string): Pattern[] {
  if (typeof path !== "string" || (path !== "" && !path.startsWith("/"))) {
    throw new ArgumentError(
      `A path must begin with a slash, as in "/users/:id"; received ${JSON.stringify(path) ?? typeof path}.`,
    );
  }
  const parts = path.split("/").filter((part) => part !== "");
  const tokens: Token[] = [];
  let optional = false;
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === "*") {
      if (!last) throw new ArgumentError(`"*" stands for the rest of a path and must end it: ${path}.`);
      tokens.push({ kind: "tail" });
    } else if (part.startsWith(":")) {
      optional = part.endsWith("?");
      if (optional && !last) {
        throw new ArgumentError(
          `Only the last segment of a path can be optional, but "${part}" of ${path} is not the last one.`,
        );
      }
      const name = optional ? part.slice(1, -1) : part.slice(1);
      if (!parameterName.test(name) || name === "__proto__") {
        throw new ArgumentError(
          `"${part}" of ${path} is not a parameter: write a colon and a name, as in ":id".`,
        );
      }
      tokens.push({ kind: "param", name });
    } else {
      tokens.push({ kind: "static", text: parseText(part, path) });
    }
  }
  checkNames(tokens, path);
  return optional ? [tokens, tokens.slice(0, -1)] : [tokens];
}

// Requests are matched without escapes and dot segments, so a pattern with these would never match.
function parseText(part: string, path: string): string {
  let text = part;
  try {
    if (part.includes("%")) text = decodeURIComponent(part);
  } catch (error) {
    throw new ArgumentError(
      `"${part}" of ${path} has a malformed percent escape; "%" itself is "%25".`,
      error,
    );
  }
  if (text === "." || text === ".." || /[:*?#{}]/.test(part)) {
    throw new ArgumentError(
      `"${part}" of ${path} would match nothing: a parameter is a whole segment, as in "/:id", "*" is the last one, and : * ? # { } themselves are written as percent escapes.`,
    );
  }
  return text;
}

/** Puts a pattern below a prefix. */
export function joinPatterns(prefix: Pattern, pattern: Pattern): Pattern {
  const joined = [...prefix, ...pattern];
  checkNames(joined, toPath(joined));
  return joined;
}

function checkNames(tokens: Pattern, path: string): void {
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "tail" && index < tokens.length - 1) {
      throw new ArgumentError(`"*" stands for the rest of a path and must end it: ${path}.`);
    }
    if (token.kind !== "param") continue;
    if (names.has(token.name))
      throw new ArgumentError(`The parameter ":${token.name}" occurs twice in ${path}.`);
    names.add(token.name);
  }
}

/** Returns the positions of the parameters of a pattern, or `undefined` if it has none. */
export function toSlots(pattern: Pattern): readonly ParamSlot[] | undefined {
  const slots: ParamSlot[] = [];
  for (const [index, token] of pattern.entries()) {
    if (token.kind === "param") slots.push({ name: token.name, index });
    else if (token.kind === "tail") slots.push({ name: "*", index });
  }
  return slots.length === 0 ? undefined : slots;
}

/** Writes a pattern as a path. */
export function toPath(pattern: Pattern): string {
  if (pattern.length === 0) return "/";
  return pattern
    .map((token) =>
      token.kind === "static"
        ? `/${escapeText(token.text)}`
        : token.kind === "param"
          ? `/:${token.name}`
          : "/*",
    )
    .join("");
}

function escapeText(text: string): string {
  return text.replace(/[%/:*?#{}]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const ranks = { static: 0, param: 1, tail: 2 } as const;

/** Orders two patterns that match the same path, from the left: static before parameter before wildcard. */
export function compareSpecificity(a: Pattern, b: Pattern): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = ranks[(a[index] as Token).kind] - ranks[(b[index] as Token).kind];
    if (difference !== 0) return difference;
  }
  // One pattern is longer only by a wildcard that matches no segment here.
  return a.length - b.length;
}

/** Orders patterns that can match the same paths or paths below them: the most exact pattern first. */
export function compareReach(a: Pattern, b: Pattern): number {
  return b.length - a.length || compareSpecificity(a, b);
}

/**
 * Whether a pattern matches a path, or a path above it.
 *
 * @param folds Whether case does not matter.
 */
export function fitsBelow(segments: readonly string[], pattern: Pattern, folds: boolean): boolean {
  return pattern.every((token, index) => {
    if (token.kind === "tail") return true;
    const segment = segments[index];
    if (segment === undefined) return false;
    return token.kind === "param" || segment === token.text || (folds && fold(segment) === fold(token.text));
  });
}

/** Makes strings equal if they differ only in case. */
export function fold(text: string): string {
  return text.toLowerCase();
}
