/** What kind of fault an issue is; stable, for programs to decide on. */
export type ParseIssueCode =
  | "missing"
  | "wrong_type"
  | "wrong_value"
  | "wrong_format"
  | "wrong_pattern"
  | "too_short"
  | "too_long"
  | "too_small"
  | "too_big"
  | "too_deep"
  | "not_multiple"
  | "not_unique"
  | "unknown_key"
  | "forbidden_key"
  | "refused"
  | "foreign"
  | "unreadable";

/** One fault of a value. */
export interface ParseIssue {
  /** The way to the fault, such as `user.tags.1`; it begins with the name given to `parse`, if one was. */
  readonly path: string;
  readonly code: ParseIssueCode;
  /** What would have fitted, such as `string` or `at least 3 characters`. */
  readonly expected: string;
  /** What was there, such as `number` or `2`. */
  readonly received: string;
  /** A sentence that says all of this. */
  readonly message: string;
}
