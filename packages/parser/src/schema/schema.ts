import type { StandardSchema } from "./standard-schema.js";
import type { BuiltInName, TypeName } from "./type-names.js";

/** All forms of a schema. Schemas are plain data. Do not change a schema after its first use. */
export type Schema = TypeText | SchemaForm | SchemaProperties | StandardSchema;

/**
 * The short form: a type name, then `[]` for an array or `[]!` for an array that wraps a single value, then `?` if the
 * value may be absent. `A|B` takes the first alternative that fits.
 */
export type TypeText = Term | `${TypeName}${string}|${string}`;

type Term = `${TypeName}${"" | "[]" | "[]!" | "[][]"}${"" | "?"}`;

/**
 * The properties of an object, each with its schema. An object whose `type` is a string is a long form. If your object
 * has a property named `type`, write `{ type: "object", properties: {...} }`.
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
   * A function that is called with the parsed value after all other checks, unless the value is undefined or null. It
   * returns `true` to accept the value, a string to refuse it with a reason (such as "must be even"), or `false` to
   * refuse it. It must be synchronous, and may be called several times for a value that does not fit. You may declare
   * the parameter with a narrower type.
   */
  refine?(value: Value): boolean | string;
}

/** Long forms whose values can be coerced from strings. */
export interface CoercibleForm {
  /** Whether strings are converted to this type. Default: the option `coerce`. */
  readonly coerce?: boolean;
}

/** Long forms that a `ref` inside them can refer to. */
export interface NamedForm {
  /** A name for recursion. Inside this form, `{ type: "ref", ref: id }` has the schema of this form. */
  readonly id?: string;
}

/** A string. Lengths are in characters; an emoji outside of the basic plane is one character. */
export interface StringForm
  extends BaseForm<
    "string" | "string1" | "email" | "url" | "uuid" | "regex" | "encodeHTML" | "decodeHTML",
    string
  > {
  /** The smallest number of characters. */
  readonly minLength?: number;
  /** The largest number of characters. */
  readonly maxLength?: number;
  /**
   * A pattern that must match a part of the string: a RegExp, or a source that is read with the flag `u`. Use `^` and
   * `$` to match the whole string.
   */
  readonly regex?: string | RegExp;
}

/** A finite number. With `integer`, an integer that JavaScript holds exactly. The limits are inclusive. */
export interface NumberForm extends BaseForm<"number" | "integer", number>, CoercibleForm {
  /** The smallest allowed number. */
  readonly min?: number;
  /** The largest allowed number. */
  readonly max?: number;
  /** The number must be a multiple of this number. */
  readonly multipleOf?: number;
}

/** A bigint. With `coerce`, also a string of up to 1,000 digits. */
export interface BigintForm extends BaseForm<"bigint", bigint>, CoercibleForm {}

/** `true` or `false`. With `coerce`, also the strings `"true"` and `"false"`. */
export interface BooleanForm extends BaseForm<"boolean", boolean>, CoercibleForm {}

/**
 * A valid `Date`. With `coerce`, a `date` also accepts a string with a day (`2024-05-31`), and a `datetime` a string
 * with an instant and its zone.
 */
export interface DateForm extends BaseForm<"date" | "datetime", Date>, CoercibleForm {}

/**
 * Types without further keys: types that accept every present value and do not look inside (`any`, `unknown`), `null`,
 * `function`, and registered types.
 */
export interface OpenForm
  extends BaseForm<Exclude<TypeName, BuiltInName> | "any" | "unknown" | "null" | "function"> {}

/** An object with known properties; without `properties`, any object. */
export interface ObjectForm extends BaseForm<"object">, NamedForm {
  /** The schema of each property. Without it, the object may have any properties. */
  readonly properties?: { readonly [property: string]: Schema };
  /** The treatment of unknown keys in this object. Default: the `mode` of the options. */
  readonly mode?: ParserMode;
}

/**
 * An array. Lengths are numbers of items; without `maxLength` an array has at most 2^24 items. `unique` is for items
 * that are strings, numbers, booleans or null.
 */
export interface ArrayForm extends BaseForm<"array">, NamedForm {
  /** The schema of each item. Default: `"unknown"`. */
  readonly items?: Schema;
  /** The smallest number of items. */
  readonly minLength?: number;
  /** The largest number of items. Default: 2^24. */
  readonly maxLength?: number;
  /** Whether all items must differ. Default: false. */
  readonly unique?: boolean;
}

/** An object with any keys. All values have the same schema, by default `"unknown"`. */
export interface DictForm extends BaseForm<"dict">, NamedForm {
  /** The schema of each value. Default: `"unknown"`. */
  readonly values?: Schema;
}

/** One of several values. */
export interface EnumForm extends BaseForm<"enum">, CoercibleForm {
  /** The allowed values, at least one. */
  readonly values: readonly LiteralValue[];
}

/** Exactly one value. */
export interface LiteralForm extends BaseForm<"literal">, CoercibleForm {
  /** The only allowed value. */
  readonly value: LiteralValue;
}

/** The first alternative that fits, or with a `discriminator` the alternative that it names. */
export interface UnionForm extends BaseForm<"union">, NamedForm {
  /** The schemas of the alternatives, at least one. */
  readonly anyOf: readonly Schema[];
  /**
   * The name of a property that every alternative has as a literal or an enum. Each value of the property belongs to
   * one alternative only.
   */
  readonly discriminator?: string;
}

/** A reference to the surrounding form whose `id` equals `ref`, for recursive schemas. */
export interface RefForm extends BaseForm<"ref"> {
  /** The `id` of a surrounding form. */
  readonly ref: string;
}

/** The values that `literal` and `enum` can have. */
export type LiteralValue = string | number | boolean | null;

/** The treatment of unknown keys: `no_extra` refuses them, `remove_extra` removes them, `add_extra` keeps them. */
export type ParserMode = "no_extra" | "remove_extra" | "add_extra";
