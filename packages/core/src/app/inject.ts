import { toBytes } from "../exchange/bytes.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { VirtualRequest } from "../exchange/virtual-request.js";
import { VirtualResponse } from "../exchange/virtual-response.js";
import { checkOptions, describe } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { jsonType, textType } from "../reply/body-type.js";

/** A request without a connection. */
export interface InjectOptions {
  /** The method. Default `GET`. */
  readonly method?: string;
  /** A path with its query. */
  readonly url: string;
  /** The headers. An array sends a header several times. */
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  /** A string, bytes, or an async iterable of bytes. Any other value is sent as JSON. */
  readonly body?: unknown;
  /** The address of the client. Default `127.0.0.1`. */
  readonly remoteAddress?: string;
}

/** The whole answer to an injected request. */
export interface InjectedResponse {
  /** The status of the answer. */
  readonly status: number;
  /** The headers by their names in lower case. A header that was sent several times is an array. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The whole body, as it was sent. */
  readonly body: Buffer;
  /** The body as text. */
  text(): string;
  /** Parses the body as JSON. Throws if it is not JSON. */
  json(): unknown;
}

const injectKinds: OptionKinds<InjectOptions> = {
  method: kinds.text,
  url: kinds.any,
  headers: kinds.object,
  body: kinds.any,
  remoteAddress: kinds.text,
};

// `import` of the whole module would also load parts that are slow to load and not needed here.
const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule("node:http");

/** Runs a request without a connection, and resolves to the whole answer. */
export async function inject(
  options: InjectOptions | string,
  serve: (res: ServedResponse) => void,
): Promise<InjectedResponse> {
  const { method = "GET", url, headers = {}, remoteAddress = "127.0.0.1", ...rest } = toOptions(options);
  const { body, type } = toBody(await rest.body);
  const lines = new Map<string, readonly [string, string]>();
  const list: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    for (const one of [value].flat()) {
      validateHeaderValue(name, String(one));
      // White space around a value is not part of it on the wire.
      list.push([name, String(one).replace(/^[ \t]+|[ \t]+$/g, "")]);
    }
    lines.set(name.toLowerCase(), [name, ""]);
  }
  const settle = (name: string, value: string): void => {
    if (!lines.has(name.toLowerCase())) list.push([name, value]);
  };
  settle("Host", "localhost");
  if (type !== undefined) settle("Content-Type", type);
  if (lines.has("transfer-encoding")) lines.set("content-length", ["Content-Length", ""]);
  if (body instanceof Uint8Array) settle("Content-Length", String(body.byteLength));
  else if (body !== undefined) settle("Transfer-Encoding", "chunked");
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let status = 200;
    const answered: Record<string, string | string[]> = Object.create(null);
    const req = new VirtualRequest({
      method: method.toUpperCase(),
      url,
      headers: list,
      body,
      remoteAddress,
      encrypted: false,
    });
    const res = new VirtualResponse(req as unknown as ServedRequest, {
      begin(settled, sent, whole) {
        status = settled;
        for (const [name, value] of sent) {
          const key = name.toLowerCase();
          const present = answered[key];
          answered[key] = present === undefined ? value : [present, value].flat();
        }
        if (whole !== undefined) chunks.push(whole);
      },
      write(chunk, done) {
        chunks.push(chunk);
        done();
      },
      end() {
        const whole = Buffer.concat(chunks);
        resolve({
          status,
          headers: answered,
          body: whole,
          text: () => whole.toString(),
          json: () => JSON.parse(whole.toString()),
        });
      },
      fail: reject,
    });
    serve(res as unknown as ServedResponse);
  });
}

function toOptions(options: InjectOptions | string): InjectOptions {
  const settled = typeof options === "string" ? { url: options } : options;
  checkOptions<InjectOptions>(settled, "`inject`", injectKinds, (faults) => {
    if (typeof settled.url !== "string") {
      faults.add("url", '`inject` needs the `url` of the request, as in { url: "/users/7" }.');
    } else if (!/^[\x21-\x7e]+$/.test(settled.url)) {
      // No client can send such a URL, so a test with it would prove nothing.
      const given = describe(settled.url);
      faults.add(
        "url",
        `The url of \`inject\` must be percent-encoded, as a client sends it, but it is ${given}.`,
      );
    }
  });
  return settled;
}

function toBody(body: unknown): {
  body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  type?: string;
} {
  if (body === undefined || body === null) return { body: undefined };
  if (typeof body === "string") return { body: Buffer.from(body), type: textType };
  const bytes = toBytes(body);
  if (bytes !== undefined) return { body: bytes };
  if (typeof body === "object" && Symbol.asyncIterator in body)
    return { body: body as AsyncIterable<Uint8Array> };
  return { body: Buffer.from(JSON.stringify(body)), type: jsonType };
}
