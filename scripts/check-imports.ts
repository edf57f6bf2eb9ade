// Prevents circles of imports, in which one file sees another half loaded and no file can be understood alone. Types are
// erased, so a circle of type imports is no fault; `verbatimModuleSyntax` tells the two apart.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = globSync("packages/*", { cwd: root }).sort();
const circles = folders.flatMap((folder) => findCircles(readImports(folder)));
for (const circle of circles) console.error(`These files import each other: ${circle.join(", ")}.`);
if (circles.length > 0) process.exit(1);
console.log(`${folders.length} packages have no circle of imports.`);

/** For each source file of a package the files that it imports for more than types. */
function readImports(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root });
  const known = new Set(files);
  const statement = /^(?:import|export)\s+(?!type\b)(?:([^;"']*?)\sfrom\s*)?"(\.[^"]+)"/gm;
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
      const targets = [...text.matchAll(statement)]
        .filter(([, names = ""]) => !isOfTypesOnly(names))
        .map(([, , specifier = ""]) => join(file, "..", specifier).replace(/\.js$/, ""))
        .flatMap((path) => [`${path}.ts`, `${path}.tsx`].filter((candidate) => known.has(candidate)));
      return [file, targets];
    }),
  );
}

function isOfTypesOnly(names: string): boolean {
  const list = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]?.trim();
  return (
    list !== undefined &&
    list !== "" &&
    list.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "))
  );
}

/** Tarjan's strongly connected components, of which those with more than one file are circles. */
function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;

  function visit(file: string): void {
    order.set(file, order.size);
    lowest.set(file, order.get(file) ?? 0);
    open.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(target) ?? 0));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  }
}
