import { extname } from "node:path";
import { lookup } from "mrmime";
import { binaryType } from "../reply/body-type.js";

/** The content type of a file, by its name. */
export function toContentType(name: string): string {
  const type = lookup(extname(name));
  if (type === undefined) return binaryType;
  const isText = type.startsWith("text/") || type === "application/json" || type === "image/svg+xml";
  return isText ? `${type}; charset=utf-8` : type;
}
