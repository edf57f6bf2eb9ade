import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import * as v from "valibot";
import { z } from "zod";

const required = ["id", "name", "email", "active", "role", "score", "tags", "nickname", "address"];

function createJSONSchema(key?: string) {
  return {
    type: "object",
    additionalProperties: false,
    required,
    properties: {
      id: { type: "integer" },
      name: { type: "string", minLength: 1 },
      email: { type: "string", format: "email" },
      age: { type: "integer" },
      active: { type: "boolean" },
      role: { enum: ["admin", "user", "guest"] },
      score: { type: "number" },
      tags: { type: "array", items: { type: "string" } },
      nickname: { type: ["string", "null"] },
      address: {
        type: "object",
        additionalProperties: false,
        required: ["street", "city"],
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
      ...(key === undefined ? {} : { [key]: { type: "boolean" } }),
    },
  };
}

function createAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ allErrors, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv;
}

const ajv = createAjv(false);
const ajvCheck = ajv.compile(createJSONSchema());
const ajvCollect = createAjv(true).compile(createJSONSchema());

/** With the one instance that a program has. */
export function compileAjv(key: string) {
  return ajv.compile(createJSONSchema(key));
}

export function compileTypebox(key?: string) {
  const closed = { additionalProperties: false };
  return Compile(
    Type.Object(
      {
        id: Type.Integer(),
        name: Type.String({ minLength: 1 }),
        email: Type.String({ format: "email" }),
        age: Type.Optional(Type.Integer()),
        active: Type.Boolean(),
        role: Type.Enum(["admin", "user", "guest"]),
        score: Type.Number(),
        tags: Type.Array(Type.String()),
        nickname: Type.Union([Type.String(), Type.Null()]),
        address: Type.Object({ street: Type.String(), city: Type.String() }, closed),
        ...(key === undefined ? {} : { [key]: Type.Optional(Type.Boolean()) }),
      },
      closed,
    ),
  );
}

const typebox = compileTypebox();

export function createZod(key?: string) {
  return z.strictObject({
    id: z.int(),
    name: z.string().min(1),
    email: z.email(),
    age: z.int().optional(),
    active: z.boolean(),
    role: z.enum(["admin", "user", "guest"]),
    score: z.number(),
    tags: z.array(z.string()),
    nickname: z.string().nullable(),
    address: z.strictObject({ street: z.string(), city: z.string() }),
    ...(key === undefined ? {} : { [key]: z.boolean().optional() }),
  });
}

const zod = createZod();

const valibot = v.strictObject({
  id: v.pipe(v.number(), v.integer()),
  name: v.pipe(v.string(), v.minLength(1)),
  email: v.pipe(v.string(), v.email()),
  age: v.optional(v.pipe(v.number(), v.integer())),
  active: v.boolean(),
  role: v.picklist(["admin", "user", "guest"]),
  score: v.pipe(v.number(), v.finite()),
  tags: v.array(v.string()),
  nickname: v.nullable(v.string()),
  address: v.strictObject({ street: v.string(), city: v.string() }),
});

/** Whether a value fits, by the means that each recommends for it. */
export const checks = {
  ajv: (value: unknown): boolean => ajvCheck(value),
  typebox: (value: unknown): boolean => typebox.Check(value),
  valibot: (value: unknown): boolean => v.safeParse(valibot, value).success,
  zod: (value: unknown): boolean => zod.safeParse(value).success,
};

/** How many errors a value has, after all of them were made. */
export const countErrors = {
  ajv: (value: unknown): number => (ajvCollect(value) ? 0 : (ajvCollect.errors?.length ?? 0)),
  typebox: (value: unknown): number => typebox.Errors(value).length,
  valibot: (value: unknown): number => v.safeParse(valibot, value).issues?.length ?? 0,
  zod: (value: unknown): number => zod.safeParse(value).error?.issues.length ?? 0,
};
