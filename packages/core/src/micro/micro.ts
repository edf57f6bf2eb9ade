import type { Server } from "node:http";
import { http } from "../platform/builtins.js";
import { buffer, json, text } from "./body.js";
import { createError, HttpError } from "./http-error.js";
import { type RequestHandler, run } from "./run.js";
import { send } from "./send.js";
import { sendError } from "./send-error.js";
import { serve } from "./serve.js";

/** {@link micro}, with the other functions of `@miqro/core/micro` as its members. */
export interface Micro {
  /** Makes an HTTP server from a function: `micro(() => "hello").listen(3000)`. */
  (fn: RequestHandler): Server;
  readonly serve: typeof serve;
  readonly run: typeof run;
  readonly send: typeof send;
  readonly sendError: typeof sendError;
  readonly createError: typeof createError;
  readonly HttpError: typeof HttpError;
  readonly buffer: typeof buffer;
  readonly text: typeof text;
  readonly json: typeof json;
}

function createServer(fn: RequestHandler): Server {
  return http.createServer(serve(fn));
}

const members = { serve, run, send, sendError, createError, HttpError, buffer, text, json };

/**
 * Makes an HTTP server from a function. The other functions of `@miqro/core/micro` are its members, for programs that
 * use `require`.
 */
export const micro: Micro = Object.assign(createServer, members);
