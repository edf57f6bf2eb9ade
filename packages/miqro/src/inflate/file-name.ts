import { extname } from "node:path";

/** The extension that makes a file server send a content type, and other extensions with the same effect. */
const extensions: Readonly<Record<string, readonly string[]>> = {
  "text/html": [".html", ".htm"],
  "application/xhtml+xml": [".xhtml"],
  "text/css": [".css"],
  "text/javascript": [".js", ".mjs"],
  "application/javascript": [".js", ".mjs"],
  "application/json": [".json", ".map", ".geojson"],
  "application/manifest+json": [".webmanifest", ".json"],
  "application/feed+json": [".json"],
  "text/markdown": [".md"],
  "text/plain": [".txt", ".text", ".log"],
  "text/csv": [".csv"],
  "text/calendar": [".ics"],
  "text/vtt": [".vtt"],
  "application/xml": [".xml", ".xsl"],
  "text/xml": [".xml", ".xsl"],
  "application/rss+xml": [".xml", ".rss"],
  "application/atom+xml": [".xml", ".atom"],
  "application/yaml": [".yaml", ".yml"],
  "application/pdf": [".pdf"],
  "application/wasm": [".wasm"],
  "application/zip": [".zip"],
  "image/svg+xml": [".svg"],
  "image/png": [".png"],
  "image/jpeg": [".jpg", ".jpeg"],
  "image/gif": [".gif"],
  "image/webp": [".webp"],
  "image/avif": [".avif"],
  "image/x-icon": [".ico"],
  "image/vnd.microsoft.icon": [".ico"],
};
const known = new Set(Object.values(extensions).flat());

/** The media type of a `Content-Type`, without its parameters. */
export function toMediaType(contentType: string): string {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/**
 * The file names, relative to the root of a site, at which a file server finds a path with a content type.
 * @param path - decoded, such as `/docs/guide`
 * @returns undefined if the extension of the path means another content type
 */
export function toFileName(path: string, contentType: string): string | undefined {
  const name = path.replace(/^\//, "");
  const type = toMediaType(contentType);
  if (name === "" || name.endsWith("/")) {
    return type === "text/html" ? `${name}index.html` : undefined;
  }
  const fitting = extensions[type] ?? generalExtensions(type);
  const extension = extname(name).toLowerCase();
  if (fitting === undefined || fitting.includes(extension)) return name;
  if (known.has(extension)) return undefined;
  return type === "text/html" ? `${name}/index.html` : name + fitting[0];
}

function generalExtensions(type: string): readonly string[] | undefined {
  if (type.endsWith("+json")) return [".json"];
  if (type.endsWith("+xml")) return [".xml"];
  return undefined;
}

/**
 * Decodes the path of a request into the names of folders and a file.
 * @returns undefined if no file can have these names
 */
export function decodePath(path: string): string | undefined {
  const names: string[] = [];
  for (const segment of path.split("/")) {
    let name: string;
    try {
      name = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
    if (name === "." || name === ".." || /[/\\\0]/.test(name)) return undefined;
    names.push(name);
  }
  return names.join("/");
}

/** Percent-encodes a path of file names. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
