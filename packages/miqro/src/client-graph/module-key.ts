/**
 * The forms in which a file, or the replacement of a missing file, can be served. Each form of a file has its own URL.
 */
export type ModuleForm =
  /** An ES module, unchanged. */
  | "module"
  /** A CommonJS module as a function. The first `require` calls the function, and this runs the module. */
  | "commonjs"
  /** The exports of a CommonJS module, for static imports. */
  | "names"
  /** The exports of a CommonJS module as an object, for dynamic imports. */
  | "namespace"
  /**
   * A module without a file: a built-in module of Node.js, or a module that its package replaces by nothing in
   * browsers.
   */
  | "empty"
  /** A module that throws. It replaces a module that cannot be served. */
  | "missing"
  /** A module whose default export is the value of a JSON file. */
  | "json"
  /** A module whose default export is a `CSSStyleSheet`. */
  | "stylesheet"
  /** A classic script, such as the script of a classic worker. */
  | "script"
  /** Any other file, unchanged. */
  | "asset"
  /** Code of miqro that other forms import. */
  | "runtime";

/** The parts of a key. */
export interface ModuleKey {
  readonly form: ModuleForm;
  /** The absolute path with resolved links; empty for a module without a file. */
  readonly file: string;
  /** The string that distinguishes keys with equal form and file. */
  readonly detail: string;
}

/** A string that identifies one module. */
export function toKey(form: ModuleForm, file: string, detail = ""): string {
  return form === "module" ? file : `${form}\0${file}\0${detail}`;
}

export function parseKey(key: string): ModuleKey {
  const [form, file, detail] = key.split("\0");
  if (file === undefined) return { form: "module", file: key, detail: "" };
  return { form: form as ModuleForm, file, detail: detail ?? "" };
}
