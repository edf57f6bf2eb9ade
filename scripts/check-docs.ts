// Prevents documentation that does not work: every example in a ts or tsx block is compiled against the built
// packages, every relative link leads to a file, and the files that CONTRIBUTING.md tells readers to change exist.
// An excerpt that cannot stand alone is a block of js.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const work = join(root, "node_modules", ".cache", "docs");
const problems: string[] = [];
const origins = new Map<string, string>();

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const documents = globSync(["*.md", "{packages,examples}/*/*.md", "docs/**/*.md", "decisions/*.md"], {
  cwd: root,
});
for (const document of documents.sort()) {
  const text = readFileSync(join(root, document), "utf8");
  collectExamples(document, text);
  checkLinks(document, text);
}
checkPlacesOfChanges();
compileExamples();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(
  `${origins.size} examples of ${documents.length} documents compile, and their links lead somewhere.`,
);

function collectExamples(document: string, text: string): void {
  for (const { 1: language, 2: code = "", index } of text.matchAll(/^```(tsx?)\n([\s\S]*?)^```/gm)) {
    const line = text.slice(0, index).split("\n").length;
    const name = `${document.replace(/\W+/g, "-")}-${line}`;
    origins.set(name, `${document}:${line}`);
    writeFileSync(join(work, `${name}.${language}`), `${code}\nexport {};\n`);
  }
}

function checkLinks(document: string, text: string): void {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:|^#|^\//.test(target)) continue;
    // A registry shows the README of a package, and nothing beside it.
    if (/^packages.[^/\\]+.README\.md$/.test(document)) {
      problems.push(`${document}: the link to ${target} leads nowhere on npm; write its whole address.`);
    }
    const path = resolve(root, dirname(document), target.replace(/#.*/, ""));
    if (!existsSync(path)) problems.push(`${document}: the link to ${target} leads nowhere.`);
  }
}

/** Each row of "Where to change what" is `| change | package | files below its src |`, with at most three files. */
function checkPlacesOfChanges(): void {
  const document = "CONTRIBUTING.md";
  const [, section = ""] = readFileSync(join(root, document), "utf8").split("## Where to change what\n");
  const rows = [
    ...section
      .split("\n## ", 1)
      .join()
      .matchAll(/^\| ([^|]+) \| `([^`|]+)` \| ([^|]+) \|$/gm),
  ];
  if (rows.length === 0) problems.push(`${document}: the table of "Where to change what" has no rows.`);
  for (const [, change = "", name = "", cell = ""] of rows) {
    const files = [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => `packages/${name}/src/${file}`);
    if (files.length === 0 || files.length > 3) {
      problems.push(`${document}: "${change}" names ${files.length} files; name one to three.`);
    }
    for (const file of files) {
      if (!existsSync(join(root, file)))
        problems.push(`${document}: "${change}" names ${file}, which is no file.`);
    }
  }
}

/** Under the options that `miqro --install-tsconfig` writes, which are those of most readers, but as strictly as can be. */
function compileExamples(): void {
  const compilerOptions = {
    target: "es2022",
    module: "nodenext",
    lib: ["es2023", "dom", "dom.iterable"],
    types: ["miqro"],
    jsx: "react",
    jsxFactory: "JSX.createElement",
    jsxFragmentFactory: "JSX.Fragment",
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(work, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  try {
    execFileSync("tsc", ["-p", work, "--pretty", "false"], { cwd: work, encoding: "utf8" });
  } catch (error) {
    const output = (error as { stdout?: string }).stdout || String(error);
    problems.push(
      output.replace(/^([\w-]+)\.tsx?/gm, (name, stem: string) => origins.get(stem) ?? name).trim(),
    );
  }
}
