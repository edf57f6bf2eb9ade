import type { StandardSchema } from "./standard-schema.js";
import type { TypeName } from "./type-names.js";

/** Every form a schema may take. Schemas are plain data: write them once, and do not change them afterwards. */
export type Schema = TypeText | SchemaForm | SchemaProperties | StandardSchema;

/**
 * The short form: a type name, then `[]` for a list or `[]!` for a list that wraps a single value, then `?` where
 * the value may be absent; `A|B` takes the first alternative that fits.
 */
export type TypeText = Term | `${TypeName}${string}|${string}`;

type Term = `${TypeName}${"" | "[]" | "[]!" | "[][]"}${"" | "?"}`;

/**
 * The properties of an object, each with its schema. A property that is itself called `type` and has a string for
 * its schema reads as a long form: write such an object as `{ type: "object", properties: {...} }`.
 */
export interface SchemaProperties {
  readonly [property: string]: Schema;
  readonly type?: Exclude<Schema, string>;
}

/** The long forms: a `type`, with `?` where the value may be absent, and what else the type offers. */
export type SchemaForm =
  | StringForm
  | NumberForm
  | BooleanForm
  | OpenForm
  | ObjectForm
  | ArrayForm
  | DictForm
  | EnumForm
  | LiteralForm
  | UnionForm;

/** What every long form has. */
export interface BaseForm<Type extends string> {
  readonly type: Type | `${Type}?`;
  /** Whether `null` is accepted beside the type. Default: false. */
  readonly nullable?: boolean;
  /** The value that an absent one gets; lists and objects are copied for each use. It must fit the schema. */
  readonly default?: unknown;
  /** What the value means, for documents. */
  readonly description?: string;
}

/** A string; lengths are in UTF-16 code units, as in `string.length`. */
export interface StringForm extends BaseForm<"string" | "string1" | "email" | "uuid"> {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A pattern to be found in the string (anchor it with `^` and `$`): a source, read with the flag `u`, or a RegExp. */
  readonly regex?: string | RegExp;
}

/** A finite number, or with `integer` one that JavaScript holds exactly. Limits are inclusive. */
export interface NumberForm extends BaseForm<"number" | "integer"> {
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
}

export interface BooleanForm extends BaseForm<"boolean"> {}

/** Types without further keys. `any` and `unknown` take everything that is present, and do not look inside. */
export interface OpenForm extends BaseForm<"any" | "unknown" | "null" | "function"> {}

/** An object with known properties; without `properties`, any object. */
export interface ObjectForm extends BaseForm<"object"> {
  readonly properties?: { readonly [property: string]: Schema };
  /** What happens to other keys, in this object only. Default: the `mode` of the options. */
  readonly mode?: ParserMode;
}

/** A list; lengths are numbers of items. `unique` is for items that are strings, numbers, booleans or null. */
export interface ArrayForm extends BaseForm<"array"> {
  /** Default: `"unknown"`. */
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly unique?: boolean;
}

/** An object with any keys, whose values all have one schema. Default for `values`: `"unknown"`. */
export interface DictForm extends BaseForm<"dict"> {
  readonly values?: Schema;
}

/** One of a list of values. */
export interface EnumForm extends BaseForm<"enum"> {
  readonly values: readonly LiteralValue[];
}

/** Exactly one value. */
export interface LiteralForm extends BaseForm<"literal"> {
  readonly value: LiteralValue;
}

/** The first alternative that fits. */
export interface UnionForm extends BaseForm<"union"> {
  readonly anyOf: readonly Schema[];
}

/** What `literal` and `enum` can name. */
export type LiteralValue = string | number | boolean | null;

/** What happens to keys that a schema does not name: refused, left out, or kept. */
export type ParserMode = "no_extra" | "remove_extra" | "add_extra";
