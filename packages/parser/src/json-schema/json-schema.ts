/** A JSON Schema (2020-12), with the keywords that schemas are written in. */
export interface JSONSchema {
  readonly type?: string | readonly string[];
  readonly properties?: { readonly [property: string]: JSONSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JSONSchema;
  readonly items?: JSONSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JSONSchema[];
  readonly allOf?: readonly JSONSchema[];
  readonly not?: JSONSchema;
  readonly description?: string;
  readonly default?: unknown;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: JSONSchema };
  readonly [keyword: string]: unknown;
}

/** How a schema is written as JSON Schema. */
export interface JSONSchemaOptions {
  /**
   * The address at which the definitions of recursive parts will stand; every `$ref` begins with it. They are written
   * under `$defs`. A program that moves them, such as into the components of an OpenAPI document, names the new place
   * here.
   * Default: `#/$defs/`.
   */
  readonly definitions?: string | undefined;
  /**
   * Whether the schema describes the values that parsing takes (`"input"`) or the values that it returns (`"output"`).
   * In the output a default is always present, an array that wraps single values is an array, and keys that are left
   * out are absent. Default: `"input"`.
   */
  readonly direction?: JSONSchemaDirection | undefined;
}

/** The side of a schema that a JSON Schema is about. */
export type JSONSchemaDirection = "input" | "output";
