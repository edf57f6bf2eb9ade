/** The kind of an issue. These codes are stable, so that programs can depend on them. */
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
  /** The path to the fault, such as `user.tags.1`. It begins with the name given to `parse`, if any. */
  readonly path: string;
  readonly code: ParseIssueCode;
  /** The expectation, such as `string` or `at least 3 characters`. */
  readonly expected: string;
  /** The received value or its kind, such as `number` or `2`. */
  readonly received: string;
  /** A sentence that says all of this. */
  readonly message: string;
}
