/** Every code that an error of this package can carry. */
export type CoreErrorCode =
  | "BAD_REQUEST"
  | "INVALID_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "METHOD_NOT_ALLOWED"
  | "REQUEST_TIMEOUT"
  | "CONFLICT"
  | "PAYLOAD_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "UPGRADE_REQUIRED"
  | "TOO_MANY_REQUESTS"
  | "SERVICE_UNAVAILABLE"
  | "HANDLER_TIMEOUT"
  | "INTERNAL_ERROR"
  | "HTTP_ERROR"
  | "INVALID_RESPONSE"
  | "CORE_INVALID_ARGUMENT"
  | "CORE_INVALID_STATE"
  | "CORE_PLUGIN_FAILED"
  | "CORE_WEAK_SECRET"
  | "INVALID_TOKEN"
  | "KEY_SET_UNAVAILABLE";

/** One fault that the validation of a request found. */
export interface Issue {
  /** The path of the wrong value, with dots: `body.tags.1`. */
  readonly path: string;
  /** The type or rule that the schema asked for. */
  readonly expected: string;
  /** A sentence for the caller. */
  readonly message: string;
}

/** The base class of all errors of this package. `code` never changes, and `cause` is the error behind this one. */
export class CoreError extends Error {
  /** Names the kind of error, for programs. */
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** One fault that was found in the arguments of a call. */
export interface ArgumentIssue {
  /** The path of the wrong option, with dots: `request.bodyMode`. Empty when the argument itself is wrong. */
  readonly path: string;
  /** A sentence for the programmer. */
  readonly message: string;
}

/** A wrong argument in a call of this package, or wrong options. */
export class ArgumentError extends CoreError {
  /** Every fault that was found, at least one. The message names all of them. */
  readonly issues: readonly ArgumentIssue[];

  constructor(message: string, cause?: unknown, issues?: readonly ArgumentIssue[]) {
    super("CORE_INVALID_ARGUMENT", message, cause);
    this.issues = issues ?? [{ path: "", message }];
  }
}

/** A correct call at the wrong moment, such as listening twice. */
export class StateError extends CoreError {
  constructor(message: string, cause?: unknown) {
    super("CORE_INVALID_STATE", message, cause);
  }
}

/** A plugin, or a hook of the start of an app, failed or took too long. `cause` is the error that it threw. */
export class PluginError extends CoreError {
  /** The name of the plugin. */
  readonly plugin: string;
  /** The file that registered the plugin, if a module did. */
  readonly file: string | undefined;

  constructor(message: string, plugin: string, file?: string, cause?: unknown) {
    super("CORE_PLUGIN_FAILED", message, cause);
    this.plugin = plugin;
    this.file = file;
  }
}

/** Returns the message of a thrown value. The value need not be an error. */
export function toMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * Makes an error without a stack. It is for errors that a client can cause any number of times. The stack would only
 * show functions of this package, and it costs several times as much as the rest of the answer.
 */
export function withoutStack<Made extends Error>(create: () => Made): Made {
  const { stackTraceLimit } = Error;
  // The property is read-only where built-in objects are frozen.
  if (!Reflect.set(Error, "stackTraceLimit", 0)) return create();
  try {
    return create();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The options of an {@link HttpError}. */
export interface HttpErrorOptions {
  /** The code of the error. Default: the code of the status. */
  readonly code?: CoreErrorCode;
  /** The error behind this one. It is logged and never sent. */
  readonly cause?: unknown;
  /** Headers of the answer, such as `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The faults of a request that does not match its schema. */
  readonly issues?: readonly Issue[];
  /** Replaces the problem details in the answer: any value that a handler can return. */
  readonly body?: unknown;
}

const codesByStatus: Readonly<Record<number, CoreErrorCode>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  408: "REQUEST_TIMEOUT",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  426: "UPGRADE_REQUIRED",
  429: "TOO_MANY_REQUESTS",
  500: "INTERNAL_ERROR",
  503: "SERVICE_UNAVAILABLE",
};

/** Returns the code of a status. */
export function toErrorCode(status: number): CoreErrorCode {
  return codesByStatus[status] ?? "HTTP_ERROR";
}

/** An error with the status of its answer (400 to 599). The message of a 4xx is sent; the message of a 5xx is not. */
export class HttpError extends CoreError {
  /** The status of the answer, 400 to 599. */
  readonly status: number;
  /** Headers of the answer, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** The faults of a request that does not match its schema. */
  readonly issues: readonly Issue[] | undefined;
  /** Replaces the problem details in the answer, unless it is `undefined`. */
  readonly body: unknown;

  constructor(status: number, message: string, options: HttpErrorOptions = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new ArgumentError(
        `The status of an HttpError must be a whole number from 400 to 599, not ${status}.`,
      );
    }
    super(options.code ?? toErrorCode(status), message, options.cause);
    this.status = status;
    this.headers = options.headers;
    this.issues = options.issues;
    this.body = options.body;
  }
}

/** 400: the request is malformed. */
export class BadRequestError extends HttpError {
  constructor(message = "The request is malformed.", options?: HttpErrorOptions) {
    super(400, message, options);
  }
}

/** 401: the request has no valid session. */
export class UnauthorizedError extends HttpError {
  constructor(message = "A valid session is required.", options?: HttpErrorOptions) {
    super(401, message, options);
  }
}

/** 403: the session does not permit the request. */
export class ForbiddenError extends HttpError {
  constructor(message = "The session does not permit this.", options?: HttpErrorOptions) {
    super(403, message, options);
  }
}

/** 404: nothing exists at the path. */
export class NotFoundError extends HttpError {
  constructor(message = "Nothing is found at this path.", options?: HttpErrorOptions) {
    super(404, message, options);
  }
}

/** 405: the path exists, but not with this method. */
export class MethodNotAllowedError extends HttpError {
  constructor(message = "This path does not answer the method.", options?: HttpErrorOptions) {
    super(405, message, options);
  }
}

/** 408: the client stopped sending the body. */
export class RequestTimeoutError extends HttpError {
  constructor(message = "The body of the request did not arrive in time.", options?: HttpErrorOptions) {
    super(408, message, options);
  }
}

/** 409: the request contradicts the present state. */
export class ConflictError extends HttpError {
  constructor(message = "The request contradicts the present state.", options?: HttpErrorOptions) {
    super(409, message, options);
  }
}

/** 413: the body is over the limit. */
export class PayloadTooLargeError extends HttpError {
  constructor(message = "The body of the request is too large.", options?: HttpErrorOptions) {
    super(413, message, options);
  }
}

/** 415: the route does not read this media type. */
export class UnsupportedMediaTypeError extends HttpError {
  constructor(message = "The media type of the body is not supported.", options?: HttpErrorOptions) {
    super(415, message, options);
  }
}

/** 429: the client sent too many requests. */
export class TooManyRequestsError extends HttpError {
  constructor(message = "Too many requests.", options?: HttpErrorOptions) {
    super(429, message, options);
  }
}

/** 500: the answer of a handler does not match the response that its route declares. */
export class InvalidResponseError extends HttpError {
  constructor(message: string, cause?: unknown) {
    super(500, message, { code: "INVALID_RESPONSE", cause });
  }
}

/**
 * Makes an error with a status.
 *
 * @param status 400 to 599.
 * @param message Sent to the client when the status is below 500.
 * @param cause The error behind this one. It is logged and never sent.
 */
export function createError(status: number, message: string, cause?: unknown): HttpError {
  return new HttpError(status, message, { cause });
}
