import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { BadRequestError, ForbiddenError, NotFoundError } from "miqro";
import { type Forbidden, whyForbidden } from "./forbidden-names.js";

/** A checked path. It leads to a file inside the project, even through symbolic links. */
export interface ProjectPath {
  /** The path from the browser: relative to the project, with slashes. */
  readonly path: string;
  /** The absolute path, without symbolic links in its folders. */
  readonly file: string;
}

const longest = 1024;

/**
 * Checks a path from a browser, and resolves it to a file.
 * @param root - the real path of the project folder
 * @param follow - true to follow a link at the end of the path, for reading; false for the link itself, for removing
 * @throws {BadRequestError} if the string is not a relative path
 * @throws {ForbiddenError} for a path outside of the project, and for files that the editor does not show
 */
export async function findProjectPath(root: string, path: string, follow = true): Promise<ProjectPath> {
  const segments = toSegments(path);
  refuseForbidden(whyForbidden(segments), path);
  const asked = join(root, ...segments);
  const folder = await realFolder(dirname(asked));
  let file = join(folder, basename(asked));
  if (follow) file = await realpath(file).catch((error) => missing(error, file));
  const inside = relative(root, file);
  const isInside =
    inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && join(root, inside) === file;
  if (!isInside) throw new ForbiddenError(`"${path}" is outside of the project.`);
  refuseForbidden(whyForbidden(inside.split(sep)), path);
  return { path: segments.join("/"), file };
}

/** Whether a path exists. A link without a target counts too. */
export async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

function toSegments(path: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  const isRelative = path !== "" && path.length <= longest && !/[\\\x00-\x1f]|^\/|^[a-z]:/i.test(path);
  const segments = path.split("/");
  if (!isRelative || segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw new BadRequestError(
      `${JSON.stringify(path.slice(0, 100))} is not a path in the project, such as "app/http/index.html.tsx".`,
    );
  }
  if (segments.some((segment) => Buffer.byteLength(segment) > 255)) {
    throw new BadRequestError("A name has at most 255 bytes.");
  }
  return segments;
}

/** Returns the real path of a folder. The last parts of the path may not exist yet. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    missing(error, folder);
    // A link without a target cannot become a folder.
    if (await isThere(folder)) throw new NotFoundError(`${basename(folder)} is a link without a target.`);
    return join(await realFolder(dirname(folder)), basename(folder));
  }
}

/** Ignores the error for a missing file, and throws all others. */
function missing(error: unknown, file: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return file;
  if (code === "ENOTDIR") throw new NotFoundError("A part of the path is a file, not a folder.");
  if (code === "ELOOP") throw new NotFoundError("A part of the path is a link to itself.");
  throw error;
}

const reasons: Readonly<Record<Forbidden, string>> = {
  hidden: "belongs to version control or to installed packages, which the editor does not show",
  secret: "may contain keys, which the editor does not show",
  database: "is a database: the editor shows its tables, but not the file",
};

function refuseForbidden(why: Forbidden | undefined, path: string): void {
  if (why !== undefined) throw new ForbiddenError(`"${path}" ${reasons[why]}.`);
}
