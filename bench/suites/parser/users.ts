/** The schema, which with a key is like no other. */
export function createUserSchema<Key extends string>(key: Key) {
  return { ...userSchema, [key]: "boolean?" } as typeof userSchema & { readonly [Name in Key]: "boolean?" };
}

export const userSchema = {
  id: "integer",
  name: "string1",
  email: "email",
  age: "integer?",
  active: "boolean",
  role: { type: "enum", values: ["admin", "user", "guest"] },
  score: "number",
  tags: "string[]",
  nickname: { type: "string", nullable: true },
  address: { street: "string", city: "string" },
} as const;

/** Read from JSON, as the bodies of requests are. */
function createUser(index: number) {
  return JSON.parse(
    JSON.stringify({
      id: index,
      name: `Ann ${index}`,
      email: `ann${index}@example.com`,
      ...(index % 2 === 0 ? { age: 30 } : {}),
      active: true,
      role: ["admin", "user", "guest"][index % 3],
      score: index / 4,
      tags: ["a", "b"],
      nickname: index % 4 === 0 ? null : "annie",
      address: { street: "Main Street", city: "Rome" },
    }),
  );
}

export const users: readonly unknown[] = Array.from({ length: 1000 }, (_, index) => createUser(index));

export const invalidUsers: readonly unknown[] = users.map((_, index) => {
  const user = createUser(index);
  return { ...user, id: "x", active: 1, tags: ["a", 1], address: { ...user.address, street: 1 } };
});
