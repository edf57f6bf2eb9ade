// Prevents the editor from bringing two dozen packages along, and its page from loading as many modules: CodeMirror becomes
// one file, in the place of what tsc made of src/client/codemirror.ts. Static files are copied beside what tsc wrote, since
// the package is published without its sources.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const folder = join(root, "packages/editor");

const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: ["src/client/codemirror.ts"],
  outfile: "dist/client/codemirror.js",
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  metafile: true,
  logLevel: "warning",
});

// The licenses ask for their text to go with every copy.
const packages = new Set(
  Object.keys(metafile.inputs)
    .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(join(folder, path))?.[1])
    .filter((path) => path !== undefined),
);
const licenses = await Promise.all(
  [...packages].sort().map(async (path) => {
    const name = relative(join(root, "node_modules"), path);
    return `${name}\n\n${await readFile(join(path, "LICENSE"), "utf8")}`;
  }),
);
await writeFile(join(folder, "dist/client/LICENSES.txt"), licenses.join(`\n${"-".repeat(72)}\n\n`));
await cp(join(folder, "src/service/static"), join(folder, "dist/service/static"), { recursive: true });
