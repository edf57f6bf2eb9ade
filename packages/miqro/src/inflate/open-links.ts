import { readFileSync } from "node:fs";
import type { Problem } from "../errors.js";
import { claimsOf } from "../http-files/route-paths.js";
import type { LoadedService } from "../service/load-service.js";
import type { LinkTarget, SitePaths } from "./site-paths.js";
import type { Target } from "./target.js";

type OpenLink = LinkTarget & { readonly link: string };

/** Links to paths of the site that had no answer when the links were found. */
export class OpenLinks {
  readonly #services: readonly LoadedService[];
  /** The pages with the links. The key is the target. */
  readonly #links = new Map<string, Map<Target, OpenLink>>();

  constructor(services: readonly LoadedService[]) {
    this.#services = services;
  }

  add(open: OpenLink, target: Target): void {
    const known = this.#links.get(open.path) ?? new Map<Target, OpenLink>();
    this.#links.set(open.path, known);
    if (!known.has(target)) known.set(target, open);
  }

  /**
   * The links without a target, each once.
   * @param leftOut - the paths that exist, but refuse some clients
   */
  problems(site: SitePaths, leftOut: ReadonlySet<string>): Problem[] {
    const problems: Problem[] = [];
    for (const links of this.#links.values()) {
      // Answers arrive in any order. A page with several paths is always reported by the first of them.
      const [[first, open] = []] = [...links].sort(
        ([a], [b]) => Number(b.isFirst) - Number(a.isFirst) || (a.path < b.path ? -1 : 1),
      );
      if (first === undefined || open === undefined) continue;
      if (site.find(open.path) !== undefined || leftOut.has(open.path)) continue;
      const others = new Set([...links.keys()].map(({ source }) => source)).size - 1;
      const more = others === 0 ? "" : `, as ${others} more do`;
      const line = findLine(first.source, open.link);
      const place = line === undefined ? "" : ` (${first.source}:${line})`;
      problems.push({
        file: first.source,
        message: `${first.path} links to "${open.link}"${more}, ${this.#why(open.path)}${place}`,
      });
    }
    return problems;
  }

  #why(path: string): string {
    for (const { http } of this.#services) {
      for (const loaded of http) {
        const claim = claimsOf(loaded).find((one) => one.method === "GET" && fits(one, path));
        if (claim === undefined || loaded.file.isNotFoundPage === true) continue;
        const remedy =
          loaded.kind.openScope === undefined
            ? `Let it export inflatePaths that name ${path}.`
            : "Move the route to an .api file that exports inflatePaths.";
        return `but ${loaded.file.source}, which answers it, is not part of the site. ${remedy}`;
      }
    }
    return `which nothing answers. Correct the link, or add rel="external" if another program answers it.`;
  }
}

function fits(
  { path, suffix = "" }: { readonly path: string; readonly suffix?: string | undefined },
  asked: string,
): boolean {
  const pattern = path
    .split("/")
    .map((part) =>
      part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"),
    )
    .join("/");
  return new RegExp(`^${pattern}${suffix.replace(/\./g, "\\.")}/?$`).test(asked);
}

/** The line of a source that contains a link, counted from 1. */
function findLine(source: string, link: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(source, "utf8");
  } catch {
    return undefined;
  }
  const index = text.indexOf(link);
  return index === -1 ? undefined : text.slice(0, index).split("\n").length;
}
