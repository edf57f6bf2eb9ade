/** What is asked of every contestant. */
export const cases = ["text", "json", "params", "post", "middleware", "async", "missing"] as const;
export type Case = (typeof cases)[number];

/** Starts a server for one case on a free port. */
export type Start = (name: Case | "overlap", routes: number) => Promise<number> | number;

export const text = "Hello, World!";
export const data = { message: "Hello, World!", list: [1, 2, 3], nested: { yes: true } };
export const routeCount = 100;
export const body = JSON.stringify({
  name: "Ada Lovelace",
  age: 36,
  email: "ada@example.org",
  tags: ["a", "b"],
});

const post = `POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** What a handler that waits gets, as from a cache in memory. */
export const load = async (): Promise<typeof data> => data;

export const requests: Readonly<Record<Case, string>> = {
  text: get("/"),
  json: get("/"),
  params: get("/group57/items/1234"),
  post,
  middleware: get("/"),
  async: get("/"),
  missing: get("/nowhere/at-all"),
};

/** What every contestant answers to a good body, and what 400 is answered to: a name of 1 to 100 characters... */
export interface User {
  readonly name: string;
  readonly age: number;
  readonly email: string;
  readonly tags: readonly string[];
}

export const expected: Readonly<Record<Case, unknown>> = {
  text,
  json: data,
  params: { id: "1234" },
  post: { id: 1, name: "Ada Lovelace" },
  middleware: data,
  async: data,
  // Each says it in its own words.
  missing: undefined,
};
