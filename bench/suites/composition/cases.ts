/** Starts a server on a port of its own, and gives the port. */
export type Start = () => Promise<number>;

/** The page that asks, and its token. */
export const origin = "https://shop.example";
export const token = "t0k3n";

/** The cases, and the contestants of each. */
export const requests: Readonly<Record<string, readonly [head: string, answer: object]>> = {
  "the first of three services": ["GET /first", { service: "first", user: "ada" }],
  "the last of three services": ["GET /items/1234", { service: "third", id: "1234", user: "ada" }],
};

export function toRequest(head: string): string {
  return `${head} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n\r\n`;
}
