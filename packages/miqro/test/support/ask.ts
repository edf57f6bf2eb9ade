import { request } from "node:http";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/**
 * Asks on a connection of its own: a kept one would still belong to the version that it was opened to. It rejects after a
 * silence of three seconds, for a process that dies may leave a connection behind.
 */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  timeout = 3000,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request(url, { agent: false, headers, timeout }, (res) => {
      res.toArray().then((parts) => resolve({ status: res.statusCode, text: parts.join("") }), reject);
    });
    req.once("timeout", () => req.destroy(new Error(`${url} was not answered.`)));
    req.once("error", reject);
    req.end();
  });
}
