import { countCharacters } from "../formats/characters.js";
import {
  coerceBigint,
  coerceBoolean,
  coerceDay,
  coerceInstant,
  coerceNumber,
  isDate,
} from "../formats/coercions.js";
import { decodeHTML, encodeHTML } from "../formats/html-entities.js";
import { formatTests } from "../formats/string-formats.js";
import type { Failure } from "../issue/failure.js";
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
  unreadable,
  wrongFormat,
  wrongPattern,
  wrongType,
  wrongValue,
} from "../issue/fault.js";
import { Place, rootPlace } from "../issue/place.js";
import { describeNode } from "../node/describe-node.js";
import {
  type ArrayNode,
  type CustomNode,
  type DictNode,
  type Discriminator,
  isTransforming,
  type NumberNode,
  type ObjectNode,
  type RefNode,
  type RefTarget,
  type Rule,
  type SchemaNode,
  type StandardNode,
  type StringNode,
  type UnionNode,
  type ValuesNode,
} from "../node/schema-node.js";
import { explainUnion } from "./explain-union.js";
import {
  addUnknownKeys,
  copyDefault,
  copyUnknownKeys,
  findBroken,
  findForbidden,
  findRepeated,
  hasUnknownKey,
  isMultiple,
  isUnchanged,
  ownValue,
  runCustom,
  runStandard,
} from "./operations.js";
import { type Compiler, refused } from "./program.js";

/**
 * Returns the parsed value. If the value does not fit, records the issues in `failure` and returns `refused`. Without a
 * `failure`, the check ends at the first issue and ignores `place`.
 */
type Check = (value: unknown, failure: Failure | undefined, place: Place, level: number) => unknown;

/** Compiles nodes to nested functions. This works on every platform, also if the platform forbids generated source. */
export const closureCompiler: Compiler = {
  compile(node) {
    const check = new CheckBuilder().check(node);
    return (value) => check(value, undefined, rootPlace, 1);
  },
  compileExplainer(node) {
    const check = new CheckBuilder().check(node);
    return (value, failure) => check(value, failure, rootPlace, 1);
  },
};

class CheckBuilder {
  readonly #targets = new Map<RefTarget, Check>();

  check(node: SchemaNode): Check {
    const check = this.#ruled(node);
    const { optional, nullable, fallback } = node;
    if (!optional && !nullable && fallback === undefined) return check;
    return (value, failure, place, level) => {
      if (value === undefined) {
        if (fallback !== undefined) return copyDefault(fallback.value);
        if (optional) return undefined;
      }
      return value === null && nullable ? null : check(value, failure, place, level);
    };
  }

  #ruled(node: SchemaNode): Check {
    const check = this.#kind(node);
    return node.rules === undefined ? check : createRuleCheck(check, node.rules);
  }

  #kind(node: SchemaNode): Check {
    const fault = wrongType(describeNode(node));
    switch (node.kind) {
      case "string":
        return createStringCheck(node, fault);
      case "number":
        return createNumberCheck(node, fault);
      case "bigint":
        return createTypeCheck(
          fault,
          (value) => typeof value === "bigint",
          node.coerce ? coerceBigint : undefined,
        );
      case "boolean":
        return createTypeCheck(
          fault,
          (value) => typeof value === "boolean",
          node.coerce ? coerceBoolean : undefined,
        );
      case "date": {
        const coerce = node.text === "day" ? coerceDay : coerceInstant;
        return createTypeCheck(fault, isDate, node.coerce ? coerce : undefined);
      }
      case "unknown":
        return createTypeCheck(fault, (value) => value !== undefined);
      case "null":
        return createTypeCheck(fault, (value) => value === null);
      case "function":
        return createTypeCheck(fault, (value) => typeof value === "function");
      case "values":
        return createValuesCheck(node);
      case "object":
        return this.#object(node, fault);
      case "array":
        return this.#array(node, fault);
      case "dict":
        return this.#dict(node, fault);
      case "union":
        return node.discriminator === undefined
          ? this.#union(node)
          : this.#discriminated(node, node.discriminator, fault);
      case "ref":
        return this.#ref(node);
      case "custom":
        return createCustomCheck(node, fault);
      case "standard":
        return createStandardCheck(node);
    }
  }

  #object(node: ObjectNode, fault: Fault): Check {
    const known = new Set(node.properties.map((property) => property.key));
    const properties = node.properties.map(({ key, node }) => ({ key, check: this.check(node) }));
    const rebuild = node.properties.some((property) => isTransforming(property.node));
    const { mode } = node;

    return (value, failure, place, level) => {
      if (!isObject(value)) return refuse(failure, place, fault, value);
      let fits = true;
      const outputs: unknown[] = [];
      for (const { key, check } of properties) {
        const at = failure === undefined ? place : new Place(place, key);
        const part = readPart(value, key, failure, at);
        const output = part === refused ? refused : check(part, failure, at, level + 1);
        outputs.push(output);
        if (output !== refused) continue;
        if (failure === undefined || failure.isFull) return refused;
        fits = false;
      }
      if (mode === "no_extra" && hasUnknownKey(value, known)) {
        if (failure !== undefined) addUnknownKeys(failure, value, known, place);
        return refused;
      }
      if (mode === "add_extra") {
        const forbidden = findForbidden(value);
        if (forbidden !== undefined) return refuseKey(failure, place, forbidden);
      }
      if (!fits) return refused;
      if (!rebuild && (mode !== "remove_extra" || !hasUnknownKey(value, known))) return value;
      const copy = mode === "add_extra" ? copyUnknownKeys(value, known) : {};
      for (let index = 0; index < properties.length; index++) {
        const property = properties[index];
        if (property !== undefined && outputs[index] !== undefined) copy[property.key] = outputs[index];
      }
      return copy;
    };
  }

  #array(node: ArrayNode, fault: Fault): Check {
    const { minLength, maxLength, unique, wrap } = node;
    const short = tooShort(minLength, "item");
    const long = tooLong(maxLength, "item");
    const check = this.check(node.items);
    const rebuild = isTransforming(node.items);

    return (given, failure, place, level) => {
      const value = wrap && given !== undefined && !Array.isArray(given) ? [given] : given;
      if (!Array.isArray(value)) return refuse(failure, place, fault, value);
      if (value.length < minLength) return refuse(failure, place, short, value);
      if (value.length > maxLength) return refuse(failure, place, long, value);
      return checkItems(value, failure, place, level);
    };

    function checkItems(
      items: readonly unknown[],
      failure: Failure | undefined,
      place: Place,
      level: number,
    ) {
      let fits = true;
      const outputs: unknown[] = [];
      for (let index = 0; index < items.length; index++) {
        const at = failure === undefined ? place : new Place(place, index);
        const part = readPart(items, index, failure, at);
        const output = part === refused ? refused : check(part, failure, at, level + 1);
        if (rebuild) outputs.push(output);
        if (output !== refused) continue;
        if (failure === undefined || failure.isFull) return refused;
        fits = false;
      }
      if (!fits) return refused;
      const result = rebuild ? outputs : items;
      const repeated = unique ? findRepeated(result) : -1;
      if (repeated < 0) return result;
      return refuse(failure, new Place(place, repeated), notUnique, result[repeated]);
    }
  }

  #dict(node: DictNode, fault: Fault): Check {
    const check = this.check(node.values);
    const rebuild = isTransforming(node.values);

    return (value, failure, place, level) => {
      if (!isObject(value)) return refuse(failure, place, fault, value);
      const forbidden = findForbidden(value);
      if (forbidden !== undefined) return refuseKey(failure, place, forbidden);
      let fits = true;
      const copy: Record<string, unknown> = {};
      for (const key of Object.keys(value)) {
        const at = failure === undefined ? place : new Place(place, key);
        const part = readPart(value, key, failure, at);
        const output = part === refused ? refused : check(part, failure, at, level + 1);
        if (rebuild) copy[key] = output;
        if (output !== refused) continue;
        if (failure === undefined || failure.isFull) return refused;
        fits = false;
      }
      if (!fits) return refused;
      return rebuild ? copy : value;
    };
  }

  #union(node: UnionNode): Check {
    const checks = node.alternatives.map((alternative) => this.check(alternative));
    return (value, failure, place, level) => {
      for (const check of checks) {
        const output = check(value, undefined, place, level);
        if (output !== refused) return output;
      }
      if (failure === undefined) return refused;
      const before = failure.issues.length;
      const output = explainUnion(node, value, failure, place, (index, fork) =>
        checks[index]?.(value, fork, place, level),
      );
      return failure.issues.length > before ? refused : output;
    };
  }

  #discriminated(node: UnionNode, { key, indexes, expected }: Discriminator, fault: Fault): Check {
    const checks = node.alternatives.map((alternative) => this.check(alternative));
    const unknown = wrongValue(expected);
    return (value, failure, place, level) => {
      if (!isObject(value)) return refuse(failure, place, fault, value);
      const at = failure === undefined ? place : new Place(place, key);
      const tag = readPart(value, key, failure, at);
      if (tag === refused) return refused;
      const check = checks[indexes.get(tag) ?? -1];
      return check === undefined ? refuse(failure, at, unknown, tag) : check(value, failure, place, level);
    };
  }

  // A ref inside its own target is compiled before the check of the target exists. So the first call looks up the
  // check.
  #ref({ target }: RefNode): Check {
    const fault = tooDeep(target.maxDepth);
    if (!this.#targets.has(target)) {
      this.#targets.set(target, () => refused);
      this.#targets.set(target, this.check(target.node));
    }
    let check: Check | undefined;
    return (value, failure, place, level) => {
      if (level > target.maxDepth) return refuse(failure, place, fault, value);
      check ??= this.#targets.get(target);
      return check?.(value, failure, place, level);
    };
  }
}

function createRuleCheck(check: Check, rules: readonly Rule[]): Check {
  return (given, failure, place, level) => {
    const value = check(given, failure, place, level);
    if (value === refused) return refused;
    const broken = findBroken(rules, value);
    return broken === undefined ? value : refuse(failure, place, broken, value);
  };
}

function createTypeCheck(
  fault: Fault,
  fits: (value: unknown) => boolean,
  coerce?: (value: unknown) => unknown,
): Check {
  return (given, failure, place) => {
    const value = coerce === undefined ? given : coerce(given);
    return fits(value) ? value : refuse(failure, place, fault, value);
  };
}

function createStringCheck(node: StringNode, fault: Fault): Check {
  const { minLength, maxLength, pattern, format } = node;
  const transform = node.transform && { encodeHTML, decodeHTML }[node.transform];
  const short = tooShort(minLength, "character");
  const long = tooLong(maxLength, "character");
  return (value, failure, place) => {
    if (typeof value !== "string") return refuse(failure, place, fault, value);
    // A string whose length is far from the limit needs no counting of its characters.
    if (value.length < 2 * minLength && countCharacters(value) < minLength) {
      return refuse(failure, place, short, value);
    }
    if (value.length > maxLength && countCharacters(value) > maxLength) {
      return refuse(failure, place, long, value);
    }
    if (format !== undefined && !formatTests[format](value)) {
      return refuse(failure, place, wrongFormat(format), value);
    }
    if (pattern !== undefined && !pattern.test(value)) {
      return refuse(failure, place, wrongPattern(pattern), value);
    }
    return transform === undefined ? value : transform(value);
  };
}

function createNumberCheck(node: NumberNode, fault: Fault): Check {
  const { integer, min, max, multipleOf, coerce } = node;
  const isNumber = integer ? Number.isSafeInteger : Number.isFinite;
  return (given, failure, place) => {
    const value = coerce ? coerceNumber(given) : given;
    if (typeof value !== "number" || !isNumber(value)) {
      if (!Number.isInteger(value)) return refuse(failure, place, fault, value);
      return refuse(failure, place, (value as number) > 0 ? tooBigInteger : tooSmallInteger, value);
    }
    if (min !== undefined && value < min) return refuse(failure, place, tooSmall(min), value);
    if (max !== undefined && value > max) return refuse(failure, place, tooBig(max), value);
    if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
      return refuse(failure, place, notMultiple(multipleOf), value);
    }
    return value;
  };
}

function createValuesCheck(node: ValuesNode): Check {
  const values = new Set<unknown>(node.values);
  const fault = wrongValue(describeNode(node));
  return (given, failure, place) => {
    const value = typeof given === "string" ? (node.texts?.get(given) ?? given) : given;
    return values.has(value) ? value : refuse(failure, place, fault, value);
  };
}

function createCustomCheck(node: CustomNode, fault: Fault): Check {
  return (value, failure, place) => {
    const result = value === undefined ? undefined : runCustom(node, value);
    if (result === undefined || (node.unchanged && !isUnchanged(value, result))) {
      return refuse(failure, place, fault, value);
    }
    return result;
  };
}

function createStandardCheck(node: StandardNode): Check {
  const expected = describeNode(node);
  const fault = wrongValue(expected);
  return (value, failure, place) => {
    const result = runStandard(node.schema, value);
    if (result.issues !== undefined) {
      failure?.addForeign(place, result.issues, expected, value);
      return refused;
    }
    if (node.unchanged && !isUnchanged(value, result.value)) return refuse(failure, place, fault, value);
    return result.value;
  };
}

function refuse(failure: Failure | undefined, place: Place, fault: Fault, value: unknown): typeof refused {
  failure?.add(place, fault, value);
  return refused;
}

function refuseKey(failure: Failure | undefined, place: Place, key: string): typeof refused {
  return refuse(failure, new Place(place, key), forbiddenKey, key);
}

/**
 * Returns the value of an own key. If a getter throws and issues are recorded, this records an issue for the key.
 */
function readPart(object: object, key: PropertyKey, failure: Failure | undefined, place: Place): unknown {
  if (failure === undefined) return ownValue(object, key);
  try {
    return ownValue(object, key);
  } catch {
    return refuse(failure, place, unreadable, object);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
