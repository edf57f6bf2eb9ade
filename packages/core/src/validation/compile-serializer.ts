import type { Schema } from "@miqro/parser";

/** Writes the declared fields of a value as JSON. Returns `undefined` if the value does not fit. */
export type Serializer = (value: unknown) => string | undefined;

const writers: Readonly<Record<string, Serializer>> = {
  string: (value) => (typeof value === "string" ? writeString(value) : undefined),
  number: (value) => (typeof value === "number" && Number.isFinite(value) ? `${value}` : undefined),
  integer: (value) => (Number.isSafeInteger(value) ? `${value}` : undefined),
  boolean: (value) => (typeof value === "boolean" ? `${value}` : undefined),
};

/**
 * Compiles the schema of a response to a function that checks, filters and writes in one pass. It supports objects,
 * arrays and the plain types, which most answers consist of. It returns `undefined` for any other schema. In that case,
 * and for a value that does not fit, the validator does the work; the validator can also describe the mistake.
 */
export function compileSerializer(schema: Schema): Serializer | undefined {
  if (typeof schema === "string") return compileText(schema);
  if (typeof schema !== "object" || schema === null || "~standard" in schema || Array.isArray(schema)) {
    return undefined;
  }
  if (!("type" in schema)) return compileObject(schema as Record<string, Schema>);
  const { type, properties, items, ...rest } = schema as unknown as Record<string, unknown>;
  delete rest.description;
  if (Object.keys(rest).length > 0) return undefined;
  if (type === "object" && isRecord(properties) && items === undefined) {
    return compileObject(properties as Record<string, Schema>);
  }
  if (type === "array" && items !== undefined && properties === undefined) {
    return toListWriter(compileSerializer(items as Schema));
  }
  return typeof type === "string" && properties === undefined && items === undefined
    ? compileText(type)
    : undefined;
}

function compileText(text: string): Serializer | undefined {
  if (text.endsWith("[]")) return toListWriter(compileText(text.slice(0, -2)));
  return Object.hasOwn(writers, text) ? writers[text] : undefined;
}

function toListWriter(write: Serializer | undefined): Serializer | undefined {
  if (write === undefined) return undefined;
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    let text = "[";
    for (let index = 0; index < value.length; index++) {
      const item = write(value[index]);
      if (item === undefined) return undefined;
      text += index === 0 ? item : `,${item}`;
    }
    return `${text}]`;
  };
}

function compileObject(properties: Readonly<Record<string, Schema>>): Serializer | undefined {
  const fields: {
    readonly key: string;
    readonly label: string;
    readonly optional: boolean;
    readonly write: Serializer;
  }[] = [];
  for (const [key, schema] of Object.entries(properties)) {
    const optional = typeof schema === "string" && schema.endsWith("?");
    const write = compileSerializer(optional ? (schema.slice(0, -1) as Schema) : schema);
    if (write === undefined || key === "__proto__" || key === "toJSON") return undefined;
    fields.push({ key, label: `${JSON.stringify(key)}:`, optional, write });
  }
  return (value) => {
    // An object that is not plain may have inherited fields, or its own `toJSON`.
    if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype || "toJSON" in value) {
      return undefined;
    }
    let text = "";
    for (const { key, label, optional, write } of fields) {
      const field = value[key];
      if (field === undefined && optional) continue;
      const written = write(field);
      if (written === undefined) return undefined;
      text += text === "" ? label + written : `,${label}${written}`;
    }
    return `{${text}}`;
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape them
const special = /["\\\x00-\x1f\ud800-\udfff]/;

function writeString(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
