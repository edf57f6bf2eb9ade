/** The features of a dialect. The compiler and its callers read these flags instead of the name of the dialect. */
export interface Capabilities {
  /** Whether OFFSET is only allowed after LIMIT. */
  readonly offsetNeedsLimit: boolean;
  /** Whether FOR UPDATE can lock rows. */
  readonly forUpdate: boolean;
  /** Whether the database orders nulls as the greatest values by default. */
  readonly nullsAreGreatest: boolean;
  /** Whether ILIKE exists. It ignores the case of letters of all languages. */
  readonly ilike: boolean;
  /** Whether TRUNCATE exists. */
  readonly truncate: boolean;
}
