export type { CompiledSchema, SafeParseResult } from "./compiled-schema.js";
export type { ParserErrorCode } from "./errors.js";
export { ParseError, ParserError, SchemaError } from "./errors.js";
export type { ParseIssue, ParseIssueCode } from "./issue/parse-issue.js";
export type { JSONSchema, JSONSchemaDirection, JSONSchemaOptions } from "./json-schema/json-schema.js";
export type { CompileOptions, ParserOptions } from "./options.js";
export { compile, Parser, parse, toJSONSchema } from "./parser.js";
export type { Infer } from "./schema/infer.js";
export type {
  ArrayForm,
  BaseForm,
  BigintForm,
  BooleanForm,
  CoercibleForm,
  DateForm,
  DictForm,
  EnumForm,
  LiteralForm,
  LiteralValue,
  NamedForm,
  NumberForm,
  ObjectForm,
  OpenForm,
  ParserMode,
  RefForm,
  Schema,
  SchemaForm,
  SchemaProperties,
  StringForm,
  TypeText,
  UnionForm,
} from "./schema/schema.js";
export type {
  StandardJSONSchema,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaProps,
  StandardSchemaResult,
} from "./schema/standard-schema.js";
export type { BuiltInName, TypeMap, TypeName } from "./schema/type-names.js";
