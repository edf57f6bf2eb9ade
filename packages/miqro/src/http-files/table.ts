import type { HttpFileKind } from "./http-file-kind.js";
import type { FileName } from "./kind.js";

/** A row of the table of kinds. */
export interface HttpFileEntry {
  /** The name of the kind, in messages and in other tables. */
  readonly kind: string;
  /** The last parts of the paths of a file of this kind; undefined for a file of another kind. */
  names(file: FileName): readonly string[] | undefined;
  /** The side on which its modules run. A module that runs on the server is never sent to browsers. */
  readonly runs?: "server" | "browser";
  /** Whether files of this kind may load a private script with this name, from their folder or a folder above. */
  readonly finds?: (name: string) => boolean;
  /** Whether a file of this kind with the name `404.html` directly in `http/` is the 404 page. */
  readonly isPage?: true;
  /**
   * The part of its files in a static site: for a `page` it is the answer of the handler; an `asset` has no handler of
   * the app. Files of other kinds are part of the site if they export `inflatePaths`.
   */
  readonly inflates?: "page" | "asset";
  /** The reason why the name of such a file cannot be a parameter, as in `[id].min.ts`. */
  readonly noParameter?: string;
  /** Imports the kind if a service has such a file. */
  readonly load: () => Promise<HttpFileKind>;
}

/** Every kind of file below `http/`, besides private files and files that are served unchanged. */
export const httpFiles: readonly HttpFileEntry[] = [
  {
    kind: "page",
    names: scriptEndingWith(".html", (stem) => [`${stem}.html`]),
    runs: "server",
    isPage: true,
    inflates: "page",
    load: async () => (await import("./page.js")).page,
  },
  {
    kind: "api",
    names: scriptEndingWith(".api", (stem) => [stem]),
    runs: "server",
    load: async () => (await import("./api.js")).api,
  },
  {
    kind: "json",
    names: scriptEndingWith(".json", (stem) => [`${stem}.json`]),
    runs: "server",
    inflates: "page",
    load: async () => (await import("./json.js")).json,
  },
  {
    kind: "client",
    names: scriptEndingWith(".min", (stem) => [`${stem}.js`, `${stem}.min.js`]),
    runs: "browser",
    inflates: "asset",
    noParameter: "Client code has one name; it cannot be a parameter. Rename it.",
    load: async () => (await import("./client.js")).client,
  },
  {
    kind: "markdown",
    names: endingWith(".html.md", (stem) => [stem, `${stem}.html`]),
    finds: (name) => /^_[\w-]+\.html\.[^.]+$/.test(name),
    isPage: true,
    inflates: "page",
    load: async () => (await import("./markdown.js")).markdown,
  },
  {
    kind: "css-bundle",
    names: endingWith(".css.bundle", (stem) => [`${stem}.css`]),
    inflates: "asset",
    noParameter: "A style sheet has one name; it cannot be a parameter. Rename it.",
    load: async () => (await import("./css-bundle.js")).cssBundle,
  },
  {
    kind: "module",
    names: ({ base, isScript }) => (isScript && base === "module" ? [] : undefined),
    runs: "server",
    load: async () => (await import("./module.js")).module,
  },
];

type Names = HttpFileEntry["names"];

/** The names of scripts with a suffix before the extension: `list.api.ts`. */
function scriptEndingWith(ending: string, toNames: (stem: string) => string[]): Names {
  return ({ base, isScript }) => {
    if (!isScript || !base.endsWith(ending) || base.length === ending.length) return undefined;
    return toNames(base.slice(0, -ending.length));
  };
}

/** The names of other files: `guide.html.md`. */
function endingWith(ending: string, toNames: (stem: string) => string[]): Names {
  return ({ base, isScript }) =>
    isScript || !base.endsWith(ending) ? undefined : toNames(base.slice(0, -ending.length));
}
