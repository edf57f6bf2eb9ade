/** A JSON Schema (2020-12), with the keywords that this package writes. */
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

/** Options for writing a schema as JSON Schema. */
export interface JSONSchemaOptions {
  /**
   * The address of the definitions of recursive parts. Every `$ref` begins with it. The definitions are written under
   * `$defs`. If your program moves them, for example into the components of an OpenAPI document, pass the new address.
   * Default: `#/$defs/`.
   */
  readonly definitions?: string | undefined;
  /**
   * Whether the schema describes the values that parsing takes (`"input"`) or the values that it returns (`"output"`).
   * In the output, a property with a default is always present, the type `"T[]!"` is always an array, and removed keys
   * are absent. Default: `"input"`.
   */
  readonly direction?: JSONSchemaDirection | undefined;
}

/** Whether a JSON Schema describes the input or the output of parsing. */
export type JSONSchemaDirection = "input" | "output";
