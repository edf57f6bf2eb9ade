/**
 * The part of Standard Schema v1 (https://standardschema.dev) that this package supports. A schema of another library
 * can be a part of a schema. A compiled schema can be passed to every library that accepts a Standard Schema.
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
  /** Standard JSON Schema v1, if the library supports it. */
  readonly jsonSchema?: StandardJSONSchema | undefined;
  /** Exists only in the types, never at run time. */
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

/** One issue, with its path from the root of the value. */
export interface StandardSchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
