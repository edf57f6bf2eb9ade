import {
  type Fault,
  forbiddenKey,
  notMultiple,
  notUnique,
  tooBig,
  tooBigInteger,
  tooDeep,
  tooLong,
  tooShort,
  tooSmall,
  tooSmallInteger,
  wrongFormat,
  wrongPattern,
  wrongType,
  wrongValue,
} from "../issue/fault.js";
import { ItemSites, Site } from "../issue/site.js";
import { describeNode } from "../node/describe-node.js";
import {
  type ArrayNode,
  type CustomNode,
  type DateNode,
  type DictNode,
  type Discriminator,
  isTransforming,
  type NumberNode,
  type ObjectNode,
  type RefNode,
  type RefTarget,
  type SchemaNode,
  type StandardNode,
  type StringNode,
  type UnionNode,
  type ValuesNode,
} from "../node/schema-node.js";
import { functionSpot, inKey, inProperty, levelOf, rootSpot, type Spot } from "./spot.js";

/** Up to this number, values are compared one by one. More values are looked up in a Set. */
const maxComparedValues = 8;

/**
 * Writes the source of one function and of its helper functions. Each method returns JavaScript statements. The
 * statements check a variable and then assign the parsed value to this variable. The source contains data of a schema
 * only as literals made by JSON.stringify. All other data is passed in as constants.
 *
 * The functions have up to five parameters: the value, whether Object.prototype is clean, and the level. Functions that
 * record issues have two more parameters, `failure` and `place`.
 */
export class SourceWriter {
  readonly constants: unknown[] = [];
  readonly functions: string[] = [];
  readonly #quiet: boolean;
  readonly #constantNames = new Map<unknown, string>();
  readonly #alternatives = new Map<SchemaNode, string>();
  readonly #explainers = new Map<UnionNode, string>();
  readonly #quietTargets = new Map<RefTarget, string>();
  readonly #explainingTargets = new Map<RefTarget, string>();
  #names = 0;
  #readsPlainObjects = false;

  /** @param quiet true if the function only returns `refused`; otherwise it records issues */
  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  /** The statements at the start of the function. Read this property after all other source is written. */
  get prologue(): string {
    return this.#readsPlainObjects ? "const clean = isPrototypeClean();" : "";
  }

  /** The statements for the parameter `value`. */
  root(node: SchemaNode): string {
    return this.node(node, "value", rootSpot(this.#quiet));
  }

  node(node: SchemaNode, v: string, spot: Spot): string {
    const check = this.#ruled(node, v, spot);
    const guarded = node.nullable ? `if (${v} !== null) { ${check} }` : check;
    if (node.fallback !== undefined) {
      return `if (${v} === undefined) { ${v} = ${this.#default(node.fallback.value)}; } else { ${guarded} }`;
    }
    return node.optional ? `if (${v} !== undefined) { ${guarded} }` : guarded;
  }

  // The rules are called after all other checks have accepted the value.
  #ruled(node: SchemaNode, v: string, spot: Spot): string {
    const check = this.#kind(node, v, spot);
    if (node.rules === undefined) return check;
    const find = `findBroken(${this.#constant(node.rules)}, ${v})`;
    if (spot.quiet) return `${check} if (${find} !== undefined) return refused;`;
    const before = this.#name("before");
    const broken = this.#name("broken");
    return `const ${before} = failure.issues.length; ${check} if (failure.issues.length === ${before}) { const ${broken} = ${find}; if (${broken} !== undefined && failure.add(${this.#placeOf(spot)}, ${broken}, ${v})) return refused; }`;
  }

  #kind(node: SchemaNode, v: string, spot: Spot): string {
    switch (node.kind) {
      case "string":
        return this.#string(node, v, spot);
      case "number":
        return this.#number(node, v, spot);
      case "bigint":
        return `${node.coerce ? `${v} = coerceBigint(${v});` : ""} if (typeof ${v} !== "bigint") { ${this.#wrongType(node, v, spot)} }`;
      case "boolean":
        return `${node.coerce ? `${v} = coerceBoolean(${v});` : ""} if (typeof ${v} !== "boolean") { ${this.#wrongType(node, v, spot)} }`;
      case "date":
        return this.#date(node, v, spot);
      case "unknown":
        return `if (${v} === undefined) { ${this.#wrongType(node, v, spot)} }`;
      case "null":
        return `if (${v} !== null) { ${this.#wrongType(node, v, spot)} }`;
      case "function":
        return `if (typeof ${v} !== "function") { ${this.#wrongType(node, v, spot)} }`;
      case "values":
        return this.#values(node, v, spot);
      case "object":
        return this.#object(node, v, spot);
      case "array":
        return this.#array(node, v, spot);
      case "dict":
        return this.#dict(node, v, spot);
      case "union":
        return node.discriminator === undefined
          ? this.#union(node, v, spot)
          : this.#discriminated(node, node.discriminator, v, spot);
      case "ref":
        return this.#ref(node, v, spot);
      case "custom":
        return this.#custom(node, v, spot);
      case "standard":
        return this.#standard(node, v, spot);
    }
  }

  #string(node: StringNode, v: string, spot: Spot): string {
    const { minLength, maxLength, pattern, format, transform } = node;
    const steps = [`if (typeof ${v} !== "string") { ${this.#wrongType(node, v, spot)} }`];
    if (minLength > 0) {
      const fault = this.#fault(spot, tooShort(minLength, "character"), v);
      // A character has one or two code units. So a string of at least twice `minLength` code units is never too short.
      const few =
        minLength === 1
          ? `${v}.length < 1`
          : `${v}.length < ${minLength} || (${v}.length < ${2 * minLength} && countCharacters(${v}) < ${minLength})`;
      steps.push(`if (${few}) { ${fault} }`);
    }
    if (maxLength < Infinity) {
      const fault = this.#fault(spot, tooLong(maxLength, "character"), v);
      const many = `${v}.length > ${maxLength} && (${v}.length > ${2 * maxLength} || countCharacters(${v}) > ${maxLength})`;
      steps.push(`if (${many}) { ${fault} }`);
    }
    if (format !== undefined) {
      steps.push(`if (!formatTests.${format}(${v})) { ${this.#fault(spot, wrongFormat(format), v)} }`);
    }
    if (pattern !== undefined) {
      const fault = this.#fault(spot, wrongPattern(pattern), v);
      steps.push(`if (!${this.#constant(pattern)}.test(${v})) { ${fault} }`);
    }
    if (transform !== undefined) steps.push(`{ ${v} = ${transform}(${v}); }`);
    return steps.join(" else ");
  }

  #number(node: NumberNode, v: string, spot: Spot): string {
    const { integer, min, max, multipleOf } = node;
    const test = integer ? "Number.isSafeInteger" : "Number.isFinite";
    const refuse = this.#wrongType(node, v, spot);
    const unsafe = `if (Number.isInteger(${v})) { if (${v} > 0) { ${this.#fault(spot, tooBigInteger, v)} } else { ${this.#fault(spot, tooSmallInteger, v)} } }`;
    const explain = integer && !spot.quiet ? `${unsafe} else { ${refuse} }` : refuse;
    const steps = [`if (typeof ${v} !== "number" || !${test}(${v})) { ${explain} }`];
    if (min !== undefined) steps.push(`if (${v} < ${min}) { ${this.#fault(spot, tooSmall(min), v)} }`);
    if (max !== undefined) steps.push(`if (${v} > ${max}) { ${this.#fault(spot, tooBig(max), v)} }`);
    if (multipleOf !== undefined) {
      const fault = this.#fault(spot, notMultiple(multipleOf), v);
      steps.push(`if (!isMultiple(${v}, ${multipleOf})) { ${fault} }`);
    }
    return `${node.coerce ? `${v} = coerceNumber(${v});` : ""} ${steps.join(" else ")}`;
  }

  #date(node: DateNode, v: string, spot: Spot): string {
    const coerce = node.text === "day" ? "coerceDay" : "coerceInstant";
    return `${node.coerce ? `${v} = ${coerce}(${v});` : ""} if (!isDate(${v})) { ${this.#wrongType(node, v, spot)} }`;
  }

  #values(node: ValuesNode, v: string, spot: Spot): string {
    const texts = node.texts === undefined ? undefined : this.#constant(node.texts);
    const coerce =
      texts === undefined ? "" : `if (typeof ${v} === "string") ${v} = ${texts}.get(${v}) ?? ${v};`;
    const differs =
      node.values.length > maxComparedValues
        ? `!${this.#constant(new Set(node.values))}.has(${v})`
        : node.values.map((value) => `${v} !== ${JSON.stringify(value)}`).join(" && ");
    return `${coerce} if (${differs}) { ${this.#fault(spot, wrongValue(describeNode(node)), v)} }`;
  }

  #object(node: ObjectNode, v: string, spot: Spot): string {
    const { mode } = node;
    const isPlain = this.#name("plain");
    const present = this.#name("present");
    const countsKeys = mode !== "add_extra";
    // If issues are recorded, the check continues after a missing required property.
    const isCounted = (part: SchemaNode) => countsKeys && !(spot.quiet && isSurelyPresent(part));
    const known = this.#constant(new Set(node.properties.map((property) => property.key)));
    const statements: string[] = [];
    this.#readsPlainObjects = true;
    statements.push(`const ${isPlain} = clean && ${plainTest(v)};`);
    if (countsKeys) {
      const fixed = node.properties.filter((property) => !isCounted(property.node)).length;
      statements.push(`let ${present} = ${fixed};`);
    }

    const outputs = node.properties.map(({ key, node }) => {
      const name = this.#name("property");
      const literal = JSON.stringify(key);
      const own = `ownValue(${v}, ${literal})`;
      statements.push(
        `let ${name} = ${key in Object.prototype ? own : `${isPlain} ? ${v}[${literal}] : ${own}`};`,
      );
      if (isCounted(node)) statements.push(`if (${name} !== undefined) ${present}++;`);
      statements.push(this.node(node, name, inProperty(spot, key)));
      return { literal, name, always: isSurelyPresent(node) || node.fallback !== undefined };
    });

    const rebuilds = node.properties.some((property) => isTransforming(property.node));
    if (mode === "add_extra") {
      statements.push(this.#refuseForbidden(v, spot, isPlain));
      if (rebuilds) statements.push(this.#rebuild(outputs, v, `copyUnknownKeys(${v}, ${known})`));
    } else if (mode === "no_extra") {
      const fault = spot.quiet
        ? "return refused;"
        : `if (addUnknownKeys(failure, ${v}, ${known}, ${this.#placeOf(spot)})) return refused;`;
      statements.push(`${this.#ifUnknownKeys(v, isPlain, present, known)} { ${fault} }`);
      if (rebuilds) statements.push(this.#rebuild(outputs, v, "{}"));
    } else if (rebuilds) {
      statements.push(this.#rebuild(outputs, v, "{}"));
    } else {
      const condition = this.#ifUnknownKeys(v, isPlain, present, known);
      statements.push(`${condition} { ${this.#rebuild(outputs, v, "{}")} }`);
    }
    return `if (${noObject(v)}) { ${this.#wrongType(node, v, spot)} } else { ${statements.join(" ")} }`;
  }

  /**
   * Counts the keys of a plain object. If the object has as many keys as known keys were found, it has no unknown key.
   * The keys are compared only if the two numbers differ.
   */
  #ifUnknownKeys(v: string, plain: string, present: string, known: string): string {
    const count = this.#name("keys");
    return `let ${count} = 0; if (${plain}) for (const key in ${v}) ${count}++; if ((!${plain} || ${count} !== ${present}) && hasUnknownKey(${v}, ${known}))`;
  }

  #refuseForbidden(v: string, spot: Spot, plain: string): string {
    const forbidden = this.#name("forbidden");
    const fault = this.#fault(inKey(spot, forbidden, this.#placeOf(spot)), forbiddenKey, forbidden);
    return `if (${mayBeForbidden(v, plain)}) { const ${forbidden} = findForbidden(${v}); if (${forbidden} !== undefined) { ${fault} } }`;
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

  #array(node: ArrayNode, v: string, spot: Spot): string {
    const { minLength, maxLength } = node;
    const steps = [`if (!Array.isArray(${v})) { ${this.#wrongType(node, v, spot)} }`];
    if (minLength > 0) {
      const fault = this.#fault(spot, tooShort(minLength, "item"), v);
      steps.push(`if (${v}.length < ${minLength}) { ${fault} }`);
    }
    const fault = this.#fault(spot, tooLong(maxLength, "item"), v);
    steps.push(`if (${v}.length > ${maxLength}) { ${fault} }`);
    steps.push(`{ ${this.#items(node, v, spot)} }`);
    const wrap = node.wrap ? `if (${v} !== undefined && !Array.isArray(${v})) ${v} = [${v}];` : "";
    return `${wrap} ${steps.join(" else ")}`;
  }

  #items(node: ArrayNode, v: string, spot: Spot): string {
    const index = this.#name("index");
    const item = this.#name("item");
    const copy = this.#name("copy");
    const rebuilds = isTransforming(node.items);
    const check = this.node(node.items, item, this.#inItem(spot, index));
    const loop = `for (let ${index} = 0; ${index} < ${v}.length; ${index}++) { let ${item} = ${v}[${index}]; ${check} ${rebuilds ? `${copy}.push(${item});` : ""} }`;
    const items = rebuilds ? `const ${copy} = []; ${loop} ${v} = ${copy};` : loop;
    if (!node.unique) return items;

    const repeated = this.#name("repeated");
    const at = inKey(spot, repeated, this.#placeOf(spot));
    const fault = this.#fault(at, notUnique, `${v}[${repeated}]`);
    const find = `const ${repeated} = findRepeated(${v}); if (${repeated} >= 0) { ${fault} }`;
    if (spot.quiet) return `${items} ${find}`;
    const before = this.#name("before");
    return `const ${before} = failure.issues.length; ${items} if (failure.issues.length === ${before}) { ${find} }`;
  }

  #dict(node: DictNode, v: string, spot: Spot): string {
    const key = this.#name("key");
    const entry = this.#name("entry");
    const copy = this.#name("copy");
    const rebuilds = isTransforming(node.values);
    const check = this.node(node.values, entry, inKey(spot, key, this.#placeOf(spot)));
    const loop = `for (const ${key} of Object.keys(${v})) { let ${entry} = ${v}[${key}]; ${check} ${rebuilds ? `${copy}[${key}] = ${entry};` : ""} }`;
    const entries = rebuilds ? `const ${copy} = {}; ${loop} ${v} = ${copy};` : loop;
    const forbidden = this.#name("forbidden");
    const plain = this.#name("plain");
    this.#readsPlainObjects = true;
    const fault = this.#fault(inKey(spot, forbidden, this.#placeOf(spot)), forbiddenKey, forbidden);
    const find = `const ${plain} = clean && ${plainTest(v)}; const ${forbidden} = ${mayBeForbidden(v, plain)} ? findForbidden(${v}) : undefined;`;
    return `if (${noObject(v)}) { ${this.#wrongType(node, v, spot)} } else { ${find} if (${forbidden} !== undefined) { ${fault} } else { ${entries} } }`;
  }

  #union(node: UnionNode, v: string, spot: Spot): string {
    const result = this.#name("result");
    const calls = node.alternatives.map((alternative) => this.#alternative(alternative, v, spot));
    const attempts = calls.slice(1).map((call) => `if (${result} === refused) ${result} = ${call};`);
    const first = `let ${result} = ${calls[0]}; ${attempts.join(" ")} if (${result} !== refused) { ${v} = ${result}; }`;
    if (spot.quiet) return `${first} else { return refused; }`;
    const explainers = this.#explainersOf(node);
    const place = this.#name("place");
    const explain = `(index, fork) => ${explainers}[index](${v}, ${this.#clean()}, ${levelOf(spot)}, fork, ${place})`;
    return `${first} else { const ${place} = ${this.#placeOf(spot)}; ${v} = explainUnion(${this.#constant(node)}, ${v}, failure, ${place}, ${explain}); if (failure.isFull) return refused; }`;
  }

  /** The name of the array with the explainers of all alternatives. */
  #explainersOf(node: UnionNode): string {
    let name = this.#explainers.get(node);
    if (name === undefined) {
      name = this.#name("explainers");
      this.#explainers.set(node, name);
      const names = node.alternatives.map((alternative) => {
        const explainer = this.#name("explainAlternative");
        const body = this.node(alternative, "value", functionSpot(false));
        this.functions.push(
          `function ${explainer}(value, clean, level, failure, place) { ${body} return value; }`,
        );
        return explainer;
      });
      this.functions.push(`const ${name} = [${names.join(", ")}];`);
    }
    return name;
  }

  /** The call of the function of an alternative. The function is written once and called several times. */
  #alternative(node: SchemaNode, v: string, spot: Spot): string {
    let name = this.#alternatives.get(node);
    if (name === undefined) {
      name = this.#name("alternative");
      this.#alternatives.set(node, name);
      const body = this.node(node, "value", functionSpot(true));
      this.functions.push(`function ${name}(value, clean, level) { ${body} return value; }`);
    }
    return `${name}(${v}, ${this.#clean()}, ${levelOf(spot)})`;
  }

  #discriminated(node: UnionNode, discriminator: Discriminator, v: string, spot: Spot): string {
    const { key, indexes, expected } = discriminator;
    const tag = this.#name("tag");
    const cases = node.alternatives.map(
      (alternative, index) => `case ${index}: { ${this.node(alternative, v, spot)} break; }`,
    );
    const fault = this.#fault(inProperty(spot, key), wrongValue(expected), tag);
    return `if (${noObject(v)}) { ${this.#wrongType(node, v, spot)} } else { const ${tag} = ownValue(${v}, ${JSON.stringify(key)}); switch (${this.#constant(indexes)}.get(${tag})) { ${cases.join(" ")} default: { ${fault} } } }`;
  }

  #ref({ target }: RefNode, v: string, spot: Spot): string {
    const call = `${this.#target(target, spot.quiet)}(${v}, ${this.#clean()}, ${levelOf(spot)}`;
    const result = this.#name("result");
    if (spot.quiet) {
      return `const ${result} = ${call}); if (${result} === refused) return refused; ${v} = ${result};`;
    }
    return `${v} = ${call}, failure, ${this.#placeOf(spot)}); if (failure.isFull) return refused;`;
  }

  /** The function that the refs to a target call. */
  #target(target: RefTarget, quiet: boolean): string {
    const known = quiet ? this.#quietTargets : this.#explainingTargets;
    let name = known.get(target);
    if (name === undefined) {
      name = this.#name("target");
      known.set(target, name);
      this.#readsPlainObjects = true;
      const spot = functionSpot(quiet);
      const fault = this.#fault(spot, tooDeep(target.maxDepth), "value");
      const body = this.node(target.node, "value", spot);
      const parameters = quiet ? "value, clean, level" : "value, clean, level, failure, place";
      this.functions.push(
        `function ${name}(${parameters}) { if (level > ${target.maxDepth}) { ${fault} return value; } ${body} return value; }`,
      );
    }
    return name;
  }

  #custom(node: CustomNode, v: string, spot: Spot): string {
    const result = this.#name("result");
    const misfits = node.unchanged
      ? `${result} === undefined || !isUnchanged(${v}, ${result})`
      : `${result} === undefined`;
    return `const ${result} = ${v} === undefined ? undefined : runCustom(${this.#constant(node)}, ${v}); if (${misfits}) { ${this.#wrongType(node, v, spot)} } else { ${v} = ${result}; }`;
  }

  #standard(node: StandardNode, v: string, spot: Spot): string {
    const result = this.#name("result");
    const expected = describeNode(node);
    const refuse = spot.quiet
      ? "return refused;"
      : `if (failure.addForeign(${this.#placeOf(spot)}, ${result}.issues, ${JSON.stringify(expected)}, ${v})) return refused;`;
    const compare = node.unchanged
      ? `if (!isUnchanged(${v}, ${result}.value)) { ${this.#fault(spot, wrongValue(expected), v)} } else`
      : "";
    return `const ${result} = runStandard(${this.#constant(node.schema)}, ${v}); if (${result}.issues !== undefined) { ${refuse} } else ${compare} { ${v} = ${result}.value; }`;
  }

  #inItem(spot: Spot, index: string): Spot {
    const inner = inKey(spot, index, this.#placeOf(spot));
    return spot.quiet || spot.fixed === undefined
      ? inner
      : { ...inner, item: { list: spot.fixed, index, keys: [] } };
  }

  #wrongType(node: SchemaNode, v: string, spot: Spot): string {
    return spot.quiet ? "return refused;" : this.#fault(spot, wrongType(describeNode(node)), v);
  }

  #fault(spot: Spot, fault: Fault, v: string): string {
    if (spot.quiet) return "return refused;";
    if (spot.fixed !== undefined) {
      return `if (failure.addAt(${this.#constant(new Site(spot.fixed, fault))}, ${v})) return refused;`;
    }
    if (spot.item !== undefined) {
      const { list, index, keys } = spot.item;
      const sites = this.#constant(new ItemSites(list, keys, fault));
      return `if (failure.addAt(${sites}.at(${index}), ${v})) return refused;`;
    }
    return `if (failure.add(${spot.place}, ${this.#constant(fault)}, ${v})) return refused;`;
  }

  #placeOf(spot: Spot): string {
    if (spot.quiet) return "";
    return spot.fixed === undefined ? spot.place : this.#constant(spot.fixed);
  }

  // A function that reads no objects does not need `clean`. Whether it reads objects is only known after the whole
  // function is written, so this method assumes that it does.
  #clean(): string {
    this.#readsPlainObjects = true;
    return "clean";
  }

  #default(value: unknown): string {
    if (typeof value === "string" || typeof value === "boolean" || value === null)
      return JSON.stringify(value);
    return `copyDefault(${this.#constant(value)})`;
  }

  #constant(value: unknown): string {
    const known = this.#constantNames.get(value);
    if (known !== undefined) return known;
    const name = `c${this.constants.push(value) - 1}`;
    // Only objects are cached, because 0 and -0 are the same key of a Map.
    if (typeof value === "object") this.#constantNames.set(value, name);
    return name;
  }

  #name(word: string): string {
    this.#names += 1;
    return `${word}${this.#names}`;
  }
}

function noObject(v: string): string {
  return `typeof ${v} !== "object" || ${v} === null || Array.isArray(${v})`;
}

/** Whether `undefined` always causes an issue. */
function isSurelyPresent(node: SchemaNode): boolean {
  return !node.optional && node.fallback === undefined && !["union", "standard", "ref"].includes(node.kind);
}

// Reading `__proto__` is several times faster than Object.getPrototypeOf. Deno has no `__proto__`, and a flag of
// Node.js makes it throw. An object with an own key of this name is checked in the slower way.
const hasProtoAccessor = (() => {
  try {
    return Reflect.get({}, "__proto__") === Object.prototype;
  } catch {
    return false;
  }
})();

/**
 * If a plain object has a forbidden own key, reading this key returns another value than for other objects. (If the own
 * value equals the inherited value, the key is harmless.) Three reads take a tenth of the time of three calls of
 * `Object.hasOwn`.
 */
function mayBeForbidden(v: string, plain: string): string {
  return `(!${plain} || ${v}.constructor !== objectConstructor || "prototype" in ${v})`;
}

function plainTest(v: string): string {
  return `${hasProtoAccessor ? `${v}.__proto__` : `Object.getPrototypeOf(${v})`} === objectPrototype`;
}
