/** Every code that an error of this package carries. */
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

/** The base of every error that this package throws. */
export class JSXNodeError extends TypeError {
  /** Names the mistake; it does not change between versions. */
  readonly code: JSXNodeErrorCode;

  constructor(code: JSXNodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "JSXNodeError";
    this.code = code;
  }
}
