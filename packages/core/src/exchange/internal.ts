import type { ServedRequest, Step } from "./served.js";

// The names of what the package keeps on requests and responses: such that no field which middleware adds can meet
// them. (Symbols would do as well, but isolated declarations do not allow them as names of class members.)

/** The app's context; on a request. */
export const kContext = "miqro:context";
/** The response of a request. */
export const kResponse = "miqro:response";
/** What runs for a request. */
export const kPipeline = "miqro:pipeline";
/** The step that runs, or ran last; on a request. */
export const kStep = "miqro:step";
/** The asynchronous context of the step that ran last; on a request. */
export const kScope = "miqro:scope";
/** Sends the 100 that the client waits for; on a request. */
export const kContinue = "miqro:continue";
/** What the reading of the body comes to; on a request. */
export const kBodyRead = "miqro:bodyRead";
/** Who reads the body, while it is being read; on a request. */
export const kAbortBody = "miqro:abortBody";
/** Who gets the body past the stream, while it is being read; on a request. */
export const kSink = "miqro:sink";
/** Gives the body to a sink, where the implementation can; on a request. */
export const kHandOver = "miqro:handOver";
/** The split target, computed when it is first read; on a request. */
export const kTarget = "miqro:target";
/** Where the split target is kept; on a request. */
export const kSplit = "miqro:split";
/** The parameters, and the slots that they were read by; on a request. */
export const kParams = "miqro:params";
export const kParamsOf = "miqro:paramsOf";
/** What was computed on demand; on a request. */
export const kDetails = "miqro:details";
/** The host that the client asked, with its port where it named one; on a request. */
export const kHost = "miqro:host";
/** The decoded segments of the path; on a request. */
export const kSegments = "miqro:segments";
/** Whether the package answers; on a response. Only reply/answer.ts and the fast path of writeReply write it. */
export const kClaimed = "miqro:claimed";
/** How many bytes of the body were written, or -1 where the length of the answer was taken from its body; on a response. */
export const kWritten = "miqro:written";
/** Who sees the head before it is settled; on a response. */
export const kObserved = "miqro:observed";
/** What begins to observe an answer with the first body that is large enough; on a response. */
export const kObserving = "miqro:observing";
/** The content security policy of an answer, which knows its nonce; on a response. */
export const kPolicy = "miqro:policy";
/** The declared response of the route that runs; on a response. */
export const kContract = "miqro:contract";
/** The error that is being answered; on a response. */
export const kError = "miqro:error";
/** How far the error handlers are that were asked; on a response. */
export const kTurn = "miqro:turn";
/** What runs after the answer; on a response. */
export const kAfter = "miqro:after";

/** The bytes that came after the head of an upgrade to WebSocket. */
export const upgradeHeads: WeakMap<object, Buffer> = new WeakMap();

/**
 * What can tell of more methods that the path of a request answers, such as the one of a file. Asked only where no step
 * answered, so that nobody looks for a file in vain.
 */
export const methodFinders: WeakMap<object, (() => Promise<readonly string[]>)[]> = new WeakMap();

/** Every handler that is a `CORS`. */
export const corsHandlers: WeakSet<object> = new WeakSet();

/** What tells whether a handler that serves files has one for a request; `step` is the one that it would run as. */
export const fileFinders: WeakMap<object, (req: ServedRequest, step: Step) => Promise<boolean>> =
  new WeakMap();

/** Gives the accessors and methods of one class to another that cannot inherit from it. */
export function shareMembers(target: object, source: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
    if (name !== "constructor") Object.defineProperty(target, name, descriptor);
  }
}
