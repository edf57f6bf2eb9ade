import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, toMessage } from "../errors.js";
import { Faults } from "../options/check-options.js";
import type { Router } from "../routing/router.js";
import { type CreatedModule, createModule } from "./create-module.js";
import { findModules, type ModuleFolder } from "./find-modules.js";

interface LoadedFolder {
  readonly name: string;
  readonly module: CreatedModule | undefined;
  readonly folders: readonly LoadedFolder[];
}

/**
 * Loads the modules of a folder, and mounts each module in the module around it.
 *
 * @throws {ArgumentError} with all mistakes, and the file of each.
 */
export async function mountModules(router: Router, folder: string): Promise<void> {
  const faults = new Faults();
  const found = await findModules(folder, "", faults, toName).catch((error: Error) => {
    faults.add("", `The modules of ${toName(folder)} cannot be read: ${error.message}.`);
    return undefined;
  });
  const loaded = found === undefined ? undefined : await loadFolder(found, faults);
  if (loaded !== undefined && faults.isEmpty && !hasModule(loaded)) {
    faults.add(
      "",
      `There is no module in ${toName(folder)}. Add a file module.js or module.ts, in this folder or in a folder below it.`,
    );
  }
  faults.throw("The folder of modules");
  if (loaded !== undefined) mountFolder(router, loaded, "");
}

async function loadFolder({ name, file, folders }: ModuleFolder, faults: Faults): Promise<LoadedFolder> {
  const module = file === undefined ? undefined : await loadModule(file, faults);
  const inner: LoadedFolder[] = [];
  // The folders are loaded one after the other, in the order in which they are mounted.
  for (const one of folders) inner.push(await loadFolder(one, faults));
  return { name, module, folders: inner };
}

async function loadModule(file: string, faults: Faults): Promise<CreatedModule | undefined> {
  const name = toName(file);
  let exports: object;
  try {
    exports = (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    faults.add(name, `${name} cannot be loaded: ${toReason(error)}`);
    return undefined;
  }
  try {
    return createModule(exports, name);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    for (const issue of error.issues) {
      faults.add([name, issue.path].filter((part) => part !== "").join(": "), `${name}: ${issue.message}`);
    }
    return undefined;
  }
}

function toReason(error: unknown): string {
  const message = toMessage(error);
  const { code } = Object(error) as { code?: unknown };
  if (error instanceof ReferenceError && message.includes("before initialization")) {
    return `${message}. It is imported by a file that it imports: move the code that both need to a third file.`;
  }
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "This version of Node.js does not run TypeScript. Compile it, and give the folder of the output.";
  }
  return message;
}

function mountFolder(router: Router, { name, module, folders }: LoadedFolder, above: string): void {
  const path = module?.prefix === undefined ? toPath(above, name) : toPath(above, module.prefix.slice(1));
  if (module === undefined) {
    for (const one of folders) mountFolder(router, one, path);
    return;
  }
  for (const one of folders) mountFolder(module.router, one, "");
  router.use(path === "" ? "/" : path, module.router);
}

function toPath(above: string, name: string): string {
  return name === "" ? above : `${above}/${name}`;
}

function hasModule({ module, folders }: LoadedFolder): boolean {
  return module !== undefined || folders.some(hasModule);
}

/**
 * Returns the name of a file for messages. It is relative to the current folder of the program, if the file is inside
 * it.
 */
function toName(path: string): string {
  const name = relative(process.cwd(), path);
  return name === "" ? "." : name.startsWith("..") ? path : name.split(sep).join("/");
}
