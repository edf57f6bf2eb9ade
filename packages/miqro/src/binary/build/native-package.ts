import { globSync } from "node:fs";
import { readPackage } from "./carried-paths.js";

const builders =
  /^(?:bindings|node-gyp-build|node-gyp-build-optional-packages|node-pre-gyp|@mapbox\/node-pre-gyp|prebuild-install|napi-.*|nan|node-addon-api)$/;

// Packages with a library for each kind of machine list these libraries as optional dependencies.
const platform = /(?:linux|darwin|win32)-(?:x64|arm64)/;

/**
 * Whether a package loads a compiled library for one kind of machine. Such a library can only be loaded from the disk.
 */
export function isNativePackage(folder: string): boolean {
  const { gypfile, dependencies = {}, optionalDependencies = {} } = readPackage(folder);
  if (gypfile === true || Object.keys(dependencies).some((name) => builders.test(name))) return true;
  if (Object.keys(optionalDependencies).some((name) => platform.test(name))) return true;
  const exclude = (name: string) => name === "node_modules";
  return globSync(["**/*.node", "**/binding.gyp"], { cwd: folder, exclude }).length > 0;
}
