/** What a dialect can do; the compiler and its callers ask these instead of the dialect's name. */
export interface Capabilities {
  /** OFFSET stands only after LIMIT. */
  readonly offsetNeedsLimit: boolean;
  /** Rows can be locked for a later change. */
  readonly forUpdate: boolean;
  /** Nulls are the greatest values unless the statement says otherwise. */
  readonly nullsAreGreatest: boolean;
  /** There is an ILIKE, which knows the letters of all languages. */
  readonly ilike: boolean;
  /** TRUNCATE empties a table. */
  readonly truncate: boolean;
}
