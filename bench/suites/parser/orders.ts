import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { z } from "zod";

/** An order as an API gets it: objects in objects and in a list, parts that may be absent, and a format. */
export const orderSchema = {
  id: "integer",
  name: "string1",
  email: "email",
  age: "integer?",
  active: "boolean",
  role: { type: "enum", values: ["admin", "user", "guest"] },
  address: { street: "string", city: "string", zip: "string?", geo: { lat: "number", lng: "number" } },
  tags: "string[]",
  items: { type: "array", items: { sku: "string", quantity: { type: "integer", min: 1 }, price: "number" } },
  note: { type: "string", nullable: true },
} as const;

function createOrder(index: number) {
  return JSON.parse(
    JSON.stringify({
      id: index,
      name: `Ann ${index}`,
      email: `ann${index}@example.com`,
      ...(index % 2 === 0 ? { age: 30 } : {}),
      active: true,
      role: ["admin", "user", "guest"][index % 3],
      address: {
        street: "Main Street",
        city: "Rome",
        ...(index % 3 === 0 ? {} : { zip: "00100" }),
        geo: { lat: index / 3, lng: 1.5 },
      },
      tags: ["a", "b"],
      items: [
        { sku: "x", quantity: 1, price: 2.5 },
        { sku: "y", quantity: 2, price: index },
      ],
      note: index % 4 === 0 ? null : "ring twice",
    }),
  );
}

export const orders: readonly unknown[] = Array.from({ length: 1000 }, (_, index) => createOrder(index));

/** With one fault or two, in turn at the root, in an object and in a list. */
export const invalidOrders: readonly unknown[] = orders.map((_, index) => {
  const order = createOrder(index);
  if (index % 3 === 0) return { ...order, email: "nobody", role: "owner" };
  if (index % 3 === 1) return { ...order, address: { ...order.address, city: 1 } };
  return { ...order, items: [order.items[0], { sku: "y", quantity: 0, price: 1 }] };
});

const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** As most people write it: keys that nobody knows are let be, which saves a third of the time. */
// biome-ignore lint/suspicious/noExplicitAny: written as one writes it in JavaScript.
export function checkOrderByHand(order: any): boolean {
  if (typeof order !== "object" || order === null || Array.isArray(order)) return false;
  if (!Number.isInteger(order.id)) return false;
  if (typeof order.name !== "string" || order.name.length < 1) return false;
  if (typeof order.email !== "string" || !email.test(order.email)) return false;
  if (order.age !== undefined && !Number.isInteger(order.age)) return false;
  if (typeof order.active !== "boolean") return false;
  if (order.role !== "admin" && order.role !== "user" && order.role !== "guest") return false;
  const { address } = order;
  if (typeof address !== "object" || address === null || Array.isArray(address)) return false;
  if (typeof address.street !== "string" || typeof address.city !== "string") return false;
  if (address.zip !== undefined && typeof address.zip !== "string") return false;
  const { geo } = address;
  if (typeof geo !== "object" || geo === null) return false;
  if (!Number.isFinite(geo.lat) || !Number.isFinite(geo.lng)) return false;
  if (!Array.isArray(order.tags)) return false;
  for (const tag of order.tags) if (typeof tag !== "string") return false;
  if (!Array.isArray(order.items)) return false;
  for (const item of order.items) {
    if (typeof item !== "object" || item === null || typeof item.sku !== "string") return false;
    if (!Number.isInteger(item.quantity) || item.quantity < 1) return false;
    if (!Number.isFinite(item.price)) return false;
  }
  return order.note === null || typeof order.note === "string";
}

/** The same, but unknown keys are refused. Counting the keys is the fastest way: see decisions/010. */
// biome-ignore lint/suspicious/noExplicitAny: written as one writes it in JavaScript.
export function checkClosedOrderByHand(order: any): boolean {
  if (!checkOrderByHand(order)) return false;
  const { address } = order;
  if (countKeys(order) !== (order.age === undefined ? 9 : 10)) return false;
  if (countKeys(address) !== (address.zip === undefined ? 3 : 4) || countKeys(address.geo) !== 2)
    return false;
  for (const item of order.items) if (countKeys(item) !== 3) return false;
  return true;
}

function countKeys(object: object): number {
  let count = 0;
  for (const _ in object) count++;
  return count;
}

interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The same, with a list of what is wrong. */
// biome-ignore lint/suspicious/noExplicitAny: written as one writes it in JavaScript.
export function explainOrderByHand(order: any): Problem[] {
  const problems: Problem[] = [];
  const note = (path: string, message: string) => problems.push({ path, message });
  if (typeof order !== "object" || order === null || Array.isArray(order)) {
    note("", "must be an object");
    return problems;
  }
  if (!Number.isInteger(order.id)) note("id", "must be an integer");
  if (typeof order.name !== "string" || order.name.length < 1) note("name", "must be a string");
  if (typeof order.email !== "string" || !email.test(order.email)) note("email", "must be an email");
  if (order.age !== undefined && !Number.isInteger(order.age)) note("age", "must be an integer");
  if (typeof order.active !== "boolean") note("active", "must be a boolean");
  if (!["admin", "user", "guest"].includes(order.role)) note("role", "must be admin, user or guest");
  const { address } = order;
  if (typeof address !== "object" || address === null) note("address", "must be an object");
  else {
    if (typeof address.street !== "string") note("address.street", "must be a string");
    if (typeof address.city !== "string") note("address.city", "must be a string");
    if (address.zip !== undefined && typeof address.zip !== "string") note("address.zip", "must be a string");
    const { geo } = address;
    if (typeof geo !== "object" || geo === null) note("address.geo", "must be an object");
    else {
      if (!Number.isFinite(geo.lat)) note("address.geo.lat", "must be a number");
      if (!Number.isFinite(geo.lng)) note("address.geo.lng", "must be a number");
    }
  }
  if (!Array.isArray(order.tags)) note("tags", "must be an array");
  else {
    for (const [index, tag] of order.tags.entries()) {
      if (typeof tag !== "string") note(`tags.${index}`, "must be a string");
    }
  }
  if (!Array.isArray(order.items)) note("items", "must be an array");
  else {
    for (let index = 0; index < order.items.length; index++) {
      const item = order.items[index];
      if (typeof item !== "object" || item === null) note(`items.${index}`, "must be an object");
      else {
        if (typeof item.sku !== "string") note(`items.${index}.sku`, "must be a string");
        if (!Number.isInteger(item.quantity) || item.quantity < 1)
          note(`items.${index}.quantity`, "must be an integer of at least 1");
        if (!Number.isFinite(item.price)) note(`items.${index}.price`, "must be a number");
      }
    }
  }
  if (order.note !== null && typeof order.note !== "string") note("note", "must be a string or null");
  return problems;
}

function createAjv() {
  const object = (properties: object, required: readonly string[]) => ({
    type: "object",
    properties,
    required,
  });
  const string = { type: "string" };
  const number = { type: "number" };
  const integer = { type: "integer" };
  const ajv = new Ajv2020({ allowUnionTypes: true });
  addFormats.default(ajv);
  const geo = object({ lat: number, lng: number }, ["lat", "lng"]);
  const address = object({ street: string, city: string, zip: string, geo }, ["street", "city", "geo"]);
  const quantity = { type: "integer", minimum: 1 };
  const item = object({ sku: string, quantity, price: number }, ["sku", "quantity", "price"]);
  return ajv.compile(
    object(
      {
        id: integer,
        name: { type: "string", minLength: 1 },
        email: { type: "string", format: "email" },
        age: integer,
        active: { type: "boolean" },
        role: { enum: ["admin", "user", "guest"] },
        address,
        tags: { type: "array", items: string },
        items: { type: "array", items: item },
        note: { type: ["string", "null"] },
      },
      ["id", "name", "email", "active", "role", "address", "tags", "items", "note"],
    ),
  );
}

const typebox = Compile(
  Type.Object({
    id: Type.Integer(),
    name: Type.String({ minLength: 1 }),
    email: Type.String({ pattern: email.source }),
    age: Type.Optional(Type.Integer()),
    active: Type.Boolean(),
    role: Type.Union([Type.Literal("admin"), Type.Literal("user"), Type.Literal("guest")]),
    address: Type.Object({
      street: Type.String(),
      city: Type.String(),
      zip: Type.Optional(Type.String()),
      geo: Type.Object({ lat: Type.Number(), lng: Type.Number() }),
    }),
    tags: Type.Array(Type.String()),
    items: Type.Array(
      Type.Object({ sku: Type.String(), quantity: Type.Integer({ minimum: 1 }), price: Type.Number() }),
    ),
    note: Type.Union([Type.String(), Type.Null()]),
  }),
);

const zod = z.object({
  id: z.int(),
  name: z.string().min(1),
  email: z.email(),
  age: z.int().optional(),
  active: z.boolean(),
  role: z.enum(["admin", "user", "guest"]),
  address: z.object({
    street: z.string(),
    city: z.string(),
    zip: z.string().optional(),
    geo: z.object({ lat: z.number(), lng: z.number() }),
  }),
  tags: z.array(z.string()),
  items: z.array(z.object({ sku: z.string(), quantity: z.int().min(1), price: z.number() })),
  note: z.string().nullable(),
});

const ajv = createAjv();

/** Whether a value fits; keys that nobody knows are let be, as is the default of all three. */
export const orderChecks = {
  ajv: (value: unknown): boolean => ajv(value),
  typebox: (value: unknown): boolean => typebox.Check(value),
  zod: (value: unknown): boolean => zod.safeParse(value).success,
};
