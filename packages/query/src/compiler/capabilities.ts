/** The features of a dialect. The compiler and its callers read these and never the dialect's name. */
export interface Capabilities {
  /** OFFSET is only allowed after LIMIT. */
  readonly offsetNeedsLimit: boolean;
  /** Rows can be locked for a later change. */
  readonly forUpdate: boolean;
  /** Nulls are the greatest values unless the statement says otherwise. */
  readonly nullsAreGreatest: boolean;
  /** There is an ILIKE, which compares the letters of all languages without case. */
  readonly ilike: boolean;
  /** TRUNCATE empties a table. */
  readonly truncate: boolean;
}
