/**
 * The part of Standard Schema v1 (https://standardschema.dev) that this package offers and accepts: any library
 * that implements it can validate a property here, and a compiled schema can be used wherever one is expected.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": StandardSchemaProps<Input, Output>;
}

/** The content of `~standard` in a Standard Schema. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  readonly version: 1;
  readonly vendor: string;
  /** Returns the value or issues. The caller decides whether it can wait for a promise. */
  readonly validate: (value: unknown) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>;
  /** Standard JSON Schema v1, where the library offers it. */
  readonly jsonSchema?: StandardJSONSchema | undefined;
  /** Exists only for the compiler, never at run time. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** The JSON Schema of the input and of the output of a schema. Throws for an unknown target. */
export interface StandardJSONSchema {
  readonly input: (options: { readonly target: string }) => Record<string, unknown>;
  readonly output: (options: { readonly target: string }) => Record<string, unknown>;
}

/** Either the parsed value, or at least one issue. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaIssue[] };

/** One fault, with the path to it from the root of the value. */
export interface StandardSchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
