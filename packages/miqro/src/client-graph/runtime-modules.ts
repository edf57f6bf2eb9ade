/** Code that other modules import, by name. It is written for browsers, and sent unchanged. */
export const runtimeModules: Readonly<Record<string, string>> = {
  // `this`, `require` and `module` of a CommonJS module. If a module throws, it may be run again, as in Node.js.
  commonjs: `export function run(module, body, find, forget) {
  function require(name) { return find(name); }
  require.cache = {};
  require.resolve = (name) => name;
  module.require = require;
  try {
    body.call(module.exports, module.exports, require, module, module.filename, module.path);
  } catch (error) {
    forget();
    throw error;
  }
  module.loaded = true;
  return module.exports;
}
export function create(filename) {
  return { exports: {}, id: filename, filename, path: filename.replace(/\\/[^/]*$/, ""), loaded: false, children: [], paths: [] };
}
export function missing(name, from) {
  const error = new Error("Cannot find module '" + name + "', which " + from + " requires.");
  error.code = "MODULE_NOT_FOUND";
  throw error;
}
export function toCommonJS(namespace) {
  if ("module.exports" in namespace) return namespace["module.exports"];
  const known = required.get(namespace);
  if (known !== undefined) return known;
  const exports = Object.defineProperty({}, "__esModule", { value: true });
  for (const name of Object.keys(namespace)) {
    if (name !== "__esModule") Object.defineProperty(exports, name, { get: () => namespace[name], enumerable: true });
  }
  required.set(namespace, exports);
  return exports;
}
export function toDefault(exports, isNode) {
  return !isNode && exports != null && exports.__esModule ? exports.default : exports;
}
export function toNamespace(exports, isNode) {
  const namespace = exports == null ? {} : Object.create(Object.getPrototypeOf(exports));
  if (isNode || exports == null || !exports.__esModule) {
    Object.defineProperty(namespace, "default", { value: exports, enumerable: true });
  }
  if (typeof exports !== "object" && typeof exports !== "function") return namespace;
  for (const name of Object.getOwnPropertyNames(exports ?? {})) {
    if (Object.hasOwn(namespace, name)) continue;
    Object.defineProperty(namespace, name, { get: () => exports[name], enumerable: Object.prototype.propertyIsEnumerable.call(exports, name) });
  }
  return namespace;
}
var required = new WeakMap();
`,
};
