import { Failure } from "../issue/failure.js";
import type { ParseIssueCode } from "../issue/parse-issue.js";
import { describeNode } from "../node/describe-node.js";
import {
  type ArrayNode,
  type DictNode,
  isTransforming,
  type NumberNode,
  type ObjectNode,
  type SchemaNode,
  type StandardNode,
  type StringNode,
  type UnionNode,
  type ValuesNode,
} from "../node/schema-node.js";
import {
  addUnknownKeys,
  coerceBoolean,
  coerceNumber,
  copyDefault,
  copyUnknownKeys,
  findForbidden,
  findRepeated,
  hasFormat,
  hasUnknownKey,
  isMultiple,
  isPrototypeClean,
  isUnchanged,
  ownValue,
  runStandard,
} from "./operations.js";
import { atLeast, atMost } from "./phrases.js";
import { type Compiler, type Program, type QuietProgram, refused } from "./program.js";
import { reportedAlternative } from "./reported-alternative.js";

/** Runs nodes as generated source: one function per schema, which on its valid path allocates nothing of its own. */
export const sourceCompiler: Compiler = {
  compile(node) {
    const writer = new SourceWriter();
    const body = writer.node(node, "value", { path: [], quiet: false });
    return writer.build(
      `return function parse(value, limit) { let failure; ${writer.prologue()} ${body} return failure === undefined ? value : failure; };`,
    ) as Program;
  },
  compileQuiet(node) {
    const writer = new SourceWriter();
    const body = writer.node(node, "value", { path: [], quiet: true });
    return writer.build(
      `return function test(value) { ${writer.prologue()} ${body} return value; };`,
    ) as QuietProgram;
  },
};

/** Whether the platform lets source be generated; a Content Security Policy or a flag of Node may forbid it. */
export function canGenerateSource(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}

/** Where a piece of source stands. */
interface Site {
  /** The sources of the keys that lead here. */
  readonly path: readonly string[];
  /** Whether the first fault ends the function with `refused`, unexplained. */
  readonly quiet: boolean;
}

const operations = {
  Failure,
  refused,
  objectPrototype: Object.prototype,
  addUnknownKeys,
  coerceBoolean,
  coerceNumber,
  copyDefault,
  copyUnknownKeys,
  findForbidden,
  findRepeated,
  hasFormat,
  hasUnknownKey,
  isMultiple,
  isPrototypeClean,
  isUnchanged,
  ownValue,
  reportedAlternative,
  runStandard,
};

const noteFailure = "(failure ??= new Failure(limit))";

/** Up to this many values are compared one by one; more are looked up. */
const maxComparedValues = 8;

/**
 * Writes the source of one function and of the small ones it calls. Each method answers with statements that check
 * the variable they are given and leave the parsed value in it. Nothing of a schema enters the source but literals
 * made by JSON.stringify; all else is passed in as constants.
 */
class SourceWriter {
  readonly #constants: unknown[] = [];
  readonly #alternatives = new Map<SchemaNode, string>();
  readonly #functions: string[] = [];
  #names = 0;
  #readsPlainObjects = false;

  build(source: string): unknown {
    const constants = this.#constants.map((_, index) => `c${index}`);
    const text = `"use strict"; const { ${Object.keys(operations).join(", ")} } = operations; const [${constants.join(", ")}] = constants; ${this.#functions.join(" ")} ${source}`;
    return new Function("operations", "constants", text)(operations, this.#constants);
  }

  prologue(): string {
    return this.#readsPlainObjects ? "const clean = isPrototypeClean();" : "";
  }

  node(node: SchemaNode, v: string, site: Site): string {
    const check = this.#kind(node, v, site);
    const guarded = node.nullable ? `if (${v} !== null) { ${check} }` : check;
    if (node.fallback !== undefined) {
      return `if (${v} === undefined) { ${v} = ${this.#default(node.fallback.value)}; } else { ${guarded} }`;
    }
    return node.optional ? `if (${v} !== undefined) { ${guarded} }` : guarded;
  }

  #kind(node: SchemaNode, v: string, site: Site): string {
    const refuse = this.#fault(site, "wrong_type", describeNode(node), v);
    switch (node.kind) {
      case "string":
        return this.#string(node, v, site, refuse);
      case "number":
        return this.#number(node, v, site, refuse);
      case "boolean":
        return `${node.coerce ? `${v} = coerceBoolean(${v});` : ""} if (typeof ${v} !== "boolean") { ${refuse} }`;
      case "unknown":
        return `if (${v} === undefined) { ${refuse} }`;
      case "null":
        return `if (${v} !== null) { ${refuse} }`;
      case "function":
        return `if (typeof ${v} !== "function") { ${refuse} }`;
      case "values":
        return this.#values(node, v, site);
      case "object":
        return this.#object(node, v, site, refuse);
      case "array":
        return this.#array(node, v, site, refuse);
      case "dict":
        return this.#dict(node, v, site, refuse);
      case "union":
        return this.#union(node, v, site, refuse);
      case "standard":
        return this.#standard(node, v, site);
    }
  }

  #string(node: StringNode, v: string, site: Site, refuse: string): string {
    const { minLength, maxLength, pattern, format } = node;
    const steps = [`if (typeof ${v} !== "string") { ${refuse} }`];
    if (minLength > 0) {
      const fault = this.#fault(site, "too_short", atLeast(minLength, "character"), v);
      steps.push(`if (${v}.length < ${minLength}) { ${fault} }`);
    }
    if (maxLength < Infinity) {
      const fault = this.#fault(site, "too_long", atMost(maxLength, "character"), v);
      steps.push(`if (${v}.length > ${maxLength}) { ${fault} }`);
    }
    if (format !== undefined) {
      const fault = this.#fault(site, "wrong_format", format, v);
      steps.push(`if (!hasFormat(${v}, ${JSON.stringify(format)})) { ${fault} }`);
    }
    if (pattern !== undefined) {
      const fault = this.#fault(site, "wrong_pattern", String(pattern), v);
      steps.push(`if (!${this.#constant(pattern)}.test(${v})) { ${fault} }`);
    }
    return steps.join(" else ");
  }

  #number(node: NumberNode, v: string, site: Site, refuse: string): string {
    const { integer, min, max, multipleOf } = node;
    const test = integer ? "Number.isSafeInteger" : "Number.isFinite";
    const steps = [`if (typeof ${v} !== "number" || !${test}(${v})) { ${refuse} }`];
    if (min !== undefined) {
      steps.push(`if (${v} < ${min}) { ${this.#fault(site, "too_small", `at least ${min}`, v)} }`);
    }
    if (max !== undefined) {
      steps.push(`if (${v} > ${max}) { ${this.#fault(site, "too_big", `at most ${max}`, v)} }`);
    }
    if (multipleOf !== undefined) {
      const fault = this.#fault(site, "not_multiple", `multiple of ${multipleOf}`, v);
      steps.push(`if (!isMultiple(${v}, ${multipleOf})) { ${fault} }`);
    }
    return `${node.coerce ? `${v} = coerceNumber(${v});` : ""} ${steps.join(" else ")}`;
  }

  #values(node: ValuesNode, v: string, site: Site): string {
    const texts = node.texts === undefined ? undefined : this.#constant(node.texts);
    const coerce =
      texts === undefined ? "" : `if (typeof ${v} === "string") ${v} = ${texts}.get(${v}) ?? ${v};`;
    const differs =
      node.values.length > maxComparedValues
        ? `!${this.#constant(new Set(node.values))}.has(${v})`
        : node.values.map((value) => `${v} !== ${JSON.stringify(value)}`).join(" && ");
    return `${coerce} if (${differs}) { ${this.#fault(site, "wrong_value", describeNode(node), v)} }`;
  }

  #object(node: ObjectNode, v: string, site: Site, refuse: string): string {
    const { mode } = node;
    const isPlain = this.#name("plain");
    const present = this.#name("present");
    const countsKeys = mode !== "add_extra";
    const fixed = node.properties.filter((property) => isSurelyPresent(property.node)).length;
    const known = this.#constant(new Set(node.properties.map((property) => property.key)));
    const statements: string[] = [];
    if (node.properties.length > 0 || countsKeys) {
      this.#readsPlainObjects = true;
      statements.push(`const ${isPlain} = clean && ${plainTest(v)};`);
    }
    if (countsKeys) statements.push(`let ${present} = ${fixed};`);

    const outputs = node.properties.map(({ key, node }) => {
      const name = this.#name("property");
      const literal = JSON.stringify(key);
      const own = `ownValue(${v}, ${literal})`;
      statements.push(
        `let ${name} = ${key in Object.prototype ? own : `${isPlain} ? ${v}[${literal}] : ${own}`};`,
      );
      if (countsKeys && !isSurelyPresent(node)) statements.push(`if (${name} !== undefined) ${present}++;`);
      statements.push(this.node(node, name, { ...site, path: [...site.path, literal] }));
      const isNeeded = isSurelyPresent(node);
      return { literal, name, isNeeded, always: isNeeded || node.fallback !== undefined };
    });
    const needed = site.quiet ? [] : outputs.filter((output) => output.isNeeded).map((output) => output.name);

    const rebuilds = node.properties.some((property) => isTransforming(property.node));
    if (mode === "add_extra") {
      const forbidden = this.#name("forbidden");
      const fault = this.#fault(at(site, forbidden), "forbidden_key", "no such key", forbidden);
      statements.push(
        `const ${forbidden} = findForbidden(${v}); if (${forbidden} !== undefined) { ${fault} }`,
      );
      if (rebuilds) statements.push(this.#rebuild(outputs, v, `copyUnknownKeys(${v}, ${known})`));
    } else if (mode === "no_extra") {
      const fault = site.quiet
        ? "return refused;"
        : `if (addUnknownKeys(${noteFailure}, ${v}, ${known}, [${site.path.join(", ")}])) return failure;`;
      statements.push(`${this.#ifUnknownKeys(v, isPlain, present, known, needed)} { ${fault} }`);
      if (rebuilds) statements.push(this.#rebuild(outputs, v, "{}"));
    } else if (rebuilds) {
      statements.push(this.#rebuild(outputs, v, "{}"));
    } else {
      const condition = this.#ifUnknownKeys(v, isPlain, present, known, needed);
      statements.push(`${condition} { ${this.#rebuild(outputs, v, "{}")} }`);
    }
    return `if (typeof ${v} !== "object" || ${v} === null || Array.isArray(${v})) { ${refuse} } else { ${statements.join(" ")} }`;
  }

  /**
   * In a plain object with as many keys as there are known ones present, no key is unknown: counting is enough, and
   * only where the counts differ are the keys looked at. Where a fault was noted, what had to be present may not be.
   */
  #ifUnknownKeys(
    v: string,
    plain: string,
    present: string,
    known: string,
    needed: readonly string[],
  ): string {
    const count = this.#name("keys");
    const correct = needed.map((name) => `if (${name} === undefined) ${present}--;`).join(" ");
    return `${correct === "" ? "" : `if (failure !== undefined) { ${correct} }`} let ${count} = 0; if (${plain}) for (const key in ${v}) ${count}++; if ((!${plain} || ${count} !== ${present}) && hasUnknownKey(${v}, ${known}))`;
  }

  #rebuild(
    outputs: readonly { readonly literal: string; readonly name: string; readonly always: boolean }[],
    v: string,
    start: string,
  ): string {
    const copy = this.#name("copy");
    const firstOptional = outputs.findIndex((output) => !output.always);
    const leading = start === "{}" ? (firstOptional < 0 ? outputs.length : firstOptional) : 0;
    const literal = outputs.slice(0, leading).map(({ literal, name }) => `${literal}: ${name}`);
    const rest = outputs.slice(leading).map(({ literal, name, always }) => {
      const assignment = `${copy}[${literal}] = ${name};`;
      return always ? assignment : `if (${name} !== undefined) ${assignment}`;
    });
    return `const ${copy} = ${leading > 0 ? `{ ${literal.join(", ")} }` : start}; ${rest.join(" ")} ${v} = ${copy};`;
  }

  #array(node: ArrayNode, v: string, site: Site, refuse: string): string {
    const { minLength, maxLength } = node;
    const steps = [`if (!Array.isArray(${v})) { ${refuse} }`];
    if (minLength > 0) {
      const fault = this.#fault(site, "too_short", atLeast(minLength, "item"), v);
      steps.push(`if (${v}.length < ${minLength}) { ${fault} }`);
    }
    if (maxLength < Infinity) {
      const fault = this.#fault(site, "too_long", atMost(maxLength, "item"), v);
      steps.push(`if (${v}.length > ${maxLength}) { ${fault} }`);
    }
    steps.push(`{ ${this.#items(node, v, site)} }`);
    const wrap = node.wrap ? `if (${v} !== undefined && !Array.isArray(${v})) ${v} = [${v}];` : "";
    return `${wrap} ${steps.join(" else ")}`;
  }

  #items(node: ArrayNode, v: string, site: Site): string {
    const index = this.#name("index");
    const item = this.#name("item");
    const copy = this.#name("copy");
    const rebuilds = isTransforming(node.items);
    const check = this.node(node.items, item, at(site, index));
    const loop = `for (let ${index} = 0; ${index} < ${v}.length; ${index}++) { let ${item} = ${v}[${index}]; ${check} ${rebuilds ? `${copy}.push(${item});` : ""} }`;
    const items = rebuilds ? `const ${copy} = []; ${loop} ${v} = ${copy};` : loop;
    if (!node.unique) return items;

    const repeated = this.#name("repeated");
    const fault = this.#fault(at(site, repeated), "not_unique", "unique items", `${v}[${repeated}]`);
    const find = `const ${repeated} = findRepeated(${v}); if (${repeated} >= 0) { ${fault} }`;
    if (site.quiet) return `${items} ${find}`;
    const before = this.#name("before");
    return `const ${before} = failure === undefined ? 0 : failure.faults.length; ${items} if (failure === undefined || failure.faults.length === ${before}) { ${find} }`;
  }

  #dict(node: DictNode, v: string, site: Site, refuse: string): string {
    const key = this.#name("key");
    const entry = this.#name("entry");
    const copy = this.#name("copy");
    const forbidden = this.#name("forbidden");
    const rebuilds = isTransforming(node.values);
    const fault = this.#fault(at(site, forbidden), "forbidden_key", "no such key", forbidden);
    const check = this.node(node.values, entry, at(site, key));
    const loop = `for (const ${key} of Object.keys(${v})) { let ${entry} = ${v}[${key}]; ${check} ${rebuilds ? `${copy}[${key}] = ${entry};` : ""} }`;
    const entries = rebuilds ? `const ${copy} = {}; ${loop} ${v} = ${copy};` : loop;
    return `if (typeof ${v} !== "object" || ${v} === null || Array.isArray(${v})) { ${refuse} } else { const ${forbidden} = findForbidden(${v}); if (${forbidden} !== undefined) { ${fault} } else { ${entries} } }`;
  }

  #union(node: UnionNode, v: string, site: Site, refuse: string): string {
    const result = this.#name("result");
    const calls = node.alternatives.map((alternative) => this.#alternative(alternative, v));
    const attempts = calls.slice(1).map((call) => `if (${result} === refused) ${result} = ${call};`);
    const first = `let ${result} = ${calls[0]}; ${attempts.join(" ")} if (${result} !== refused) { ${v} = ${result}; }`;
    if (site.quiet) return `${first} else { ${refuse} }`;

    const reported = [...new Set([reportedAlternative(node, {}), reportedAlternative(node, [])])];
    const cases = reported.flatMap((index) => {
      const alternative = index === undefined ? undefined : node.alternatives[index];
      return alternative === undefined
        ? []
        : [`case ${index}: { ${this.node(alternative, v, site)} break; }`];
    });
    if (cases.length === 0) return `${first} else { ${refuse} }`;
    return `${first} else { switch (reportedAlternative(${this.#constant(node)}, ${v})) { ${cases.join(" ")} default: { ${refuse} } } }`;
  }

  /** The call of an alternative as a function of its own, written once however often it is asked for. */
  #alternative(node: SchemaNode, v: string): string {
    let name = this.#alternatives.get(node);
    if (name === undefined) {
      name = this.#name("alternative");
      this.#alternatives.set(node, name);
      const body = this.node(node, "value", { path: [], quiet: true });
      this.#functions.push(`function ${name}(value, clean) { ${body} return value; }`);
    }
    return `${name}(${v}, ${this.#readsPlainObjects ? "clean" : "false"})`;
  }

  #standard(node: StandardNode, v: string, site: Site): string {
    const result = this.#name("result");
    const expected = describeNode(node);
    const refuse = site.quiet
      ? "return refused;"
      : `if (${noteFailure}.addForeign([${site.path.join(", ")}], ${result}.issues, ${JSON.stringify(expected)}, ${v})) return failure;`;
    const compare = node.unchanged
      ? `if (!isUnchanged(${v}, ${result}.value)) { ${this.#fault(site, "wrong_value", expected, v)} } else`
      : "";
    return `const ${result} = runStandard(${this.#constant(node.schema)}, ${v}); if (${result}.issues !== undefined) { ${refuse} } else ${compare} { ${v} = ${result}.value; }`;
  }

  #fault(site: Site, code: ParseIssueCode, expected: string, v: string): string {
    if (site.quiet) return "return refused;";
    return `if (${noteFailure}.add([${site.path.join(", ")}], "${code}", ${JSON.stringify(expected)}, ${v})) return failure;`;
  }

  #default(value: unknown): string {
    if (typeof value === "string" || typeof value === "boolean" || value === null)
      return JSON.stringify(value);
    return `copyDefault(${this.#constant(value)})`;
  }

  #constant(value: unknown): string {
    return `c${this.#constants.push(value) - 1}`;
  }

  #name(word: string): string {
    this.#names += 1;
    return `${word}${this.#names}`;
  }
}

function at(site: Site, key: string): Site {
  return { ...site, path: [...site.path, key] };
}

/** Whether undefined is certain to be a fault. */
function isSurelyPresent(node: SchemaNode): boolean {
  return !node.optional && node.fallback === undefined && node.kind !== "union" && node.kind !== "standard";
}

// Reading __proto__ is several times faster than Object.getPrototypeOf, but a platform may lack it (Deno) or make it
// throw (a flag of Node). An own key of that name only sends the object down the slower way.
const hasProtoAccessor = (() => {
  try {
    return Reflect.get({}, "__proto__") === Object.prototype;
  } catch {
    return false;
  }
})();

function plainTest(v: string): string {
  return `${hasProtoAccessor ? `${v}.__proto__` : `Object.getPrototypeOf(${v})`} === objectPrototype`;
}
