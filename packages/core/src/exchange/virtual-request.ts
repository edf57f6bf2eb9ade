import type { Socket } from "node:net";
import { Duplex, Readable } from "node:stream";
import { StateError } from "../errors.js";
import { kResponse, shareMembers } from "./internal.js";
import { defaultFields, RequestFields } from "./request-fields.js";
import type {
  AppContext,
  AsyncScope,
  BodyReader,
  BodySink,
  Pipeline,
  RequestDetails,
  ServedResponse,
  Step,
  Target,
} from "./served.js";
import type { Params } from "./types.js";

/** The parts of a request without a socket. */
export interface VirtualInit {
  readonly method: string;
  /** The path with its query, or a whole URL. */
  readonly url: string;
  /** The headers, in the order in which they were sent. */
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly remoteAddress: string | undefined;
  readonly encrypted: boolean;
}

/** A request that did not come over a socket of `node:http`: the same fields over a plain stream. */
export class VirtualRequest extends Readable {
  readonly method: string;
  readonly url: string;
  headers: NodeJS.Dict<string | string[]>;
  readonly rawHeaders: string[] = [];
  readonly trailers: NodeJS.Dict<string> = {};
  readonly rawTrailers: string[] = [];
  readonly httpVersion = "1.1";
  readonly httpVersionMajor = 1;
  readonly httpVersionMinor = 1;
  readonly aborted = false;
  /** Whether all of the body was read. */
  complete = false;
  "miqro:context": AppContext | undefined = undefined;
  "miqro:response": ServedResponse | undefined = undefined;
  "miqro:pipeline": Pipeline | undefined = undefined;
  "miqro:step": Step | undefined = undefined;
  "miqro:scope": AsyncScope | undefined = undefined;
  "miqro:bodyRead": PromiseLike<undefined> | undefined = undefined;
  "miqro:abortBody": BodyReader | undefined = undefined;
  "miqro:sink": BodySink | undefined = undefined;
  "miqro:split": Target | undefined = undefined;
  "miqro:details": RequestDetails | undefined = undefined;
  "miqro:params": Params | undefined = undefined;
  "miqro:paramsOf": Step["slots"] = undefined;
  readonly #init: VirtualInit;
  #source: AsyncIterator<Uint8Array> | undefined;
  #socket: Socket | undefined;
  /** Whether the sender failed. The request can still be answered. */
  #isCut = false;

  constructor(init: VirtualInit) {
    super({ highWaterMark: 64 * 1024 });
    this.#init = init;
    this.method = init.method;
    this.url = init.url;
    const headers: NodeJS.Dict<string | string[]> = {};
    for (const [name, value] of init.headers) {
      this.rawHeaders.push(name, value);
      addHeader(headers, name.toLowerCase(), value);
    }
    this.headers = headers;
    if (init.body === undefined) this.complete = true;
    else if (!(init.body instanceof Uint8Array)) this.#source = init.body[Symbol.asyncIterator]();
  }

  /** A stream without a peer. It has only the address of the client. */
  get socket(): Socket {
    if (this.#socket === undefined) {
      const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
      const { remoteAddress, encrypted } = this.#init;
      this.#socket = Object.assign(socket, { remoteAddress, encrypted }) as unknown as Socket;
      socket.once("close", () => this[kResponse]?.destroy());
    }
    return this.#socket;
  }

  get connection(): Socket {
    return this.socket;
  }

  get headersDistinct(): NodeJS.Dict<string[]> {
    const distinct: NodeJS.Dict<string[]> = Object.create(null);
    for (let index = 0; index < this.rawHeaders.length; index += 2) {
      const name = (this.rawHeaders[index] as string).toLowerCase();
      distinct[name] = [...(distinct[name] ?? []), this.rawHeaders[index + 1] as string];
    }
    return distinct;
  }

  setTimeout(): this {
    return this;
  }

  override _read(): void {
    const { body } = this.#init;
    if (this.#source === undefined) {
      if (body instanceof Uint8Array && body.byteLength > 0) this.push(body);
      this.#finish();
      return;
    }
    this.#source.next().then(
      ({ done, value }) => {
        if (done === true) this.#finish();
        else if (value.byteLength === 0) this._read();
        else this.push(value);
      },
      (error) => {
        this.#isCut = true;
        this.destroy(error as Error);
      },
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // The sender of the body may stop. The result of this call does not matter here.
    if (!this.complete) this.#source?.return?.().catch(() => {});
    const res = this[kResponse];
    // The event of a connection that was cut.
    if (!this.#isCut && (!this.complete || !this.readableEnded) && res?.writableFinished === false)
      res.destroy();
    const cut = error === null && !this.complete && this.listenerCount("error") > 0;
    done(cut ? new StateError("The request was cut before its body was complete.") : error);
  }

  #finish(): void {
    this.complete = true;
    this.push(null);
  }
}

shareMembers(VirtualRequest.prototype, RequestFields.prototype);
Object.assign(VirtualRequest.prototype, defaultFields);

// These headers are never arrays. If a header is repeated, the first value counts, as in node:http.
const single = new Set([
  "age",
  "authorization",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "from",
  "host",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "server",
  "user-agent",
]);

function addHeader(headers: NodeJS.Dict<string | string[]>, name: string, value: string): void {
  const present = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (name === "set-cookie") headers[name] = [...(present ?? []), value];
  else if (present === undefined) headers[name] = value;
  else if (!single.has(name)) headers[name] = `${present}${name === "cookie" ? "; " : ", "}${value}`;
}
