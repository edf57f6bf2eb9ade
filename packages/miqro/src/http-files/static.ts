import { sep } from "node:path";
import { fileKind } from "./kind.js";

/** Whether a path below `http/` is served as a plain file. */
export function isServedFile(relativePath: string): boolean {
  const parts = relativePath.split(sep === "\\" ? /[\\/]/ : "/");
  const name = parts.pop() ?? "";
  return parts.every((part) => !/^[._]/.test(part)) && fileKind(name).kind === "static";
}
