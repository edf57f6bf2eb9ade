import type { Import } from "es-module-lexer";
import type { Edit } from "./browser-source.js";
import type { ModuleFault } from "./client-graph-error.js";
import {
  type FoundImport,
  generatedImport,
  type LoadedModule,
  lineAt,
  type ModuleImport,
} from "./loaded-module.js";
import { parseKey, toKey } from "./module-key.js";
import { findRequires } from "./requires.js";
import type { SourceFile } from "./source-reader.js";

// The output of an old bundler: the modules in such a file require each other.
const hasOwnRequire = /\bfunction\s*\(\s*_?require\b/;

type Found = { readonly key: string } | { readonly fault: ModuleFault };

/**
 * Wraps a CommonJS module into an ES module that exports a function `$require`. The first call of this function runs
 * the module. The modules that it requires are imported statically, so `require` need not wait. As in Node.js, each
 * module runs when it is required for the first time, and in a cycle `require` returns the exports of that moment. The
 * added code is on the first line and after the last line, so that the other lines keep their numbers.
 * @param find finds the module to which a specifier of `require` leads
 * @param findImport finds the target of an `import()`
 */
export async function loadCommonJS(
  source: SourceFile,
  find: (specifier: string, from: SourceFile) => Promise<Found>,
  findImport: (record: Import, from: SourceFile) => Promise<FoundImport>,
): Promise<Pick<LoadedModule, "source" | "script" | "imports" | "edits" | "warnings">> {
  const { text, label } = source;
  const { calls } = findRequires(text);
  const [found, dynamic] = await Promise.all([
    Promise.all(calls.map(({ specifier }) => find(specifier, source))),
    Promise.all(source.imports.map((record) => findImport(record, source))),
  ]);
  const imports: ModuleImport[] = [
    generatedImport(
      toKey("runtime", "", "commonjs"),
      'import { create as $create, run as $run, missing as $missing, toCommonJS as $toCommonJS } from "',
      '"; ',
    ),
  ];
  const cases: string[] = [];
  const warnings: string[] = [];
  for (const [index, { specifier, position, isGuarded }] of calls.entries()) {
    const target = found[index];
    if (target === undefined) continue;
    if ("fault" in target) {
      if (!isGuarded && !hasOwnRequire.test(text))
        warnings.push(`${label}:${lineAt(text, position)} requires "${specifier}": ${target.fault.message}`);
      continue;
    }
    const { clause, value } = bindingOf(parseKey(target.key).form, index);
    imports.push({ ...generatedImport(target.key, `import ${clause} from "`, '"; '), specifier, position });
    cases.push(`case ${JSON.stringify(specifier)}: return ${value}; `);
  }
  const name = JSON.stringify(`/${label}`);
  // Functions and `var` exist before the module is evaluated. In a cycle they may be needed then.
  const head = [
    "var $module; ",
    `export function $require() { return $module === undefined ? $run($module = $create(${name}), $body, $find, () => { $module = undefined; }) : $module.exports; } `,
    `function $find(name) { switch (name) { ${cases.join("")}} return $missing(name, ${name}); } `,
    /\bglobal\b/.test(text) ? "var global = globalThis; " : "",
    "function $body(exports, require, module, __filename, __dirname) { ",
  ];
  const edits: Edit[] = [
    { start: 0, end: 0, text: head.join("") + (text.startsWith("#!") ? "//" : "") },
    ...dynamic.flatMap((one) => one.edits),
    { start: text.length, end: text.length, text: "\n}\n" },
  ];
  return {
    source: text,
    script: source,
    imports: [...imports, ...dynamic.flatMap(({ imported }) => imported ?? [])],
    edits,
    warnings: [...warnings, ...dynamic.flatMap((one) => one.warnings)],
  };
}

function bindingOf(form: string, index: number): { readonly clause: string; readonly value: string } {
  if (form === "commonjs") return { clause: `{ $require as $${index} }`, value: `$${index}()` };
  if (form === "module") return { clause: `* as $${index}`, value: `$toCommonJS($${index})` };
  return { clause: `$${index}`, value: `$${index}` };
}
