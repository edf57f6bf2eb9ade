import { ModuleFaultError } from "./client-graph-error.js";

/**
 * Replaces a module that does not exist in browsers. Each imported name is `undefined`, as with bundlers.
 * @param told the name that the console shows when code uses the module
 */
export function emptyModule(names: readonly string[], told?: string): string {
  const value =
    told === undefined
      ? "{}"
      : `new Proxy({}, { get: (empty, key) => (key in empty ? empty[key] : void tell(key)) })`;
  const message = JSON.stringify(`"${told}" does not exist in browsers, but client code reads its `);
  const tell = `function tell(key) { if (typeof key === "string" && key !== "__esModule" && key !== "then" && key !== "toJSON") console.warn(${message} + key + "."); }\n`;
  return `export default ${value};\n${exportAll(names, () => "undefined")}${told === undefined ? "" : tell}`;
}

/** A module that throws when it is evaluated. */
export function missingModule(message: string, names: readonly string[]): string {
  return `${exportAll(["default", ...names], () => "undefined")}throw new Error(${JSON.stringify(message)});\n`;
}

/** @throws {ModuleFaultError} if the text is not JSON */
export function jsonModule(text: string, label: string): string {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new ModuleFaultError("MIQRO_CLIENT_SYNTAX", `${label} is not valid JSON; correct the file.`, {
      cause,
    });
  }
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = isObject ? Object.keys(value as object).filter(isIdentifier) : [];
  // `JSON.parse` is faster than an object literal, and it keeps a key `__proto__`.
  return `var value = JSON.parse(${JSON.stringify(json)});\nexport default value;\n${exportAll(names, (name) => `value.${name}`)}`;
}

export function stylesheetModule(text: string): string {
  return `const sheet = new CSSStyleSheet();\nsheet.replaceSync(${JSON.stringify(text)});\nexport default sheet;\n`;
}

/**
 * The exports of a CommonJS module. The function that runs the module is imported as `require`, and `toDefault` of the
 * runtime makes the default export.
 */
export function namesModule(names: readonly string[], isNode: boolean): string {
  return `var exports = require();\nvar value = toDefault(exports, ${isNode});\nexport { value as default };\n${exportAll(names, (name) => `exports?.${name}`)}`;
}

/** The exports of a CommonJS module as an object, with all names that exist after the module has run. */
export function namespaceModule(isNode: boolean): string {
  return `export var namespace = toNamespace(require(), ${isNode});\nvar value = namespace.default;\nexport { value as default };\n`;
}

function exportAll(names: readonly string[], toValue: (name: string) => string): string {
  if (names.length === 0) return "";
  const values = names.map((name, index) => `$${index} = ${toValue(name)}`);
  const exports = names.map((name, index) => `$${index} as ${name}`);
  return `var ${values.join(", ")};\nexport { ${exports.join(", ")} };\n`;
}

/** Whether a name can be exported unchanged. `default` cannot, because it has its own meaning. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default";
}
