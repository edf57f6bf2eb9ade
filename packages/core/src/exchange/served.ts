// Requests, responses, and what runs for them, as the package itself sees them, whichever implementation they are of.
// Every folder needs these names, so this file imports public types and nothing of any implementation: that keeps
// the folders from importing each other in circles.
import type { LoggerLike } from "../log/types.js";
import type { Relay } from "../relay/types.js";
import type {
  Cookies,
  ErrorHandler,
  Middleware,
  Params,
  Query,
  Renderer,
  Request,
  Response,
  ResponseState,
} from "./types.js";

/** A request target, split once. Positions are those of `url`. */
export interface Target {
  /** The path without the query: a slice of the target when that was clean already, else put together again. */
  readonly path: string;
  /** The decoded segments, when decoding made a difference. */
  readonly segments: readonly string[] | undefined;
  /** Where the path begins in the target (after the origin of an absolute target). */
  readonly start: number;
  /** Where the path ends in the target. */
  readonly end: number;
}

/** Where a request comes from, and over how many proxies that are trusted. */
export interface Client {
  readonly address: string;
  readonly proxies: number;
}

/** Says whether the hop at an address, `distance` hops away from this server, is a trusted proxy. */
export type IsTrusted = (address: string, distance: number) => boolean;

/** What is computed when it is first read. Kept apart so that a request that reads nothing allocates nothing. */
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

/** An asynchronous context, such as what an `AsyncLocalStorage` holds, to be entered again later. */
export interface AsyncScope {
  runInAsyncScope<Given extends readonly unknown[], Result>(
    run: (...given: Given) => Result,
    self?: undefined,
    ...given: Given
  ): Result;
}

/** Whoever reads the body of a request. */
export interface BodyReader {
  /** Leaves the rest of the body, and ends the reading with an error. */
  abort(error: Error): void;
}

/** A reader that keeps the whole body, so that it needs no stream with its buffer and its backpressure. */
export interface BodySink extends BodyReader {
  take(chunk: Buffer): void;
  end(): void;
  /** The client went away before the end. */
  cut(cause: unknown): void;
}

/** What a route promised to answer. */
export interface ResponseContract {
  /** Whether the form of the body is declared. */
  readonly hasBody: boolean;
  lists(status: number): boolean;
  /** Throws when a status of success is not listed. */
  check(status: number): void;
  /** Writes what is declared as JSON. Throws when it does not fit. */
  write(body: unknown, status: number): string;
  /** Leaves only what is declared. Throws when the rest does not fit. */
  filter(body: unknown, status: number): unknown;
  /** Throws when a body that is sent as it is, bytes or a stream, cannot be what is declared. */
  checkRaw(body: unknown, status: number): void;
}

/** What runs after the answer to one request. */
export interface AfterSteps {
  /** Runs the callback after the answer. */
  defer(callback: () => unknown): void;
  /** Runs the handlers after the answer, and before those of what was entered earlier. */
  enter(handlers: readonly Middleware[]): void;
  /** Runs the callback when all other steps have run. */
  remove(callback: () => unknown): void;
}

/** What stands between an answer and its connection where something wants to see or change it (reply/observe.ts). */
export interface Observation {
  /** Whether the body is complete, although its last bytes may still be on their way through a transform. */
  readonly hasEnded: boolean;
  /** Tells of the whole body before its head is settled. */
  expect(body: string | Uint8Array): void;
  /** Settles the head, and gives what of it is not in the headers of the response. */
  begin(status: number, reason: unknown, headers: unknown): SettledHead;
}

/** What would observe an answer, but has no eye for small ones: these pay nothing for it. */
export interface PendingObservation {
  /** The least length of a body that it wants to see, in bytes. */
  readonly least: number;
  /** Begins to observe an answer, whose head is not settled. */
  start(res: ServedResponse): void;
}

/** The content security policy of an answer, where it has one that takes a nonce. */
export interface NoncePolicy {
  /** The nonce, once somebody asked for it. */
  readonly nonce: string | undefined;
  /** Makes the nonce, and puts it into the policy of the answer. */
  readNonce(res: ServedResponse): string | undefined;
}

/** The first line of an answer. */
export interface SettledHead {
  readonly status: number;
  readonly reason: string | undefined;
}

/** Where a parameter of a pattern is in the path. The name `*` stands for the rest from there on. */
export interface ParamSlot {
  readonly name: string;
  readonly index: number;
}

/** Where a step stands: one for each router in its place, with that of the router around it. */
export interface StepPlace {
  readonly parent: StepPlace | undefined;
}

/** One thing that runs for a request. */
export interface Step {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  /** Whether what it returns is kept in `results` (middleware) or sent (the handler of a route). */
  readonly answers: boolean;
  /** The parameters that it sees; the same list for all steps of a route. */
  readonly slots: readonly ParamSlot[] | undefined;
  /** The index of the first segment that its pattern leaves open: where `Static` begins. */
  readonly tail: number;
  /** The error handlers around it, innermost first. */
  readonly catchers: readonly ErrorHandler[];
  /** How long it may take when it is asynchronous, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The route's name, or its method and pattern, for messages; absent where it is the step of no route. */
  readonly label: string | undefined;
  /** The route's pattern. */
  readonly route: string | undefined;
  /** The router that it is of. */
  readonly place: StepPlace;
}

/** What happens when no step answered. */
export type Conclusion =
  | { readonly kind: "not-found" }
  /** A GET where only a WebSocket is. */
  | { readonly kind: "upgrade-required" }
  | { readonly kind: "method-not-allowed"; readonly methods: ReadonlySet<string> }
  | { readonly kind: "options"; readonly methods: ReadonlySet<string> };

/** Everything that may run for one kind of path and one method, in order. */
export interface Pipeline {
  readonly steps: readonly Step[];
  /** Whether a route is among the steps. */
  readonly answers: boolean;
  readonly conclusion: Conclusion;
  /** What stands for a step when none answered: around it are the handlers that see the error of the conclusion. */
  readonly end: Step;
  /** For loggers: `POSTS_GET`. */
  readonly identifier: string;
  /** Writes a line per request; absent when the level is off. */
  readonly requestLogger: LoggerLike | undefined;
}

/** What requests, replies and body parsers need to know of their app. */
export interface AppContext {
  readonly isTrusted: IsTrusted;
  /** In bytes. */
  readonly bodyLimit: number;
  readonly renderer: Renderer | undefined;
  /** Makes the `ETag` of a reply, where it gets one; absent where none does. */
  readonly createTag:
    | ((res: ServedResponse, status: number, body: string | Uint8Array, length: number) => string | undefined)
    | undefined;
  /** Whether `/a` and `/A` are two paths. */
  readonly caseSensitive: boolean;
  /** Whether error answers may tell what happened. */
  readonly isDevelopment: boolean;
  /** The error handlers of the app itself. */
  readonly catchers: readonly ErrorHandler[];
  /** How long an asynchronous error handler of the app itself may take, in milliseconds; 0 is no limit. */
  readonly timeout: number;
  /** The list of what runs after an answer, made on first use. */
  after(res: ServedResponse): AfterSteps;
  /** Answers an error that comes up outside of a step, as if the step that ran last had thrown it. */
  fail(req: ServedRequest, res: ServedResponse, thrown: unknown): void;
  createLogger(req: Request): LoggerLike;
  /** Runs the callback when the app closes, at once when it does already. Returns what takes it back. */
  onClose(callback: () => void): () => void;
  /** The relay of the app. */
  relay(): Relay;
  /** The relay that the app was given, which others share. */
  readonly sharedRelay: Relay | undefined;
  /** Whether the app is on its way to close. */
  isClosing(): boolean;
  /** Lets whoever observes all answers of the app see this one. Absent where nobody does. */
  observe: ((res: ServedResponse) => void) | undefined;
}

/** A request as the package itself sees it. */
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
  /** Settled with what trusted proxies say. */
  readonly "miqro:host": string;
  /** False when the body is read as a stream already. */
  "miqro:handOver"?(sink: BodySink): boolean;
}

/**
 * How far one list of error handlers is. An answer that one of them gives may fail long after it returned: then those
 * behind it are asked, and never the same one again.
 */
export interface ErrorTurn {
  readonly catchers: readonly ErrorHandler[];
  next: number;
  /** Of another list: mostly there is only the one of the step that threw. */
  readonly other: ErrorTurn | undefined;
}

/** A response as the package itself sees it. */
export interface ServedResponse extends Response {
  readonly req: ServedRequest;
  /** Settles the head of who sends a body without one; called by Node. */
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
}
