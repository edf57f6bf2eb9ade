/** Every `code` that a {@link ClientGraphError} can carry. */
export type ClientGraphErrorCode =
  | "MIQRO_CLIENT_NOT_FOUND"
  | "MIQRO_CLIENT_NOT_EXPORTED"
  | "MIQRO_CLIENT_READ"
  | "MIQRO_CLIENT_SPECIFIER"
  | "MIQRO_CLIENT_PACKAGE"
  | "MIQRO_CLIENT_COMMONJS"
  | "MIQRO_CLIENT_BUILTIN"
  | "MIQRO_CLIENT_PRIVATE"
  | "MIQRO_CLIENT_OUTSIDE"
  | "MIQRO_CLIENT_UNSUPPORTED"
  | "MIQRO_CLIENT_SYNTAX";

/** An error of a client entry: a module that it imports, directly or not, cannot be served. */
export class ClientGraphError extends Error {
  readonly code: ClientGraphErrorCode;

  /** The file with the error: the file with the failing import, or the file that cannot be served. */
  readonly file: string;

  /** The chain of imports from the entry to the failing module, both included, as names for messages. */
  readonly chain: readonly string[];

  constructor(
    code: ClientGraphErrorCode,
    message: string,
    options: ErrorOptions & { readonly file: string; readonly chain: readonly string[] },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ClientGraphError";
    this.code = code;
    this.file = options.file;
    this.chain = options.chain;
  }
}

/** An error of a module or an import. The entry that imports it is not known yet. */
export interface ModuleFault {
  readonly code: ClientGraphErrorCode;
  /** The error and its remedy, in full sentences. */
  readonly message: string;
  readonly cause?: unknown;
}

/** Carries a {@link ModuleFault} through the functions that find it. */
export class ModuleFaultError extends Error implements ModuleFault {
  readonly code: ClientGraphErrorCode;

  constructor(code: ClientGraphErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ModuleFaultError";
    this.code = code;
  }
}
