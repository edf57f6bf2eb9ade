import type { ServedRequest, Step } from "./served.js";

// The names of the fields that the package keeps on requests and responses. No field of middleware can have such a
// name. (Symbols would work too, but isolated declarations do not allow them as names of class members.)

/** The app's context; on a request. */
export const kContext = "miqro:context";
/** The response of a request. */
export const kResponse = "miqro:response";
/** The pipeline of the request; on a request. */
export const kPipeline = "miqro:pipeline";
/** The step that runs, or ran last; on a request. */
export const kStep = "miqro:step";
/** The asynchronous context of the step that ran last; on a request. */
export const kScope = "miqro:scope";
/** Sends the 100 that the client waits for; on a request. */
export const kContinue = "miqro:continue";
/** The outcome of reading the body; on a request. */
export const kBodyRead = "miqro:bodyRead";
/** The reader of the body, while it reads; on a request. */
export const kAbortBody = "miqro:abortBody";
/** The sink that gets the body directly, without the stream, while it reads; on a request. */
export const kSink = "miqro:sink";
/** Gives the body to a sink, if the implementation can; on a request. */
export const kHandOver = "miqro:handOver";
/** The split target, computed when it is first read; on a request. */
export const kTarget = "miqro:target";
/** The split target; on a request. */
export const kSplit = "miqro:split";
/** The parameters, and the slots that they were read with; on a request. */
export const kParams = "miqro:params";
export const kParamsOf = "miqro:paramsOf";
/** The fields that were computed on demand; on a request. */
export const kDetails = "miqro:details";
/** The host that the client asked for, with its port if it named one; on a request. */
export const kHost = "miqro:host";
/** The decoded segments of the path; on a request. */
export const kSegments = "miqro:segments";
/** Whether the package answers; on a response. Only reply/answer.ts and the fast path of writeReply write it. */
export const kClaimed = "miqro:claimed";
/**
 * The number of bytes of the body that were written, or -1 if the length of the answer comes from its body; on a
 * response.
 */
export const kWritten = "miqro:written";
/** The observers of the head before it is settled; on a response. */
export const kObserved = "miqro:observed";
/** Begins to observe an answer when the first body is large enough; on a response. */
export const kObserving = "miqro:observing";
/** Writes a part of the body past the observers; a method of a response. */
export const kWrite = "miqro:write";
/** Ends the body past the observers; a method of a response. */
export const kEnd = "miqro:end";
/** The content security policy of an answer, which contains its nonce; on a response. */
export const kPolicy = "miqro:policy";
/** The declared response of the route that runs; on a response. */
export const kContract = "miqro:contract";
/** The error that is being answered; on a response. */
export const kError = "miqro:error";
/** The position in the error handlers that were called; on a response. */
export const kTurn = "miqro:turn";
/** The steps after the answer; on a response. */
export const kAfter = "miqro:after";

/** The bytes that followed the head of an upgrade to WebSocket. */
export const upgradeHeads: WeakMap<object, Buffer> = new WeakMap();

/** The beginnings of subprotocols in which session handlers look for tokens, by the request of a WebSocket. */
export const tokenPrefixes: WeakMap<object, string[]> = new WeakMap();

/**
 * Functions that find more methods for the path of a request, such as the methods of a file. They are called only if no
 * step answered, so no request looks for a file without need.
 */
export const methodFinders: WeakMap<object, (() => Promise<readonly string[]>)[]> = new WeakMap();

/** Every handler that is a `CORS`. */
export const corsHandlers: WeakSet<object> = new WeakSet();

/**
 * Functions that tell whether a handler of files has a file for a request. `step` is the step with the handler.
 */
export const fileFinders: WeakMap<object, (req: ServedRequest, step: Step) => Promise<boolean>> =
  new WeakMap();

/** Copies the accessors and methods of one class to another class that cannot inherit from it. */
export function shareMembers(target: object, source: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    if (name !== "constructor") Object.defineProperty(target, name, descriptor);
  }
}
