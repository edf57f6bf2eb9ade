import type { ParseIssue } from "./issue/parse-issue.js";

/** The `code` of every error that this package throws. */
export type ParserErrorCode =
  | "PARSER_INVALID_VALUE"
  | "PARSER_INVALID_SCHEMA"
  | "PARSER_INVALID_OPTION"
  | "PARSER_INVALID_TYPE"
  | "PARSER_ASYNC_SCHEMA"
  | "PARSER_CALLBACK_FAILED";

/** The base of all errors of this package; `code` tells them apart. */
export class ParserError extends TypeError {
  override readonly name: string = "ParserError";
  /** The kind of error. It stays the same in later versions. */
  readonly code: ParserErrorCode;

  constructor(code: ParserErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A value did not fit its schema. Each of its `issues` has a path and a message. */
export class ParseError extends ParserError {
  override readonly name = "ParseError";
  /** Every mistake that was found, at least one and at most 100. */
  readonly issues: readonly ParseIssue[];

  constructor(issues: readonly ParseIssue[]) {
    super("PARSER_INVALID_VALUE", issues.map((issue) => issue.message).join(" "));
    this.issues = issues;
  }
}

/** A schema is wrong. `path` is the path in the schema, such as `address.city`; it is empty at the root. */
export class SchemaError extends ParserError {
  override readonly name = "SchemaError";
  /** The path of the mistake in the schema, such as `address.city`; empty at the root. */
  readonly path: string;

  constructor(message: string, path: string) {
    super("PARSER_INVALID_SCHEMA", message);
    this.path = path;
  }
}
