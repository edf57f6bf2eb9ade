/** A part of a path between two slashes. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  /** `suffix` follows the value: `.html` in `/:id.html`. */
  | { readonly kind: "param"; readonly name: string; readonly suffix: string }
  /** Any number of segments. */
  | { readonly kind: "rest" };

/** The name of the parameter for the rest of a path. */
export const restName = "*";

/** Parses the path of an operation. */
export function parsePath(path: string): Segment[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((part) => {
    if (part === "*") return { kind: "rest" };
    const [, name, suffix = ""] = /^:(\w+)(\..*)?$/.exec(part) ?? [];
    return name === undefined ? { kind: "text", text: part } : { kind: "param", name, suffix };
  });
}

/** The names of the parameters in a path. */
export function paramNames(path: string): string[] {
  return parsePath(path).flatMap((segment) =>
    segment.kind === "text" ? [] : [segment.kind === "param" ? segment.name : restName],
  );
}

/** Writes a path, and calls `write` for each parameter. */
export function writePath(path: string, write: (name: string) => string): string {
  const parts = parsePath(path).map((segment) => {
    if (segment.kind === "text") return segment.text;
    return segment.kind === "param" ? `${write(segment.name)}${segment.suffix}` : write(restName);
  });
  return `/${parts.join("/")}`;
}

/** Whether a path matches a pattern of `path` or `exclude` of a session handler, or is below such a path. */
export function fitsBelow(path: string, pattern: string): boolean {
  const segments = parsePath(path);
  const isOptional = pattern.endsWith("?");
  const wanted = parsePath(isOptional ? pattern.slice(0, pattern.lastIndexOf("/")) : pattern);
  return wanted.every((token, index) => {
    if (token.kind === "rest") return true;
    const segment = segments[index];
    if (segment === undefined) return false;
    // A parameter of the path can be any value. The text of a pattern is at most one of these values.
    return token.kind === "param" || (segment.kind === "text" && segment.text === token.text);
  });
}
