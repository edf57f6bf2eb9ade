import { forPage } from "./for-page.js";
import { messages } from "./messages.js";

/** Every code of an error of this package or of `@miqro/jsx-dom`. */
export type JSXErrorCode =
  | "JSX_HOOK_OUTSIDE"
  | "JSX_HOOK_ORDER"
  | "JSX_RENDER_LOOP"
  | "JSX_UPDATE_LOOP"
  | "JSX_INVALID_TYPE"
  | "JSX_INVALID_NODE"
  | "JSX_INVALID_TAG"
  | "JSX_NO_RUNTIME";

/** The base of every error that this package and `@miqro/jsx-dom` throw. */
export class JSXError extends TypeError {
  /** The code of the error. It stays the same in later versions. */
  declare readonly code: JSXErrorCode;

  /**
   * @param details the variable parts of the message; in the minified files, the message is the code and these parts
   */
  constructor(code: JSXErrorCode, ...details: readonly unknown[]) {
    super(forPage ? `${code}: ${details}` : messages[code](...details));
    this.name = "JSXError";
    this.code = code;
  }
}
