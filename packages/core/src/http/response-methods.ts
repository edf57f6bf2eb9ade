import { ArgumentError } from "../errors.js";
import { loadCookie, loadEventStream } from "../modules.js";
import type { AfterSteps } from "../pipeline/after.js";
import type { ResponseContract } from "../validation/response-contract.js";
import { htmlType, jsonType, scriptType, textType, toJSONText } from "./body-type.js";
import type { EventStream, EventStreamOptions } from "./event-stream.js";
import { kContext, kContract } from "./internal.js";
import { sendValue } from "./send-value.js";
import type { ServedRequest, ServedResponse } from "./served.js";
import type { CookieOptions, EndOptions, ReplyHeaders, SendFileOptions } from "./types.js";
import { claimAnswer, writeReply } from "./write-reply.js";

/** The methods that responses of both implementations have beside those of Node, given to the prototypes of these. */
export abstract class ResponseMethods {
  declare readonly req: ServedRequest;
  declare statusCode: number;
  declare "miqro:answered": boolean;
  declare "miqro:contract": ResponseContract | undefined;
  declare "miqro:error": unknown;
  declare "miqro:after": AfterSteps | undefined;

  json(this: ServedResponse, body: unknown, headers?: ReplyHeaders, status: number = this.statusCode): void {
    const contract = this[kContract];
    const text = contract === undefined ? toJSONText(body) : contract.write(body, status);
    writeReply(this, status, jsonType, text, headers);
  }

  html(this: ServedResponse, body: string, headers?: ReplyHeaders, status: number = this.statusCode): void {
    writeText(this, "html", htmlType, body, headers, status);
  }

  text(this: ServedResponse, body: string, headers?: ReplyHeaders, status: number = this.statusCode): void {
    writeText(this, "text", textType, body, headers, status);
  }

  js(this: ServedResponse, body: string, headers?: ReplyHeaders, status: number = this.statusCode): void {
    writeText(this, "js", scriptType, body, headers, status);
  }

  send(this: ServedResponse, value: unknown): void | Promise<void> {
    return sendValue(this.req, this, value);
  }

  redirect(this: ServedResponse, url: string, headers?: ReplyHeaders, status = 302): void {
    if (typeof url !== "string")
      throw new ArgumentError(`res.redirect leads to a string, not ${typeof url}.`);
    // Only what a header cannot carry is escaped, so that escapes which are there already stay as they are; and the
    // backslash, which browsers take for a slash: "/\\evil.example" is no path to them.
    const location = url.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[^\x21-\x5b\x5d-\x7e]+/g, encodeURI);
    writeReply(this, status, undefined, "", { ...headers, Location: location });
  }

  asyncEnd(this: ServedResponse, options: EndOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (
        !writeReply(this, options.status ?? this.statusCode, undefined, options.body ?? "", options.headers)
      ) {
        resolve();
        return;
      }
      if (this.writableFinished) resolve();
      this.once("finish", resolve);
      this.once("close", () => reject(new Error("The client went away before the answer was complete.")));
    });
  }

  async sendFile(this: ServedResponse, path: string, options: SendFileOptions): Promise<void> {
    if (!claimAnswer(this)) return;
    const { sendFile } = await import("../static/send-file.js");
    await sendFile(this.req, this, path, options.root);
  }

  setCookie(this: ServedResponse, name: string, value: string, options: CookieOptions = {}): void {
    const secure = options.sameSite === "none" || this.req.protocol === "https";
    const settled = { path: "/", httpOnly: true, sameSite: "lax" as const, secure, ...options };
    let line: string;
    try {
      line = loadCookie().stringifySetCookie(name, value, settled);
    } catch (error) {
      throw new ArgumentError(`The cookie "${name}" cannot be written: ${(error as Error).message}.`, error);
    }
    this.appendHeader("Set-Cookie", line);
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
    const context = this.req[kContext];
    if (context === undefined) throw new TypeError("This response does not belong to an app.");
    context.after(this).defer(callback);
  }

  sse(this: ServedResponse, options?: EventStreamOptions): EventStream {
    return loadEventStream().openEventStream(this, options);
  }
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
  const contract = res[kContract];
  const text = contract === undefined ? body : String(contract.filter(body, status));
  writeReply(res, status, type, text, headers);
}
