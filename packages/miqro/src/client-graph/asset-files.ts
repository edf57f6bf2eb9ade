import { basename, extname } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".bin": "application/octet-stream",
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".flac": "audio/flac",
  ".gif": "image/gif",
  ".glb": "model/gltf-binary",
  ".gltf": "model/gltf+json",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".cjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".ogg": "audio/ogg",
  ".otf": "font/otf",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".vtt": "text/vtt; charset=utf-8",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webm": "video/webm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".xml": "text/xml; charset=utf-8",
};

const configs =
  /^(?:package(?:-lock)?|npm-shrinkwrap|miqro|tsconfig(?:\..*)?|jsconfig|composer|deno)\.jsonc?$|\.config\.\w+$/i;
const secrets = /^\.(?:env|pem|key|crt|cer|p12|pfx|jks|keystore|asc|gpg)$/i;
const databases = /^\.(?:db|sqlite3?|sql)(?:-\w+)?$/i;
const sources = /^\.(?:[mc]?tsx?|jsx|map|tsbuildinfo|md|log|lock|sh|ya?ml|toml|ini)$/i;

/** The media type of a file that is served unchanged. */
export function mediaTypeOf(file: string): string {
  return types[extname(file).toLowerCase()] ?? "application/octet-stream";
}

/**
 * The reason why a file that client code names must not be sent to browsers.
 * @param path the path within the project or the package, with `/`
 * @param isProject whether the file belongs to the project itself; files that npm has installed are public
 */
export function assetReason(path: string, isProject: boolean): string | undefined {
  const extension = extname(path);
  if (path.split("/").some((segment) => segment.startsWith("."))) return "its name begins with a dot";
  if (secrets.test(extension)) return "its name is that of a file with secrets";
  if (databases.test(extension)) return "its name is that of a database";
  if (!isProject) return undefined;
  if (configs.test(basename(path))) return "it is a config file";
  if (extension === "") return "it has no extension, so it is not meant for browsers";
  return sources.test(extension) ? `files that end with ${extension} are not meant for browsers` : undefined;
}
