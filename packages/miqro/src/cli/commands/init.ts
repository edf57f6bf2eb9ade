import { existsSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { makeFolder } from "../../build/make-folder.js";
import { exitCodes, fileReasonOf, MiqroError } from "../../errors.js";
import { createAppFiles } from "../../scaffold/app-files.js";
import type { CommandArguments } from "../arguments.js";
import { packageVersion } from "../report.js";
import { tsconfig } from "./install-tsconfig.js";

/** `miqro --init [DIR]`: writes a new app. It replaces no file: if one of the files exists, it writes none. */
export function init({ word = "." }: CommandArguments): number {
  const folder = resolve(word);
  const files = {
    ...createAppFiles({
      name: toPackageName(basename(folder)),
      version: packageVersion(),
      hasSQLite: isBuiltin("node:sqlite"),
    }),
    // Without this, tsc --watch compiles again after each write to a database or a log in the folder of the app.
    "tsconfig.json": { ...tsconfig, include: ["app"] },
  };
  const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (there.length > 0) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `Nothing was written, because ${word} already has ${there.join(", ")}. Name a folder that does not exist: miqro --init DIR.`,
    );
  }
  for (const name of Object.keys(files)) makeFolderFor(join(folder, name), word);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    const text = typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`;
    writeFileSync(path, text, { flag: "wx" });
  }
  console.log(`Wrote an app to ${folder}: a page, an API route, a migration and a test.`);
  // Shells split a path at its spaces.
  const quoted = /^[\w./-]+$/.test(word) ? word : `"${word}"`;
  console.log(`Next:${word === "." ? "" : ` cd ${quoted} &&`} npm install && npm run dev`);
  return exitCodes.ok;
}

function makeFolderFor(file: string, word: string): void {
  try {
    makeFolder(dirname(file));
  } catch (error) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `${word} cannot hold a new app: ${fileReasonOf(error)}. Name another folder: miqro --init DIR.`,
      { cause: error },
    );
  }
}

/** The names that npm accepts. */
function toPackageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z\d._-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  return name === "" ? "app" : name.slice(0, 200);
}
