/** The data that an executable carries, in this order: an index, then the bytes of all files. */
export interface PackIndex {
  /** The position and the digest of the bytes of a file, by the path of the file: `app/static/style.css`. */
  readonly files: Readonly<Record<string, CarriedFile>>;
  /** The path of each folder that is carried although it may hold nothing. */
  readonly folders: readonly string[];
  /** How each module is loaded, by its path. */
  readonly formats: Readonly<Record<string, ModuleFormat>>;
  /** The module that an `import` leads to, by the path of the importing module and the specifier. */
  readonly imports: Resolutions;
  /** The same for `require`. */
  readonly requires: Resolutions;
  /** The file that runs in place of a source, where that is another one. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The client modules; absent where no service has some. */
  readonly client?: CarriedClientCode;
  /** The modules that the executable starts with. */
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

/** Paths of modules, by importer and specifier. */
export type Resolutions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The client modules of a composition, as they were when it was compiled. */
export interface CarriedClientCode {
  /** The text of the stub, and the URLs to preload, by the URL of an entry. */
  readonly entries: Readonly<Record<string, { readonly stub: string; readonly preloads: readonly string[] }>>;
  /** The headers of each module by its URL; its bytes are a file of that path. */
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The values that the main script of an executable shares with the modules that it starts. */
export interface CarriedFiles {
  readonly index: PackIndex;
  /**
   * The folder that stands for the carried files, with a separator at its end. It ends with the path of a file, so that
   * nobody can make it.
   */
  readonly root: string;
  /** True where the files lie in a folder, since `--install` unpacked them. */
  readonly isUnpacked: boolean;
  /** The bytes of a file, which must not be changed; undefined if it is not carried. */
  read(path: string): Buffer | undefined;
}
