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
import { Place } from "../issue/place.js";
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
  isPrototypeClean,
  isUnchanged,
  ownValue,
  runCustom,
  runStandard,
} from "./operations.js";
import { type Compiler, type Explainer, type Program, refused } from "./program.js";
import { SourceWriter } from "./source-writer.js";

/**
 * Compiles nodes to generated JavaScript source. A schema becomes one function. For a value that fits, this function
 * allocates no objects for its own use. A second function collects the issues of refused values. It is generated when
 * the first value is refused.
 */
export const sourceCompiler: Compiler = {
  compile(node) {
    const writer = new SourceWriter(true);
    const body = writer.root(node);
    return evaluate(
      writer,
      `return function parse(value) { ${writer.prologue} ${body} return value; };`,
    ) as Program;
  },
  compileExplainer(node) {
    const writer = new SourceWriter(false);
    const body = writer.root(node);
    return evaluate(
      writer,
      `return function explain(value, failure) { ${writer.prologue} ${body} return value; };`,
    ) as Explainer;
  },
};

/** Whether the platform allows generated source. A Content Security Policy or a flag of Node.js may forbid it. */
export function canGenerateSource(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}

/** The functions that generated source calls, by their names in the source. */
const operations = {
  refused,
  objectPrototype: Object.prototype,
  objectConstructor: Object,
  placeIn: (parent: Place, key: PropertyKey) => new Place(parent, key),
  formatTests,
  addUnknownKeys,
  coerceBigint,
  coerceBoolean,
  coerceDay,
  coerceInstant,
  coerceNumber,
  copyDefault,
  copyUnknownKeys,
  countCharacters,
  decodeHTML,
  encodeHTML,
  findBroken,
  findForbidden,
  findRepeated,
  hasUnknownKey,
  isDate,
  isMultiple,
  isPrototypeClean,
  isUnchanged,
  ownValue,
  explainUnion,
  runCustom,
  runStandard,
};

const operationNames = Object.keys(operations).join(", ");

function evaluate(writer: SourceWriter, source: string): unknown {
  const { constants, functions } = writer;
  const names = constants.map((_, index) => `c${index}`).join(", ");
  const text = `"use strict"; const { ${operationNames} } = operations; const [${names}] = constants; ${functions.join(" ")} ${source}`;
  return new Function("operations", "constants", text)(operations, constants);
}
