// The package's own view of requests, responses and the code that runs for them, for both implementations. Every folder
// needs these types. So this file imports only public types and no implementation, and the folders do not import each
// other in circles.
import type { LoggerLike } from "../log/types.js";
import type { Relay } from "../relay/types.js";
import type {
  Cookies,
  ErrorHandler,
  Middleware,
  Params,
  Query,
  Renderer,
  ReplyHeaders,
  Request,
  Response,
  ResponseState,
} from "./types.js";

/** A request target, split once. Positions are indexes in `url`. */
export interface Target {
  /** The path without the query: a slice of the target if the target is clean, otherwise a new string. */
  readonly path: string;
  /** The decoded segments, if decoding changed the path. */
  readonly segments: readonly string[] | undefined;
  /** The index in the target where the path begins (after the origin of an absolute target). */
  readonly start: number;
  /** The index in the target where the path ends. */
  readonly end: number;
}

/** The origin of a request, and the number of trusted proxies that it passed. */
export interface Client {
  readonly address: string;
  readonly proxies: number;
}

/** Whether the address of a hop, `distance` hops away from this server, is a trusted proxy. */
export type IsTrusted = (address: string, distance: number) => boolean;

/**
 * The fields that are computed on first use. They are stored separately, so a request that reads none of them allocates
 * nothing.
 */
export interface RequestDetails {
  searchParams?: URLSearchParams;
  query?: Query;
  cookies?: Cookies;
  uuid?: string;
  startMS?: number;
  logger?: LoggerLike;
  results?: unknown[];
  controller?: AbortController;
  path?: string;
  client?: Client;
  protocol?: string;
  hostname?: string;
  request?: globalThis.Request;
  responseState?: ResponseState;
}

/** An asynchronous context, with the values of each `AsyncLocalStorage`, that can be entered again later. */
export interface AsyncScope {
  runInAsyncScope<Given extends readonly unknown[], Result>(
    run: (...given: Given) => Result,
    self?: undefined,
    ...given: Given
  ): Result;
}

/** A reader of the body of a request. */
export interface BodyReader {
  /** Stops to read the body, and fails with an error. */
  abort(error: Error): void;
}

/** A reader that keeps the whole body. It needs no stream with a buffer and backpressure. */
export interface BodySink extends BodyReader {
  take(chunk: Buffer): void;
  end(): void;
  /** The client went away before the end. */
  cut(cause: unknown): void;
}

/** The response that a route declares. */
export interface ResponseContract {
  /** Whether a schema for the body is declared. */
  readonly hasBody: boolean;
  lists(status: number): boolean;
  /** Throws when a status of success is not in the declaration. */
  check(status: number): void;
  /** Writes the declared fields as JSON. Throws when the body does not fit. */
  write(body: unknown, status: number): string;
  /** Keeps only the declared fields. Throws when the body does not fit. */
  filter(body: unknown, status: number): unknown;
  /** Throws when raw bytes or a stream cannot be the declared body. */
  checkRaw(body: unknown, status: number): void;
}

/** The steps after the answer to one request. */
export interface AfterSteps {
  /** Runs the callback after the answer. */
  defer(callback: () => unknown): void;
  /** Runs the handlers after the answer, before the handlers of earlier calls. */
  enter(handlers: readonly Middleware[]): void;
  /** Runs the callback when all other steps have run. */
  remove(callback: () => unknown): void;
}

/**
 * An object between an answer and its connection, if an observer wants to see or change the answer (reply/observe.ts).
 */
export interface Observation {
  /**
   * Whether the body is complete. Its last bytes may still be in a transform. Its last bytes may still be on their way
   * through a transform.
   */
  readonly hasEnded: boolean;
  /** Announces the whole body before its head is settled. */
  expect(body: string | Uint8Array): void;
  /** Settles the head, and returns the parts of it that are not in the headers of the response. */
  begin(status: number, reason: unknown, headers: unknown): SettledHead;
  /** Takes a call of `write` of the response. */
  takePart(chunk: unknown, encoding: unknown, done: unknown): boolean;
  /** Takes a call of `end` of the response. */
  takeEnd(chunk: unknown, encoding: unknown, done: unknown): void;
}

/** An observer that ignores small answers. A small answer has no extra cost. */
export interface PendingObservation {
  /** The smallest body that it wants to see, in bytes. */
  readonly least: number;
  /** Begins to observe an answer whose head is not settled. */
  start(res: ServedResponse): void;
}

/** The content security policy of an answer, if it contains a placeholder for a nonce. */
export interface NoncePolicy {
  /** The nonce, if something has asked for it. */
  readonly nonce: string | undefined;
  /** Makes the nonce, and puts it into the policy of the answer. */
  readNonce(res: ServedResponse): string | undefined;
}

/** The first line of an answer. */
export interface SettledHead {
  readonly status: number;
  readonly reason: string | undefined;
}

/** The position of a pattern's parameter in the path. The name `*` stands for the rest of the path. */
export interface ParamSlot {
  readonly name: string;
  readonly index: number;
}

/** The position of a step: one object for each mounted router, with the position of the router around it. */
export interface StepPlace {
  readonly parent: StepPlace | undefined;
}

/** A handler with its position and its options. */
export interface Step {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  /** Whether the return value is kept in `results` (middleware) or sent (the handler of a route). */
  readonly answers: boolean;
  /** The parameters that the step sees. All steps of a route share this array. */
  readonly slots: readonly ParamSlot[] | undefined;
  /** The index of the first segment after the fixed part of its pattern. The path of `Static` begins there. */
  readonly tail: number;
  /** The error handlers around it, innermost first. */
  readonly catchers: readonly ErrorHandler[];
  /** The longest time of an asynchronous step, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The route's name, or its method and pattern, for messages. Absent if the step belongs to no route. */
  readonly label: string | undefined;
  /** The route's pattern. */
  readonly route: string | undefined;
  /** The router of the step. */
  readonly place: StepPlace;
}

/** The answer when no step answered. */
export type Conclusion =
  | { readonly kind: "not-found" }
  /** A GET of a path that has only a WebSocket. */
  | { readonly kind: "upgrade-required" }
  | { readonly kind: "method-not-allowed"; readonly methods: ReadonlySet<string> }
  | { readonly kind: "options"; readonly methods: ReadonlySet<string> };

/** All steps that may run for one kind of path and one method, in order. */
export interface Pipeline {
  readonly steps: readonly Step[];
  /** Whether a route is among the steps. */
  readonly answers: boolean;
  readonly conclusion: Conclusion;
  /** Replaces a step when no step answered. Its error handlers see the error of the conclusion. */
  readonly end: Step;
  /** The identifier for loggers: `POSTS_GET`. */
  readonly identifier: string;
  /** Writes the line of each request. Absent if the level is off. */
  readonly requestLogger: LoggerLike | undefined;
}

/** The parts of an app that requests, replies and body parsers need. */
export interface AppContext {
  readonly isTrusted: IsTrusted;
  /** The limit in bytes. */
  readonly bodyLimit: number;
  readonly renderer: Renderer | undefined;
  /** Finds or makes the `ETag` of a reply that has one. Absent if no reply gets one. */
  readonly createTag:
    | ((
        res: ServedResponse,
        status: number,
        body: string | Uint8Array,
        length: number,
        headers: ReplyHeaders | undefined,
      ) => string | undefined)
    | undefined;
  /** Whether `/a` and `/A` are two paths. */
  readonly caseSensitive: boolean;
  /** Whether error answers may show what happened. */
  readonly isDevelopment: boolean;
  /** The error handlers of the app itself. */
  readonly catchers: readonly ErrorHandler[];
  /** The longest time of an asynchronous error handler of the app itself, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** Returns the steps after an answer. The object is created on first use. */
  after(res: ServedResponse): AfterSteps;
  /** Answers an error from outside of a step, as if the step that ran last had thrown it. */
  fail(req: ServedRequest, res: ServedResponse, thrown: unknown): void;
  createLogger(req: Request): LoggerLike;
  /** Runs the callback when the app closes, or at once if it already closes. Returns a function that cancels this. */
  onClose(callback: () => void): () => void;
  /** The relay of the app. */
  relay(): Relay;
  /** The relay from the options of the app, which other apps may share. */
  readonly sharedRelay: Relay | undefined;
  /** Whether the app is closing. */
  isClosing(): boolean;
  /** Shows this answer to the observers of all answers of the app. Absent if there are none. */
  observe: ((res: ServedResponse) => void) | undefined;
}

/** The package's own view of a request. */
export interface ServedRequest extends Request {
  "miqro:scope": AsyncScope | undefined;
  "miqro:context": AppContext | undefined;
  "miqro:response": ServedResponse | undefined;
  "miqro:pipeline": Pipeline | undefined;
  "miqro:step": Step | undefined;
  "miqro:bodyRead": PromiseLike<undefined> | undefined;
  "miqro:abortBody": BodyReader | undefined;
  "miqro:sink": BodySink | undefined;
  "miqro:continue"?: (() => void) | undefined;
  "miqro:details": RequestDetails | undefined;
  "miqro:split": Target | undefined;
  "miqro:params": Params | undefined;
  "miqro:paramsOf": Step["slots"];
  /** Throws a 400 when the target is malformed. */
  readonly "miqro:target": Target;
  readonly "miqro:segments": readonly string[];
  /** The host, after trusted proxies have been considered. */
  readonly "miqro:host": string;
  /** Returns false if the body is already read as a stream. */
  "miqro:handOver"?(sink: BodySink): boolean;
}

/**
 * The position in one list of error handlers. The answer of an error handler may fail long after the handler returned.
 * Then the following handlers are called, and no handler is called twice.
 */
export interface ErrorTurn {
  readonly catchers: readonly ErrorHandler[];
  next: number;
  /** The position in another list. Mostly the list of the step that threw is the only one. */
  readonly other: ErrorTurn | undefined;
}

/** The package's own view of a response. */
export interface ServedResponse extends Response {
  readonly req: ServedRequest;
  /** Writes the head of a body that is sent without one. Node calls it. */
  _implicitHeader(): void;
  "miqro:claimed": boolean;
  "miqro:written": number;
  "miqro:observed": Observation | undefined;
  "miqro:observing": PendingObservation | undefined;
  "miqro:policy": NoncePolicy | undefined;
  "miqro:contract": ResponseContract | undefined;
  "miqro:error": unknown;
  "miqro:turn": ErrorTurn | undefined;
  "miqro:after": AfterSteps | undefined;
  "miqro:write"(chunk: unknown, encoding?: unknown, done?: unknown): boolean;
  "miqro:end"(chunk?: unknown, encoding?: unknown, done?: unknown): void;
}
