import { request } from "node:http";
import { BadRequestError, HttpError } from "miqro";

/** A request that the user of the editor composed. */
export interface AppRequest {
  readonly method: string;
  /** The path with the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The response of the app. */
export interface AppResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body as a string; absent if the body is not text. */
  readonly text?: string;
  readonly size: number;
  /** Set if `text` contains only the start of the body. */
  readonly isCut?: true;
  readonly ms: number;
}

const longest = 1024 * 1024;
const timeout = 30_000;

/** Sends a request to the app. It never sends a request to another address. */
export async function sendToApp(
  url: string,
  { method, path, headers, body }: AppRequest,
): Promise<AppResponse> {
  if (!path.startsWith("/") || /[^\x21-\uffff]/.test(path)) {
    throw new BadRequestError('A path begins with "/" and has no spaces: write %20.');
  }
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:")
    throw new BadRequestError("The editor cannot send requests to an app with HTTPS.");
  const started = performance.now();
  return new Promise((resolve, reject) => {
    try {
      const sent = request(
        {
          hostname: hostname.replace(/^\[|\]$/g, ""),
          port,
          method: method.toUpperCase(),
          path: encodeURI(path).replace(/%25/g, "%"),
          headers: {
            ...headers,
            ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
          },
          timeout,
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on("data", (chunk: Buffer) => {
            if (size < longest) chunks.push(chunk);
            size += chunk.length;
            // Stops reading, because a stream of events never ends.
            if (size > 8 * longest) sent.destroy();
          });
          const finish = () => {
            const raw = response.rawHeaders;
            const bytes = Buffer.concat(chunks).subarray(0, longest);
            const isText = !bytes.includes(0);
            resolve({
              status: response.statusCode ?? 0,
              headers: raw.flatMap((name, index) =>
                index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : [],
              ),
              ...(isText ? { text: bytes.toString("utf8") } : {}),
              ...(size > bytes.length ? { isCut: true as const } : {}),
              size,
              ms: Math.round(performance.now() - started),
            });
          };
          response.once("end", finish).once("close", finish);
        },
      );
      sent.once("timeout", () => sent.destroy(new Error(`no answer within ${timeout / 1000} seconds`)));
      sent.once("error", (error) => reject(new HttpError(502, `The app did not respond: ${error.message}`)));
      sent.end(body);
    } catch (error) {
      reject(new BadRequestError((error as Error).message));
    }
  });
}
