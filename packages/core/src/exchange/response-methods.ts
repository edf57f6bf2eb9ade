import { ArgumentError } from "../errors.js";
import { checkOptions, describe } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { ReplyPromise } from "../pipeline/outcome.js";
import { loadOnUse } from "../platform/builtins.js";
import { claim, release, seize } from "../reply/answer.js";
import { htmlType, jsonType, scriptType, textType, toJSONText } from "../reply/body-type.js";
import type { EventStream, EventStreamOptions } from "../reply/event-stream-types.js";
import { sendValue } from "../reply/send-value.js";
import { writeReply } from "../reply/write-reply.js";
import { toBuffer, toBytes } from "./bytes.js";
import { kContext, kContract, kPolicy } from "./internal.js";
import type {
  AfterSteps,
  AppContext,
  ErrorTurn,
  NoncePolicy,
  Observation,
  PendingObservation,
  ResponseContract,
  ServedRequest,
  ServedResponse,
} from "./served.js";
import type { CookieOptions, EndOptions, ReplyHeaders, SendFileOptions } from "./types.js";

const loadCookies = loadOnUse<typeof import("./cookies.js")>(import.meta.url, "./cookies.js");
const loadSendFile = loadOnUse<typeof import("../static/send-file.js")>(
  import.meta.url,
  "../static/send-file.js",
);
// A stream of events begins at once.
const loadEventStream = loadOnUse<typeof import("../reply/event-stream.js")>(
  import.meta.url,
  "../reply/event-stream.js",
);

const endKinds: OptionKinds<EndOptions> = {
  // The status is checked together with the head.
  status: kinds.any,
  headers: kinds.object,
  body: {
    words: "a string or bytes",
    test: (value) => typeof value === "string" || toBytes(value) !== undefined,
  },
};

/**
 * The methods that both response classes have in addition to Node's methods. They are copied to the prototypes of these
 * classes.
 */
export abstract class ResponseMethods {
  declare readonly req: ServedRequest;
  declare statusCode: number;
  declare "miqro:claimed": boolean;
  declare "miqro:written": number;
  declare "miqro:observed": Observation | undefined;
  declare "miqro:observing": PendingObservation | undefined;
  declare "miqro:policy": NoncePolicy | undefined;
  declare "miqro:contract": ResponseContract | undefined;
  declare "miqro:error": unknown;
  declare "miqro:turn": ErrorTurn | undefined;
  declare "miqro:after": AfterSteps | undefined;

  get cspNonce(): string | undefined {
    return this[kPolicy]?.readNonce(this as unknown as ServedResponse);
  }

  json(this: ServedResponse, body: unknown, headers?: ReplyHeaders, status: number = this.statusCode): void {
    const contract = this[kContract];
    const text = contract === undefined ? toJSONText(body) : contract.write(body, status);
    writeReply(this, status, jsonType, text, headers);
  }

  html(
    this: ServedResponse,
    body: string | Uint8Array,
    headers?: ReplyHeaders,
    status: number = this.statusCode,
  ): void {
    const isBytes = body instanceof Uint8Array;
    if (isBytes && this[kContract] === undefined) {
      writeReply(this, status, htmlType, body, headers);
      return;
    }
    // The declaration of a route applies to text.
    writeText(this, "html", htmlType, isBytes ? toBuffer(body).toString() : body, headers, status);
  }

  text(this: ServedResponse, body: string, headers?: ReplyHeaders, status: number = this.statusCode): void {
    writeText(this, "text", textType, body, headers, status);
  }

  js(this: ServedResponse, body: string, headers?: ReplyHeaders, status: number = this.statusCode): void {
    writeText(this, "js", scriptType, body, headers, status);
  }

  send(this: ServedResponse, value: unknown): void | Promise<void> {
    const sending = sendValue(this.req, this, value);
    return sending === undefined ? undefined : toReplyPromise(this, (resolve) => resolve(sending));
  }

  redirect(this: ServedResponse, url: string, headers?: ReplyHeaders, status = 302): void {
    writeReply(this, status, undefined, "", { ...headers, Location: toLocation(url, "res.redirect") });
  }

  asyncEnd(this: ServedResponse, options: EndOptions = {}): Promise<void> {
    return toReplyPromise(this, (resolve, reject) => {
      try {
        checkOptions<EndOptions>(options, "`asyncEnd`", endKinds);
        const { status = this.statusCode, headers } = options;
        if (!writeReply(this, status, undefined, hold(this, toBody(options.body), status), headers)) {
          resolve();
          return;
        }
      } catch (error) {
        // The response stays claimed until the error is reported. Otherwise the next handler would answer.
        seize(this);
        queueMicrotask(() => {
          release(this);
          reject(error);
        });
        return;
      }
      if (this.writableFinished) resolve();
      this.once("finish", resolve);
      this.once("close", () => reject(new Error("The client went away before the answer was complete.")));
    });
  }

  sendFile(this: ServedResponse, path: string, options: SendFileOptions): Promise<void> {
    const { sendFile } = loadSendFile();
    if (!claim(this)) return Promise.resolve();
    // The response stays claimed until the handler has returned, also if the arguments are wrong.
    const sending = Promise.resolve().then(() => sendFile(this.req, this, path, options));
    return toReplyPromise(this, (resolve) => resolve(sending));
  }

  setCookie(this: ServedResponse, name: string, value: string, options: CookieOptions = {}): void {
    // An option with the value undefined must not remove a default.
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const secure = String(options.sameSite).toLowerCase() === "none" || this.req.protocol === "https";
    const settled: CookieOptions = { path: "/", httpOnly: true, sameSite: "lax", secure, ...given };
    let line: string;
    try {
      line = loadCookies().writeCookie(name, value, settled);
    } catch (error) {
      throw new ArgumentError(`The cookie "${name}" cannot be written: ${(error as Error).message}.`, error);
    }
    const earlier = this.getHeader("Set-Cookie");
    if (earlier === undefined) this.appendHeader("Set-Cookie", line);
    else this.setHeader("Set-Cookie", loadCookies().addCookie([earlier].flat().map(String), line));
  }

  clearCookie(this: ServedResponse, name: string, options: CookieOptions = {}): void {
    const { maxAge: _maxAge, ...rest } = options;
    this.setCookie(name, "", { ...rest, expires: new Date(0) });
  }

  addVaryHeader(this: ServedResponse, name: string): void {
    const present = this.getHeader("Vary");
    const names = (present === undefined ? "" : String(present)).split(/\s*,\s*/).filter(Boolean);
    if (names.includes("*") || name === "*") {
      this.setHeader("Vary", "*");
      return;
    }
    if (!names.some((other) => other.toLowerCase() === name.toLowerCase())) names.push(name);
    this.setHeader("Vary", names.join(", "));
  }

  defer(this: ServedResponse, callback: () => unknown): void {
    if (typeof callback !== "function")
      throw new ArgumentError(`res.defer takes a function, not ${describe(callback)}.`);
    contextOf(this).after(this).defer(callback);
  }

  sse(this: ServedResponse, options?: EventStreamOptions): EventStream {
    return loadEventStream().openEventStream(this, options);
  }
}

/**
 * Makes the value of a `Location` header. It escapes only characters that a header cannot carry, so existing escapes
 * stay as they are. It also escapes the backslash, because browsers read it as a slash: "/\\evil.example" is not a path
 * for them.
 *
 * @param name The name of the function that redirects, for messages.
 */
export function toLocation(url: string, name: string): string {
  if (typeof url !== "string")
    throw new ArgumentError(`${name} needs a URL as a string, not ${describe(url)}.`);
  return url.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\x21-\x5b\x5d-\x7e]+/g, encodeURI);
}

function contextOf(res: ServedResponse): AppContext {
  const context = res.req[kContext];
  if (context === undefined) throw new TypeError("This response does not belong to an app.");
  return context;
}

function toBody(body: EndOptions["body"]): string | Uint8Array {
  return typeof body === "string" ? body : (toBytes(body) ?? "");
}

// The route's declaration applies to text. It cannot apply to bytes.
function hold(res: ServedResponse, body: string | Uint8Array, status: number): string | Uint8Array {
  const contract = res[kContract];
  if (contract === undefined) return body;
  if (typeof body === "string") return String(contract.filter(body, status));
  contract.checkRaw(body, status);
  return body;
}

// An error of a promise that nobody awaits is answered as if the handler had thrown it.
function toReplyPromise(
  res: ServedResponse,
  executor: ConstructorParameters<typeof ReplyPromise<void>>[0],
): Promise<void> {
  return new ReplyPromise(executor, (error) => contextOf(res).fail(res.req, res, error));
}

function writeText(
  res: ServedResponse,
  method: string,
  type: string,
  body: string,
  headers: ReplyHeaders | undefined,
  status: number,
): void {
  if (typeof body !== "string") {
    throw new ArgumentError(`res.${method} sends a string, not ${body === null ? "null" : typeof body}.`);
  }
  writeReply(res, status, type, hold(res, body, status), headers);
}
