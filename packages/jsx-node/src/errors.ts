/** Every code that an error of this package carries. */
export type JSXNodeErrorCode =
  | "async_node"
  | "JSX_INVALID_NODE"
  | "invalid_option"
  | "invalid_prefix"
  | "invalid_raw_text"
  | "invalid_selector"
  | "invalid_state"
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
