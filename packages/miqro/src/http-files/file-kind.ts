/** What a file below `http/` is, by its name. */
export type FileKind = "page" | "api" | "json" | "client" | "markdown" | "later" | "private" | "static";

/** A file below `http/`, read as a route. */
export interface RouteName {
  readonly kind: FileKind;
  /** The last part of the paths that it answers, without the folder: `list` for `list.api.ts`. */
  readonly names: readonly string[];
}

// In any case of letters: some file systems find x.api.ts by the name x.API.TS.
const script = /\.(?:[mc]?[jt]s|[jt]sx)$/i;
const privateName =
  /^[._#]|\.test\.|\.d\.[mc]?ts$|\.map$|\.(?:sqlite3?|db)(?:-\w+)?$|[~#]$|\.(?:bak|orig|rej|sw[a-p]|tsbuildinfo)$/i;

/** Whether a file is JavaScript or TypeScript. */
export function isScript(name: string): boolean {
  return script.test(name);
}

/**
 * Reads a file name by the conventions of a service's `http/` folder.
 * @param name - the file's name without its folder
 */
export function fileKind(name: string): RouteName {
  if (privateName.test(name)) return { kind: "private", names: [] };
  if (name.endsWith(".html.md")) {
    const stem = name.slice(0, -".html.md".length);
    return { kind: "markdown", names: [stem, `${stem}.html`] };
  }
  if (name.endsWith(".css.bundle")) return { kind: "later", names: [] };
  const base = name.replace(script, "");
  if (base === name) return { kind: "static", names: [name] };
  if (base === "module") return { kind: "later", names: [] };
  const dot = base.lastIndexOf(".");
  const stem = base.slice(0, dot);
  switch (dot > 0 ? base.slice(dot) : "") {
    case ".html":
      return { kind: "page", names: [base] };
    case ".api":
      return { kind: "api", names: [stem] };
    case ".json":
      return { kind: "json", names: [base] };
    case ".min":
      return { kind: "client", names: [`${stem}.js`, `${base}.js`] };
    default:
      return { kind: "private", names: [] };
  }
}

/** A part of a route's path. */
export interface RouteToken {
  readonly token: string;
  /** What the value of the parameter must end with: `.html` for `[id].html`. */
  readonly suffix?: string;
}

/** The route token of a file or folder name: `[id]` is `:id`, `[...rest]` is `*`. */
export function routeToken(name: string): RouteToken {
  const [, dots, parameter, suffix] = /^\[(\.\.\.)?([^[\]]+)\](\.[^[\]]*)?$/.exec(name) ?? [];
  if (parameter === undefined) return { token: name };
  const token = dots === undefined ? `:${parameter}` : "*";
  return suffix === undefined ? { token } : { token, suffix };
}
