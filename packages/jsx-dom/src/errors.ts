import { forPage } from "./for-page.js";
import { messages } from "./messages.js";

/** Every code that an error of this package carries. */
export type JSXDOMErrorCode = "invalid_node" | "invalid_tag" | "update_loop";

/** The base of every error that this package throws. */
export class JSXDOMError extends TypeError {
  /** Names the mistake; it does not change between versions. */
  readonly code: JSXDOMErrorCode;

  /** @param details what the message speaks of; in the minified files the message is the code and these */
  constructor(code: JSXDOMErrorCode, ...details: readonly unknown[]) {
    super(forPage ? `${code}: ${details}` : messages[code](...details));
    this.name = "JSXDOMError";
    this.code = code;
  }
}
