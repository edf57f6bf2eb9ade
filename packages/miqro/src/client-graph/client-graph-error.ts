/** Every `code` that a {@link ClientGraphError} can carry. */
export type ClientGraphErrorCode =
  | "ERR_CLIENT_NOT_FOUND"
  | "ERR_CLIENT_NOT_EXPORTED"
  | "ERR_CLIENT_READ"
  | "ERR_CLIENT_SPECIFIER"
  | "ERR_CLIENT_PACKAGE"
  | "ERR_CLIENT_COMMONJS"
  | "ERR_CLIENT_BUILTIN"
  | "ERR_CLIENT_PRIVATE"
  | "ERR_CLIENT_OUTSIDE"
  | "ERR_CLIENT_UNSUPPORTED"
  | "ERR_CLIENT_SYNTAX";

/** A client entry that cannot be served, because of one module that it reaches. */
export class ClientGraphError extends Error {
  readonly code: ClientGraphErrorCode;

  /** The file to look at: the one that holds the failing import, or that cannot be served itself. */
  readonly file: string;

  /** The chain from the entry to the failing module, both included, with names for people. */
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

/** An error of a module or an import, before it is known which entry reaches it. */
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
