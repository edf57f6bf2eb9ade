export const secret = "a secret of the bench that is 32 bytes long";
export const origin = "https://shop.example";
export const data = { message: "Hello, World!", list: [1, 2, 3], nested: { yes: true } };
export const claims = { sub: "7", name: "ann", groups: ["staff", "editors"] };

/** Starts a server on a free port. */
export type Start = () => Promise<number>;

/** What each is asked: a page of another origin, with a token. */
export const toRequest = (token: string): string =>
  `GET / HTTP/1.1\r\nHost: api.example\r\nOrigin: ${origin}\r\nAuthorization: Bearer ${token}\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n`;
