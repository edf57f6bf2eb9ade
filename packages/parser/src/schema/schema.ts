import type { StandardSchema } from "./standard-schema.js";
import type { BuiltInName, TypeName } from "./type-names.js";

/** Every form that a schema can have. Schemas are plain data: write them once, and do not change them afterwards. */
export type Schema = TypeText | SchemaForm | SchemaProperties | StandardSchema;

/**
 * The short form: a type name, then `[]` for an array or `[]!` for an array that wraps a single value, then `?` if the
 * value may be absent. `A|B` takes the first alternative that fits.
 */
export type TypeText = Term | `${TypeName}${string}|${string}`;

type Term = `${TypeName}${"" | "[]" | "[]!" | "[][]"}${"" | "?"}`;

/**
 * The properties of an object, each with its schema. A property that is itself called `type` and has a string for
 * its schema reads as a long form: write such an object as `{ type: "object", properties: {...} }`.
 */
export type SchemaProperties = { readonly [property: string]: Schema } & {
  readonly type?: Exclude<Schema, string>;
};

/** The long forms: a `type`, with `?` if the value may be absent, and the keys of that type. */
export type SchemaForm =
  | StringForm
  | NumberForm
  | BigintForm
  | BooleanForm
  | DateForm
  | OpenForm
  | ObjectForm
  | ArrayForm
  | DictForm
  | EnumForm
  | LiteralForm
  | UnionForm
  | RefForm;

/** The keys that every long form has. */
export interface BaseForm<Type extends string, Value = unknown> {
  readonly type: Type | `${Type}?`;
  /** Whether `null` is accepted beside the type. Default: false. */
  readonly nullable?: boolean;
  /** The value that replaces an absent value. Arrays and objects are copied for each use. It must fit the schema. */
  readonly default?: unknown;
  /** The meaning of the value, for documents. */
  readonly description?: string;
  /**
   * Called last, with the parsed value, unless the value is undefined or null. It returns `true` to accept the value, a
   * string to refuse it with a reason (such as "must be even"), or `false` to refuse it. It must be synchronous, and
   * may be called several times for a value that does not fit. The parameter may be declared with the type that it
   * really has.
   */
  refine?(value: Value): boolean | string;
}

/** Forms whose values may come as text. */
export interface CoercibleForm {
  /** Whether text is turned into the type here. Default: the `coerce` of the options. */
  readonly coerce?: boolean;
}

/** Forms that a `ref` within them can name. */
export interface NamedForm {
  /** A name for recursion, known within this form: `{ type: "ref", ref: id }` is this form again. */
  readonly id?: string;
}

/** A string. Lengths are in characters; an emoji outside of the basic plane is one character. */
export interface StringForm
  extends BaseForm<
    "string" | "string1" | "email" | "url" | "uuid" | "regex" | "encodeHTML" | "decodeHTML",
    string
  > {
  readonly minLength?: number;
  readonly maxLength?: number;
  /**
   * A pattern to be found in the string: a source, read with the flag `u`, or a RegExp. Use `^` and `$` to match the
   * whole string.
   */
  readonly regex?: string | RegExp;
}

/** A finite number, or with `integer` an integer that JavaScript holds exactly. Limits are inclusive. */
export interface NumberForm extends BaseForm<"number" | "integer", number>, CoercibleForm {
  readonly min?: number;
  readonly max?: number;
  readonly multipleOf?: number;
}

export interface BigintForm extends BaseForm<"bigint", bigint>, CoercibleForm {}

export interface BooleanForm extends BaseForm<"boolean", boolean>, CoercibleForm {}

/** A valid `Date`. As text, a `date` is a day (2024-05-31) and a `datetime` an instant with its zone. */
export interface DateForm extends BaseForm<"date" | "datetime", Date>, CoercibleForm {}

/**
 * Types without further keys: types that accept every present value and do not look inside (`any`, `unknown`), `null`,
 * `function`, and registered types.
 */
export interface OpenForm
  extends BaseForm<Exclude<TypeName, BuiltInName> | "any" | "unknown" | "null" | "function"> {}

/** An object with known properties; without `properties`, any object. */
export interface ObjectForm extends BaseForm<"object">, NamedForm {
  readonly properties?: { readonly [property: string]: Schema };
  /** The treatment of other keys, in this object only. Default: the `mode` of the options. */
  readonly mode?: ParserMode;
}

/**
 * An array. Lengths are numbers of items; without `maxLength` an array has at most 2^24 items. `unique` is for items
 * that are strings, numbers, booleans or null.
 */
export interface ArrayForm extends BaseForm<"array">, NamedForm {
  /** Default: `"unknown"`. */
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly unique?: boolean;
}

/** An object with any keys, whose values all have one schema. Default for `values`: `"unknown"`. */
export interface DictForm extends BaseForm<"dict">, NamedForm {
  readonly values?: Schema;
}

/** One of several values. */
export interface EnumForm extends BaseForm<"enum">, CoercibleForm {
  readonly values: readonly LiteralValue[];
}

/** Exactly one value. */
export interface LiteralForm extends BaseForm<"literal">, CoercibleForm {
  readonly value: LiteralValue;
}

/** The first alternative that fits, or with a `discriminator` the alternative that it names. */
export interface UnionForm extends BaseForm<"union">, NamedForm {
  readonly anyOf: readonly Schema[];
  /** A property that every alternative has as a literal or an enum. No two alternatives share a value of it. */
  readonly discriminator?: string;
}

/** The form around this one that has `ref` for its `id`: a recursive schema. */
export interface RefForm extends BaseForm<"ref"> {
  readonly ref: string;
}

/** The values that `literal` and `enum` can name. */
export type LiteralValue = string | number | boolean | null;

/** The treatment of keys that a schema does not name: refused, left out, or kept. */
export type ParserMode = "no_extra" | "remove_extra" | "add_extra";
