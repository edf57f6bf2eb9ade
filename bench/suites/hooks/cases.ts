/** The cases of the contestants. Only miqro runs the first four. */
export const cases = ["plain", "beside", "json", "direct", "data", "early", "error"] as const;
export type Case = (typeof cases)[number];

/** Starts a server for one case on a free port. */
export type Start = (name: Case) => Promise<number>;

export const text = '{"message":"Hello, World!"}';
export const data = { message: "Hello, World!" };

/** The request of every case. */
export const request = "GET /scope/path HTTP/1.1\r\nHost: localhost\r\n\r\n";

export const statuses: Readonly<Record<Case, number>> = {
  plain: 200,
  beside: 200,
  json: 200,
  direct: 200,
  data: 200,
  early: 200,
  error: 418,
};
