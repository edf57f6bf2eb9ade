export type { CompiledSchema, SafeParseResult } from "./compiled-schema.js";
export type { ParserErrorCode } from "./errors.js";
export { ParseError, ParserError, SchemaError } from "./errors.js";
export type { ParseIssue, ParseIssueCode } from "./issue/parse-issue.js";
export type { CompileOptions, ParserOptions } from "./options.js";
export { compile, Parser, parse } from "./parser.js";
export type { Infer } from "./schema/infer.js";
export type {
  ArrayForm,
  BaseForm,
  BooleanForm,
  DictForm,
  EnumForm,
  LiteralForm,
  LiteralValue,
  NumberForm,
  ObjectForm,
  OpenForm,
  ParserMode,
  Schema,
  SchemaForm,
  SchemaProperties,
  StringForm,
  TypeText,
  UnionForm,
} from "./schema/schema.js";
export type {
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaProps,
  StandardSchemaResult,
} from "./schema/standard-schema.js";
export type { TypeMap, TypeName } from "./schema/type-names.js";
