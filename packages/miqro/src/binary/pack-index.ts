/** The data that an executable carries, in this order: an index, then the bytes of all files. */
export interface PackIndex {
  /** The position and the digest of each file's bytes. The key is the path of the file: `app/static/style.css`. */
  readonly files: Readonly<Record<string, CarriedFile>>;
  /** The path of each folder that is carried even if it is empty. */
  readonly folders: readonly string[];
  /** How each module is loaded, by its path. */
  readonly formats: Readonly<Record<string, ModuleFormat>>;
  /** The module that an `import` leads to, by the path of the importing module and the specifier. */
  readonly imports: Resolutions;
  /** The same for `require`. */
  readonly requires: Resolutions;
  /** The file that runs in place of a source, if it is another file. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The client modules; absent if no service has any. */
  readonly client?: CarriedClientCode;
  /** The modules with which the executable starts. */
  readonly start: { readonly importer: string; readonly program: string };
  /** The `miqro.json` that was written for the executable. */
  readonly settings: string;
  /** The name of the executable, and its version if package.json has one. */
  readonly program: { readonly name: string; readonly version?: string };
}

/** Offset, length and digest of a file. */
export type CarriedFile = readonly [offset: number, length: number, digest: string];

/** How Node.js loads a module. */
export type ModuleFormat = "module" | "commonjs" | "json" | "wasm";

/** Paths of modules. The keys are the importer and the specifier. */
export type Resolutions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The client modules of a composition, as they were when it was compiled. */
export interface CarriedClientCode {
  /** The text of the stub, and the URLs to preload. The key is the URL of an entry. */
  readonly entries: Readonly<Record<string, { readonly stub: string; readonly preloads: readonly string[] }>>;
  /** The headers of each module. The key is its URL, which is also the path of the file with its bytes. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The values that the main script of an executable shares with the modules that it starts. */
export interface CarriedFiles {
  readonly index: PackIndex;
  /**
   * The path of a folder that stands for the carried files, with a separator at its end. In an executable it begins
   * with the path of the executable. This is a file, so nobody can make such a folder.
   */
  readonly root: string;
  /** True if the files are in a folder, because `--install` unpacked them. */
  readonly isUnpacked: boolean;
  /** The bytes of a file; undefined if it is not carried. The caller must not change them. */
  read(path: string): Buffer | undefined;
}
