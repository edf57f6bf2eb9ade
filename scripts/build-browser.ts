// Prevents a page that is served without a bundler from loading dozens of small modules: for each export of a package
// that has a `browser` condition, this writes one minified file beside the modules of `tsc`, which must have run.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";

interface Target {
  readonly browser?: string;
  readonly default: string;
}

interface Manifest {
  readonly exports: Readonly<Record<string, Target>>;
}

const packages = ["parser", "jsx", "jsx-dom"].map((name) => join(import.meta.dirname, "../packages", name));

// Known while a file is read, a constant takes with it what only it kept alive; an imported one comes too late for that.
const forPageImport = /^import \{ forPage \} from "[./]+\/for-page\.js";$/m;

// What only one package knows: the fields of its parts and listeners, and of states. Those that hosts, hooks and other copies of a
// package share keep their names.
const ownProperties: Readonly<Record<string, RegExp>> = {
  jsx: /^(?:reducer|dispatch|shown|held)$/,
  "jsx-dom":
    /^(?:kind|parent|parts|index|node|instance|dom|listeners|cleanup|typed|gap|first|last|handler|added)$/,
};

/** A page gets the codes of errors: their sentences, and the checks of developers, are a tenth of its size. */
const forPage: Plugin = {
  name: "for-page",
  setup({ onLoad, onResolve }) {
    // An import that is left with nothing to import is left out.
    onResolve({ filter: /^@miqro\// }, ({ path }) => ({ path, external: true, sideEffects: false }));
    // Errors have their sentences where this finds none.
    onLoad({ filter: /\bdist\/messages\.js$/ }, () => ({ contents: "export const messages = {};" }));
    onLoad({ filter: /\bdist\/.*\.js$/ }, async ({ path }) => {
      return { contents: (await readFile(path, "utf8")).replace(forPageImport, "") };
    });
  },
};

async function buildPackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const main = manifest.exports["."]?.default;
  const own = ownProperties[basename(folder)];
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
        external: target.default === main ? [] : ["./index.js"],
        plugins: [forPage],
        define: { forPage: "true" },
        ...(own && { mangleProps: own }),
        logLevel: "warning",
      });
    }),
  );
}

await Promise.all(packages.map(buildPackage));
