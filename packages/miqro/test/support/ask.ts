import { request } from "node:http";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** Asks on a connection of its own: a kept one would still belong to the version that it was opened to. */
export function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, headers }, (res) => {
      res.toArray().then((parts) => resolve({ status: res.statusCode, text: parts.join("") }), reject);
    })
      .once("error", reject)
      .end();
  });
}
