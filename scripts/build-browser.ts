// Prevents a page that is served without a bundler from loading dozens of small modules: for each export of a package
// that has a `browser` condition, this writes one minified file beside the modules of `tsc`, which must have run.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

interface Target {
  readonly browser?: string;
  readonly default: string;
}

interface Manifest {
  readonly exports: Readonly<Record<string, Target>>;
}

const packages = ["parser", "jsx", "jsx-dom"].map((name) => join(import.meta.dirname, "../packages", name));

/** A page gets the codes of errors: their sentences, and the checks of developers, are a tenth of its size. */
const forPage: Plugin = {
  name: "for-page",
  setup({ onLoad }) {
    onLoad({ filter: /\bdist\/for-page\.js$/ }, () => ({ contents: "export const forPage = true;" }));
    // The sentences stand where the errors find none.
    onLoad({ filter: /\b(?:parser|jsx)\/dist\/messages\.js$/ }, () => ({
      contents: "export const messages = {};",
    }));
  },
};

async function buildPackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const main = manifest.exports["."]?.default;
  await Promise.all(
    Object.values(manifest.exports).map(async (target) => {
      if (target.browser === undefined) return;
      await build({
        absWorkingDir: folder,
        entryPoints: [target.default],
        outfile: target.browser,
        bundle: true,
        minify: true,
        format: "esm",
        target: "es2022",
        // The other entries import the main one as it is: the page must hold one copy of its state.
        external: target.default === main ? ["@miqro/*"] : ["@miqro/*", "./index.js"],
        plugins: [forPage],
        logLevel: "warning",
      });
    }),
  );
}

await Promise.all(packages.map(buildPackage));
