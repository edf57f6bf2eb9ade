/** What a dialect can do; the compiler and its callers ask these instead of the dialect's name. */
export interface Capabilities {
  /** INSERT, UPDATE and DELETE can give rows back. */
  readonly returning: boolean;
  /** OFFSET stands only after LIMIT. */
  readonly offsetNeedsLimit: boolean;
}
