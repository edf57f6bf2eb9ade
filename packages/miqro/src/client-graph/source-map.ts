import { readFileSync, realpathSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Edit } from "./browser-source.js";
import { isWithin, type ModuleLocator } from "./module-location.js";
import { shiftMappings } from "./shift-mappings.js";
import type { SourceFile } from "./source-reader.js";

/** The location of the source map of a script: a file beside the script, or the script itself. */
export interface SourceMapReference {
  /** The folder that paths in the map are relative to. */
  readonly file: string;
  /** The text of a map that is part of the script. */
  readonly inline: string | undefined;
}

/** The input of a source map. */
export interface SourceMapOptions {
  readonly script: SourceFile;
  readonly reference: SourceMapReference;
  /** The edits that were made after the edits of the script. */
  readonly edits: readonly Edit[];
  readonly locator: ModuleLocator;
  readonly isPrivate: (file: string) => string | undefined;
}

/** The map that the last such comment of a script names, if there is a map and it may be served. */
export async function findSourceMap(script: SourceFile): Promise<SourceMapReference | undefined> {
  const { original, edits, file, owner } = script;
  let url: string | undefined;
  for (const { start, end } of edits) {
    url = /^\/[/*][#@] ?sourceMappingURL=([^\s*]+)/.exec(original.slice(start, end))?.[1] ?? url;
  }
  if (url === undefined) return undefined;
  const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/i.exec(url);
  if (data?.[2] !== undefined) {
    const inline = data[1] === undefined ? decode(data[2]) : Buffer.from(data[2], "base64").toString();
    return inline === undefined ? undefined : { file, inline };
  }
  try {
    const real = await realpath(fileURLToPath(new URL(url, pathToFileURL(file))));
    return real.endsWith(".map") && isWithin(owner.root, real)
      ? { file: real, inline: undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The map for the served text. Its columns are moved by the edits, and it contains the sources, because the sources
 * have no URLs.
 * @returns `undefined` if the map cannot be read
 */
export function toServedMap({ script, reference, edits, ...options }: SourceMapOptions): string | undefined {
  try {
    const map = JSON.parse(reference.inline ?? readFileSync(reference.file, "utf8"));
    const { sourceRoot, sources, sourcesContent, mappings, ...rest } = map;
    // A map of maps stays unchanged, since hardly any tool writes such a map.
    if (typeof mappings !== "string" || !Array.isArray(sources)) return JSON.stringify(map);
    const found = sources.map((source: unknown, index) => {
      const path = typeof source === "string" ? joined(sourceRoot, source) : "";
      return toSource(path, sourcesContent?.[index], { script, reference, ...options });
    });
    return JSON.stringify({
      ...rest,
      sources: found.map(({ name }) => name),
      sourcesContent: found.map(({ content }) => content),
      mappings: shiftMappings(shiftMappings(mappings, script.original, script.edits), script.text, edits),
    });
  } catch {
    return undefined;
  }
}

function toSource(
  source: string,
  known: unknown,
  { script, reference, locator, isPrivate }: Omit<SourceMapOptions, "edits">,
): { readonly name: string; readonly content: string | null } {
  const content = typeof known === "string" ? known : null;
  const { root, packageName } = script.owner;
  const url = new URL(source, pathToFileURL(reference.file));
  if (url.protocol !== "file:") return { name: source, content };
  const file = fileURLToPath(url);
  if (!isWithin(root, file)) return { name: source, content };
  // The paths are relative to `/_miqro/HASH/`, so that developer tools show the tree of the project.
  const folder = packageName === undefined ? "" : `node_modules/${packageName}/`;
  const name = `../../${folder}${locator.toPath(file, script.owner)}`;
  return { name, content: content ?? readSource(file, root, isPrivate) };
}

function readSource(file: string, root: string, isPrivate: SourceMapOptions["isPrivate"]): string | null {
  try {
    const real = realpathSync(file);
    const isSource = /\.[mc]?[jt]sx?$/.test(real) && isWithin(root, real) && isPrivate(real) === undefined;
    return isSource ? readFileSync(real, "utf8") : null;
  } catch {
    return null;
  }
}

function joined(root: unknown, source: string): string {
  return typeof root !== "string" || root === "" ? source : `${root.replace(/\/$/, "")}/${source}`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
