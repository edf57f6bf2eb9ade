import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";

const root = new URL("../", import.meta.url);
const readme = await readFile(new URL("README.md", root), "utf8");

// What the package itself calls.
const internal = new Set(["constructor", "onChange", "accept"]);

interface Declared {
  readonly name: string;
  readonly fields: readonly string[];
}

/** The public interfaces and classes whose names pass, with their fields and methods, from the sources. */
async function findDeclared(kind: "interface" | "class", name: RegExp): Promise<Declared[]> {
  const folder = new URL("src/", root);
  const entries = await Promise.all(
    ["index.ts", "jwt.ts", "micro.ts"].map((file) => readFile(new URL(file, folder), "utf8")),
  );
  const declared: Declared[] = [];
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    const source = await readFile(new URL(file, folder), "utf8");
    for (const match of source.matchAll(
      new RegExp(`^export (?:abstract )?${kind} (\\w+)[^{]*\\{\\n([\\s\\S]*?)^\\}`, "gm"),
    )) {
      const [, own = "", body = ""] = match;
      if (!name.test(own) || !entries.some((entry) => new RegExp(`\\b${own}\\b`).test(entry))) continue;
      const fields = [...body.matchAll(/^ {2}(?:readonly |async |get )*([a-zA-Z]\w*)\??[(:<]/gm)];
      declared.push({ name: own, fields: fields.map((field) => field[1] as string) });
    }
  }
  return declared;
}

/** Whether the README has a word in code: a table's first column, an example, or a name in backticks. */
function isNamed(word: string): boolean {
  const code = [...readme.matchAll(/`([^`\n]+)`|^```[\s\S]*?^```/gm)].map((match) => match[0]).join("\n");
  return new RegExp(`\\b${word}\\b`).test(code);
}

describe("the README", () => {
  it("names every option", async () => {
    const options = await findDeclared(
      "interface",
      /Options$|^RequestDeclaration$|^ResponseDeclaration$|^Policy$/,
    );
    assert.ok(options.length > 15, `${options.length}`);
    const missing = options.flatMap(({ name, fields }) =>
      fields.filter((field) => !isNamed(field)).map((field) => `${name}.${field}`),
    );
    assert.deepEqual(missing, []);
  });

  it("names every member of what can be made or is handed to handlers", async () => {
    const members = [
      ...(await findDeclared(
        "interface",
        /^(Request|Response|EventStream|ServerSentEvent|UploadedFile|Session)$/,
      )),
      ...(await findDeclared("class", /^(App|Router|WebSocketServer|Logger)$/)),
    ];
    assert.ok(members.length > 8, `${members.length}`);
    const missing = members.flatMap(({ name, fields }) =>
      fields.filter((field) => !internal.has(field) && !isNamed(field)).map((field) => `${name}.${field}`),
    );
    assert.deepEqual(missing, []);
  });

  it("lists no option of an app that is not there, and the default of each", async () => {
    const [app] = await findDeclared("interface", /^AppOptions$/);
    const [router] = await findDeclared("interface", /^RouterOptions$/);
    const known = [...(app?.fields ?? []), ...(router?.fields ?? [])].sort();
    const table = readme.slice(readme.indexOf("### Options of an app"), readme.indexOf("#### stallTimeout"));
    const rows = table
      .split("\n")
      .filter((row) => row.startsWith("|"))
      .slice(2);
    const listed: string[] = [];
    for (const row of rows) {
      const [, names = "", value = "", meaning = ""] = row.split(/(?<!\\)\|/);
      listed.push(...[...names.matchAll(/`(\w+)/g)].map((match) => match[1] as string));
      assert.ok(meaning.trim() !== "" && value.trim() !== "", row);
    }
    assert.deepEqual(listed.sort(), known);
  });
});
