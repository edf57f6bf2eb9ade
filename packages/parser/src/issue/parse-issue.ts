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

/** One reason why a value does not fit its schema. */
export interface ParseIssue {
  /**
   * The path of the part that does not fit, such as `user.tags.1`. If `parse` got a name, the path begins with this
   * name.
   */
  readonly path: string;
  readonly code: ParseIssueCode;
  /** The expected value, such as `string` or `at least 3 characters`. */
  readonly expected: string;
  /** The received value or its kind, such as `number` or `2`. */
  readonly received: string;
  /** A sentence with the path, the expected value and the received value. */
  readonly message: string;
}
