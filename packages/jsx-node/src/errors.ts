/** Every code of an error of this package. */
export type JSXNodeErrorCode =
  | "JSX_ASYNC_NODE"
  | "JSX_INVALID_NODE"
  | "JSX_INVALID_OPTION"
  | "JSX_INVALID_PREFIX"
  | "JSX_INVALID_RAW_TEXT"
  | "JSX_INVALID_SELECTOR"
  | "JSX_INVALID_STATE"
  | "JSX_INVALID_TAG"
  | "JSX_UPDATE_LOOP";

/** The base class of every error that this package throws. */
export class JSXNodeError extends TypeError {
  /** The code of the error. It stays the same in later versions. */
  readonly code: JSXNodeErrorCode;

  constructor(code: JSXNodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "JSXNodeError";
    this.code = code;
  }
}
