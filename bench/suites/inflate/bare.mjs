// The least that a site of Markdown files takes: a loop over marked.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { marked } from "marked";

const [from, to] = process.argv.slice(2);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) {
  writeFileSync(`${to}/${name.replace(".md", "")}`, marked.parse(readFileSync(`${from}/${name}`, "utf8")));
}
