/** Every code that an error of this package carries. */
export type JSXNodeErrorCode =
  | "async_node"
  | "invalid_node"
  | "invalid_option"
  | "invalid_prefix"
  | "invalid_raw_text"
  | "invalid_selector"
  | "invalid_state"
  | "invalid_tag"
  | "update_loop";

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
