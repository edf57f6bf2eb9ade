import type { AddressInfo } from "node:net";
import type { ErrorHandler, Middleware, OpenRequest, Response } from "../exchange/types.js";
import type { Plugin } from "./plugin.js";

/** An answer whose head is about to leave. Its headers are those of the response. */
export interface SentHead {
  /** The status of the answer. */
  readonly status: number;
  /** Whether a body follows: false for HEAD, 204 and 304. */
  readonly hasBody: boolean;
  /** The whole body, if it is known before the head leaves. */
  readonly whole: string | Uint8Array | undefined;
}

/** Changes data that a handler returned, before it is written. `undefined` leaves the data as it is. */
export type TransformHook = (value: unknown, req: OpenRequest, res: Response) => unknown;

/** Sees an answer when it is complete, before it leaves. It may set headers of the answer. */
export type SendHook = (req: OpenRequest, res: Response, head: SentHead) => unknown;

/** The functions of all hooks. */
export interface HookFunctions<TheApp, TheRouter> {
  /** Runs before the middleware and the routes of its scope. A returned `Response` is the answer. */
  readonly request: Middleware;
  /** Changes data that a handler returned. */
  readonly transform: TransformHook;
  /** Sees every answer before it leaves. */
  readonly send: SendHook;
  /**
   * Gets a thrown error. It answers, returns data to send with the error's status, or leaves the error to the next
   * hook.
   */
  readonly error: ErrorHandler;
  /** Answers instead of a handler that took longer than `handlerTimeout`, or leaves this to the next hook. */
  readonly timeout: Middleware;
  /** Runs before a plugin of the scope, or of a scope inside it, is set up. */
  readonly register: (plugin: Plugin, router: TheRouter) => unknown;
  /** Runs once, when all plugins are set up. */
  readonly ready: (app: TheApp) => unknown;
  /** Runs when the app listens. */
  readonly listen: (address: AddressInfo | string, app: TheApp) => unknown;
  /** Runs when the app has closed its connections and all steps after answers have ended. */
  readonly close: (app: TheApp) => unknown;
}
