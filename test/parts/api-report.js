// Prints everything that users of a package can name or reach by types: for each entry the declarations of its exports,
// then the declarations of the package that these mention. Comments are left out, and nothing depends on which file
// holds a declaration, so that moving files changes no line.
//
//   node test/parts/api-report.js FOLDER    a folder below packages/, built
//
// It lies here since it needs the compiler's API, which TypeScript 7 does not have.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5";

const base = join(fileURLToPath(new URL("../../packages/", import.meta.url)), process.argv[2] ?? "");
const manifest = JSON.parse(readFileSync(join(base, "package.json"), "utf8"));
const entries = Object.entries(manifest.exports).map(([key, { types }]) => [key, join(base, types)]);
const program = ts.createProgram(
  entries.map(([, file]) => file),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
  },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });
const printed = new Set();
const mentioned = [];
const lines = [];

for (const [key, file] of entries) {
  lines.push(`# ${key}`, "");
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  for (const symbol of exported.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const target = resolve(symbol);
    // The name of a whole module is its path on this machine.
    const name = target.name.replace(join(base, ".."), "").replaceAll('"', "");
    lines.push(printed.has(target) || symbol.name !== target.name ? `${symbol.name} = ${name}` : "");
    lines.push(print(target));
  }
}
const internal = [];
// The array grows while it is read: what is mentioned mentions more.
for (const symbol of mentioned) internal.push(print(symbol));
lines.push("# mentioned", "", ...internal.sort());
console.log(lines.filter((line, index) => line !== "" || lines[index - 1] !== "").join("\n"));

function print(symbol) {
  if (printed.has(symbol)) return "";
  printed.add(symbol);
  return (symbol.declarations ?? [])
    .filter(isOwn)
    .map((declaration) => {
      mention(declaration);
      const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
      // Whether a declaration that is only mentioned is exported to other files says nothing to users.
      return printer
        .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
        .replace(/^(?:export )?(?:declare )?/, "");
    })
    .join("\n");
}

function mention(node) {
  if (ts.isIdentifier(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    const target = symbol && resolve(symbol);
    if (target?.declarations?.some((one) => isOwn(one) && isTopLevel(one))) mentioned.push(target);
  }
  ts.forEachChild(node, mention);
}

function resolve(symbol) {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function isOwn(node) {
  return node.getSourceFile().fileName.startsWith(join(base, "dist"));
}

function isTopLevel(node) {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return !ts.isSourceFile(statement) && ts.isSourceFile(statement.parent);
}
