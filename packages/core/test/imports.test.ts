import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, it } from "node:test";

const source = resolve(import.meta.dirname, "../src");

/** The files of the package that each one imports, with those that it imports types of only, or without. */
function readImports(withTypes: boolean): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = resolve(source, name);
    const text = readFileSync(file, "utf8");
    const found: string[] = [];
    for (const [, isType, names = "", path = ""] of text.matchAll(
      /^(?:import|export) (type )?([^;"]*?) from "(\.[^"]+)";/gm,
    )) {
      const listed = /^\{([^}]*)\}$/s.exec(names.trim())?.[1]?.split(",") ?? [names];
      const onlyTypes = isType !== undefined || listed.every((one) => /^\s*(?:type\s|$)/.test(one));
      if (withTypes || !onlyTypes) found.push(path);
    }
    if (withTypes)
      for (const [, path = ""] of text.matchAll(/typeof import\("(\.[^"]+)"\)/g)) found.push(path);
    imports.set(
      file,
      found.map((path) => resolve(dirname(file), path.replace(/\.js$/, ".ts"))),
    );
  }
  return imports;
}

/** A circle of imports, or `undefined`. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle.map((one) => relative(source, one));
  }
  return undefined;
}

describe("the sources", () => {
  it("are found, with what they import", () => {
    const imports = readImports(true);
    assert.ok(imports.size > 90);
    for (const [file, found] of imports) {
      for (const one of found) assert.ok(imports.has(one), `${file} imports ${one}`);
    }
    assert.deepEqual(
      findCircle(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["b"]],
        ]),
      )?.length,
      3,
    );
  });

  it("do not import each other in circles, by values or by types", () => {
    assert.deepEqual(findCircle(readImports(false)), undefined);
    assert.deepEqual(findCircle(readImports(true)), undefined);
  });

  it("meet in interfaces that import no implementation", () => {
    const text = readFileSync(resolve(source, "exchange/served.ts"), "utf8");
    const paths = [...text.matchAll(/from "([^"]+)";/g)].map(([, path]) => path);
    assert.deepEqual(paths, ["../log/types.js", "../relay/types.js", "./types.js"]);
    assert.doesNotMatch(text, /^import (?!type )/m);
  });
});
