import { type IncomingHttpHeaders, request } from "node:http";

/** An answer as it was sent. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Not decoded. */
  readonly body: Buffer;
}

/** Sends a request that decodes nothing and adds no headers. */
export function get(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, method, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on("error", reject).end();
  });
}
