/** The forms in which a file, or what stands for a missing one, can be served. Each form of a file has its own URL. */
export type ModuleForm =
  /** An ES module, unchanged. */
  | "module"
  /** A CommonJS module as a function that runs it when it is required for the first time. */
  | "commonjs"
  /** The exports of a CommonJS module, for static imports. */
  | "names"
  /** The exports of a CommonJS module as an object, for dynamic imports. */
  | "namespace"
  /** A module without a file: of Node.js, or left out of browsers by its package. */
  | "empty"
  /** A module that throws in place of one that cannot be served. */
  | "missing"
  /** A module whose default export is the value of a JSON file. */
  | "json"
  /** A module whose default export is a `CSSStyleSheet`. */
  | "stylesheet"
  /** A script that is no module, such as that of a classic worker. */
  | "script"
  /** A file, unchanged. */
  | "asset"
  /** Code of miqro that other forms import. */
  | "runtime";

/** The meaning of a key. */
export interface ModuleKey {
  readonly form: ModuleForm;
  /** The absolute path with links resolved; empty for a module without a file. */
  readonly file: string;
  /** The string that distinguishes keys of equal form and file. */
  readonly detail: string;
}

/** A string that tells one module from all others. */
export function toKey(form: ModuleForm, file: string, detail = ""): string {
  return form === "module" ? file : `${form}\0${file}\0${detail}`;
}

export function parseKey(key: string): ModuleKey {
  const [form, file, detail] = key.split("\0");
  if (file === undefined) return { form: "module", file: key, detail: "" };
  return { form: form as ModuleForm, file, detail: detail ?? "" };
}
