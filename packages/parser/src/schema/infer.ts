import type { Schema } from "./schema.js";
import type { StandardSchema } from "./standard-schema.js";
import type { TypeMap } from "./type-names.js";

/** The TypeScript type of the values that a schema returns: `Infer<typeof schema>`. */
export type Infer<S> = InferWithin<S, Record<never, never>>;

// `Ids` maps each id of a surrounding form to this form, for `ref`.
type InferWithin<S, Ids> = Schema extends S
  ? unknown
  : S extends string
    ? InferText<S>
    : S extends StandardSchema<unknown, infer Output>
      ? Output
      : S extends { readonly type: infer Type extends string }
        ? InferForm<S, Type, WithId<S, Ids>>
        : S extends object
          ? InferProperties<S, Ids>
          : never;

// If the form is already in the map, the map stays the same type. Otherwise TypeScript would never stop to infer the
// type of a recursive schema.
type WithId<Form, Ids> = Form extends { readonly id: infer Id extends string }
  ? Id extends keyof Ids
    ? [Form, Ids[Id]] extends [Ids[Id], Form]
      ? Ids
      : AddId<Form, Id, Ids>
    : AddId<Form, Id, Ids>
  : Ids;

type AddId<Form, Id extends string, Ids> = {
  readonly [Key in keyof Ids | Id]: Key extends Id ? Form : Key extends keyof Ids ? Ids[Key] : never;
};

type InferText<Text extends string> = string extends Text
  ? unknown
  : Text extends `${infer First}|${infer Rest}`
    ? InferText<First> | InferText<Rest>
    : Text extends `${infer Base}?`
      ? InferText<Base> | undefined
      : Text extends `${infer Item}[]!`
        ? InferText<Item>[]
        : Text extends `${infer Item}[]`
          ? InferText<Item>[]
          : Text extends keyof TypeMap
            ? TypeMap[Text]
            : never;

type InferForm<Form, Type extends string, Ids> = Form extends { readonly default: unknown }
  ? Exclude<InferBase<Form, WithoutMark<Type>, Ids>, undefined> | InferNull<Form>
  :
      | InferBase<Form, WithoutMark<Type>, Ids>
      | InferNull<Form>
      | (Type extends `${string}?` ? undefined : never);

type WithoutMark<Type extends string> = Type extends `${infer Base}?` ? Base : Type;

type InferNull<Form> = Form extends { readonly nullable: true } ? null : never;

type InferBase<Form, Type extends string, Ids> = Type extends "object"
  ? Form extends { readonly properties: infer Properties }
    ? Form extends { readonly mode: "add_extra" }
      ? InferProperties<Properties, Ids> & { [key: string]: unknown }
      : InferProperties<Properties, Ids>
    : Record<string, unknown>
  : Type extends "array"
    ? Form extends { readonly items: infer Items }
      ? InferWithin<Items, Ids>[]
      : unknown[]
    : Type extends "dict"
      ? Form extends { readonly values: infer Values }
        ? { [key: string]: InferWithin<Values, Ids> }
        : Record<string, unknown>
      : Type extends "enum"
        ? Form extends { readonly values: readonly (infer Value)[] }
          ? Value
          : never
        : Type extends "literal"
          ? Form extends { readonly value: infer Value }
            ? Value
            : never
          : Type extends "union"
            ? Form extends { readonly anyOf: readonly (infer Alternative)[] }
              ? InferEach<Alternative, Ids>
              : never
            : Type extends "ref"
              ? Form extends { readonly ref: infer Id extends keyof Ids }
                ? InferTarget<Ids[Id], Ids>
                : unknown
              : Type extends keyof TypeMap
                ? TypeMap[Type]
                : unknown;

// Ignores the `?` of the target, because each ref has its own `?`.
type InferTarget<Form, Ids> = Form extends { readonly type: infer Type extends string }
  ? InferBase<Form, WithoutMark<Type>, Ids> | InferNull<Form>
  : never;

// Infers each alternative of a union separately. `Schema` itself gives `unknown`.
type InferEach<Alternative, Ids> = Schema extends Alternative ? unknown : InferOne<Alternative, Ids>;
type InferOne<Alternative, Ids> = Alternative extends unknown ? InferWithin<Alternative, Ids> : never;

type InferProperties<Properties, Ids> = Simplify<
  {
    -readonly [Key in keyof Properties as MayBeAbsent<Properties[Key]> extends true
      ? never
      : Key]: InferWithin<Properties[Key], Ids>;
  } & {
    -readonly [Key in keyof Properties as MayBeAbsent<Properties[Key]> extends true
      ? Key
      : never]?: InferWithin<Properties[Key], Ids>;
  }
>;

// Reads the `?` of the schema and not the inferred type: the type `unknown` includes undefined, but a property with the
// schema `"unknown"` must be present.
type MayBeAbsent<S> = S extends string
  ? S extends `${string}?${string}`
    ? true
    : false
  : S extends StandardSchema<unknown, infer Output>
    ? undefined extends Output
      ? true
      : false
    : S extends { readonly default: unknown }
      ? false
      : S extends { readonly type: `${string}?` }
        ? true
        : S extends { readonly type: "union"; readonly anyOf: readonly (infer Alternative)[] }
          ? true extends AnyMayBeAbsent<Alternative>
            ? true
            : false
          : false;

type AnyMayBeAbsent<Alternative> = Alternative extends unknown ? MayBeAbsent<Alternative> : never;

type Simplify<T> = { [Key in keyof T]: T[Key] } & {};
