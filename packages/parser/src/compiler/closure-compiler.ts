import { Failure } from "../issue/failure.js";
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
  isUnchanged,
  ownValue,
  runStandard,
} from "./operations.js";
import { atLeast, atMost } from "./phrases.js";
import { type Compiler, refused } from "./program.js";
import { reportedAlternative } from "./reported-alternative.js";

/**
 * Answers with the parsed value, or notes faults and answers with `refused`. Without a failure to note them in, the
 * first fault ends the check.
 */
type Check = (value: unknown, failure: Failure | undefined) => unknown;

/** Runs nodes as nested functions: works everywhere, also where no source may be generated. */
export const closureCompiler: Compiler = {
  compile(node) {
    const check = createCheck(node);
    return (value, limit) => {
      const failure = new Failure(limit);
      const result = check(value, failure);
      return result === refused ? failure : result;
    };
  },
  compileQuiet(node) {
    const check = createCheck(node);
    return (value) => check(value, undefined);
  },
};

function createCheck(node: SchemaNode): Check {
  const check = createKindCheck(node);
  const { optional, nullable, fallback } = node;
  if (!optional && !nullable && fallback === undefined) return check;
  return (value, failure) => {
    if (value === undefined) {
      if (fallback !== undefined) return copyDefault(fallback.value);
      if (optional) return undefined;
    }
    return value === null && nullable ? null : check(value, failure);
  };
}

function createKindCheck(node: SchemaNode): Check {
  const expected = describeNode(node);
  switch (node.kind) {
    case "string":
      return createStringCheck(node, expected);
    case "number":
      return createNumberCheck(node, expected);
    case "boolean":
      return createTypeCheck(
        expected,
        (value) => typeof value === "boolean",
        node.coerce ? coerceBoolean : undefined,
      );
    case "unknown":
      return createTypeCheck(expected, (value) => value !== undefined);
    case "null":
      return createTypeCheck(expected, (value) => value === null);
    case "function":
      return createTypeCheck(expected, (value) => typeof value === "function");
    case "values":
      return createValuesCheck(node, expected);
    case "object":
      return createObjectCheck(node, expected);
    case "array":
      return createArrayCheck(node, expected);
    case "dict":
      return createDictCheck(node, expected);
    case "union":
      return createUnionCheck(node, expected);
    case "standard":
      return createStandardCheck(node, expected);
  }
}

function createTypeCheck(
  expected: string,
  fits: (value: unknown) => boolean,
  coerce?: (value: unknown) => unknown,
): Check {
  return (given, failure) => {
    const value = coerce === undefined ? given : coerce(given);
    if (fits(value)) return value;
    failure?.add([], "wrong_type", expected, value);
    return refused;
  };
}

function createStringCheck({ minLength, maxLength, pattern, format }: StringNode, expected: string): Check {
  return (value, failure) => {
    if (typeof value !== "string") failure?.add([], "wrong_type", expected, value);
    else if (value.length < minLength) failure?.add([], "too_short", atLeast(minLength, "character"), value);
    else if (value.length > maxLength) failure?.add([], "too_long", atMost(maxLength, "character"), value);
    else if (format !== undefined && !hasFormat(value, format))
      failure?.add([], "wrong_format", format, value);
    else if (pattern !== undefined && !pattern.test(value))
      failure?.add([], "wrong_pattern", String(pattern), value);
    else return value;
    return refused;
  };
}

function createNumberCheck(node: NumberNode, expected: string): Check {
  const { integer, min, max, multipleOf, coerce } = node;
  const isNumber = integer ? Number.isSafeInteger : Number.isFinite;
  return (given, failure) => {
    const value = coerce ? coerceNumber(given) : given;
    if (typeof value !== "number" || !isNumber(value)) failure?.add([], "wrong_type", expected, value);
    else if (min !== undefined && value < min) failure?.add([], "too_small", `at least ${min}`, value);
    else if (max !== undefined && value > max) failure?.add([], "too_big", `at most ${max}`, value);
    else if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
      failure?.add([], "not_multiple", `multiple of ${multipleOf}`, value);
    } else return value;
    return refused;
  };
}

function createValuesCheck(node: ValuesNode, expected: string): Check {
  const values = new Set<unknown>(node.values);
  return (given, failure) => {
    const value = typeof given === "string" ? (node.texts?.get(given) ?? given) : given;
    if (values.has(value)) return value;
    failure?.add([], "wrong_value", expected, value);
    return refused;
  };
}

function createObjectCheck(node: ObjectNode, expected: string): Check {
  const known = new Set(node.properties.map((property) => property.key));
  const properties = node.properties.map(({ key, node }) => ({ key, check: createCheck(node) }));
  const rebuild = node.properties.some((property) => isTransforming(property.node));
  const { mode } = node;

  return (value, failure) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      failure?.add([], "wrong_type", expected, value);
      return refused;
    }
    let fits = true;
    const outputs: unknown[] = [];
    for (const { key, check } of properties) {
      const start = failure?.faults.length ?? 0;
      const output = check(ownValue(value, key), failure);
      outputs.push(output);
      if (output !== refused) continue;
      if (failure === undefined) return refused;
      failure.nest(start, key);
      if (failure.isFull) return refused;
      fits = false;
    }
    if (mode === "no_extra" && hasUnknownKey(value, known)) {
      if (failure !== undefined) addUnknownKeys(failure, value, known, []);
      return refused;
    }
    if (mode === "add_extra") {
      const forbidden = findForbidden(value);
      if (forbidden !== undefined) {
        failure?.add([forbidden], "forbidden_key", "no such key", forbidden);
        return refused;
      }
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

function createArrayCheck(node: ArrayNode, expected: string): Check {
  const { minLength, maxLength, unique, wrap } = node;
  const check = createCheck(node.items);
  const rebuild = isTransforming(node.items);

  return (given, failure) => {
    const value = wrap && given !== undefined && !Array.isArray(given) ? [given] : given;
    if (!Array.isArray(value)) failure?.add([], "wrong_type", expected, value);
    else if (value.length < minLength) failure?.add([], "too_short", atLeast(minLength, "item"), value);
    else if (value.length > maxLength) failure?.add([], "too_long", atMost(maxLength, "item"), value);
    else return checkItems(value, failure);
    return refused;
  };

  function checkItems(items: readonly unknown[], failure: Failure | undefined): unknown {
    let fits = true;
    const outputs: unknown[] = [];
    for (let index = 0; index < items.length; index++) {
      const start = failure?.faults.length ?? 0;
      const output = check(items[index], failure);
      if (rebuild) outputs.push(output);
      if (output !== refused) continue;
      if (failure === undefined) return refused;
      failure.nest(start, index);
      if (failure.isFull) return refused;
      fits = false;
    }
    if (!fits) return refused;
    const result = rebuild ? outputs : items;
    const repeated = unique ? findRepeated(result) : -1;
    if (repeated < 0) return result;
    failure?.add([repeated], "not_unique", "unique items", result[repeated]);
    return refused;
  }
}

function createDictCheck(node: DictNode, expected: string): Check {
  const check = createCheck(node.values);
  const rebuild = isTransforming(node.values);

  return (value, failure) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      failure?.add([], "wrong_type", expected, value);
      return refused;
    }
    const forbidden = findForbidden(value);
    if (forbidden !== undefined) {
      failure?.add([forbidden], "forbidden_key", "no such key", forbidden);
      return refused;
    }
    let fits = true;
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const start = failure?.faults.length ?? 0;
      const output = check((value as Record<string, unknown>)[key], failure);
      if (rebuild) copy[key] = output;
      if (output !== refused) continue;
      if (failure === undefined) return refused;
      failure.nest(start, key);
      if (failure.isFull) return refused;
      fits = false;
    }
    if (!fits) return refused;
    return rebuild ? copy : value;
  };
}

function createUnionCheck(node: UnionNode, expected: string): Check {
  const checks = node.alternatives.map(createCheck);
  return (value, failure) => {
    for (const check of checks) {
      const output = check(value, undefined);
      if (output !== refused) return output;
    }
    const reported = reportedAlternative(node, value);
    if (failure !== undefined && reported !== undefined) return checks[reported]?.(value, failure);
    failure?.add([], "wrong_type", expected, value);
    return refused;
  };
}

function createStandardCheck({ schema, unchanged }: StandardNode, expected: string): Check {
  return (value, failure) => {
    const result = runStandard(schema, value);
    if (result.issues !== undefined) failure?.addForeign([], result.issues, expected, value);
    else if (unchanged && !isUnchanged(value, result.value)) failure?.add([], "wrong_value", expected, value);
    else return result.value;
    return refused;
  };
}
