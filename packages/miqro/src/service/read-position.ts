import { fileURLToPath } from "node:url";

/** A position in a file. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Reads the position of a syntax error. Node.js writes it, and the line with a mark, before the message. */
export function readHeadPosition(text: string): Position | undefined {
  const [, path, line, code = "", indent = "", mark] =
    /^((?:file:\/\/|\/|[A-Z]:\\).*):(\d+)\n(.*)\n( *)(\^?)/m.exec(text) ?? [];
  if (path === undefined) return undefined;
  // There is no mark at the end of a file.
  const column = mark === "^" ? indent.length + 1 : code.length + 1;
  return { file: toPath(path), line: Number(line), column };
}

/** Reads the position of the first call in a stack that belongs to neither a package nor miqro. */
export function readFramePosition(stack: string): Position | undefined {
  return findFrame(stack, isOfProject);
}

/** Reads the position of the first call in a stack that belongs to neither Node.js nor miqro. */
export function readPackagePosition(stack: string): Position | undefined {
  return findFrame(stack, (file) => !isOwn(file));
}

function findFrame(stack: string, isMeant: (file: string) => boolean): Position | undefined {
  const frames = stack.matchAll(/(file:\/\/[^()\s]+?|(?<=[( ])\/[^()\n]+?):(\d+):(\d+)/g);
  for (const [, path = "", line, column] of frames) {
    const file = toPath(path);
    if (isMeant(file)) return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** The calls in a stack that belong to neither Node.js nor a package nor miqro, one on each line. */
export function projectCalls(stack: string): string[] {
  return stack.split("\n").filter((line) => /^ +at /.test(line) && readFramePosition(line) !== undefined);
}

function isOfProject(file: string): boolean {
  return !file.includes("/node_modules/") && !isOwn(file);
}

function isOwn(file: string): boolean {
  return file.startsWith(ownFolder) || /\/node_modules\/(?:@miqro\/[^/]+|miqro)\//.test(file);
}

/** In a workspace, the path of miqro contains no `node_modules`. */
const ownFolder = fileURLToPath(new URL("..", import.meta.url));

/** The path that a message of Node.js names as a path or as a URL. */
export function toPath(name: string): string {
  return name.startsWith("file:") ? fileURLToPath(name) : name;
}

/** A position as it is written in messages: `file:line:column`. */
export function toPlace({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}
