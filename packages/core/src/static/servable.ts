import { sep } from "node:path";

/** Whether a segment can be the name of a file that is served: no dotfile, no separator in disguise, no NUL. */
export function isServable(segment: string): boolean {
  return !segment.startsWith(".") && !/[/\\\0]/.test(segment) && !(sep === "\\" && segment.includes(":"));
}
