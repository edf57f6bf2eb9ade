/** A worker's report about the error that ends it. */
export interface ReportedFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** True if the worker called `reportFailure`, false for an uncaught error. */
  readonly deliberate: boolean;
}

/** The time that a worker has when it is replaced or stopped. */
export interface DrainRequest {
  /** Milliseconds until the process is killed. */
  readonly timeout: number;
  /** Milliseconds for which idle keep-alive connections stay open, since a request may be on its way. */
  readonly idle: number;
  /** Milliseconds for which requests are still accepted, while the health check answers that the process drains. */
  readonly delay: number;
  /** True if another worker has replaced it, false if the cluster ends. */
  readonly replaced: boolean;
}

/** A message from the primary to a worker. */
export type PrimaryMessage =
  | { readonly type: "turn"; readonly number: number }
  | ({ readonly type: "drain" } & DrainRequest)
  | { readonly type: "leave" }
  | { readonly type: "ping" }
  | { readonly type: "hub"; readonly message: unknown }
  | { readonly type: "reloaded"; readonly call: number; readonly failure?: string | undefined }
  | { readonly type: "payload"; readonly payload: unknown };

/** A message from a worker to the primary. */
export type WorkerMessage =
  | { readonly type: "hello" }
  | { readonly type: "ready" }
  | ({ readonly type: "failure" } & ReportedFailure)
  | { readonly type: "drained" }
  | { readonly type: "pong" }
  | { readonly type: "hub"; readonly message: unknown }
  | { readonly type: "reload"; readonly call: number }
  | { readonly type: "payload"; readonly payload: unknown };

const versionKey = "@miqro/runner";
const version = 1;

type Fields = Readonly<Record<string, unknown>>;

/** The form in which a message is sent: marked with the protocol's name and version. */
export function toEnvelope(message: PrimaryMessage | WorkerMessage): Record<string, unknown> {
  return { [versionKey]: version, ...message };
}

/** True for a message of this protocol, in any version. */
export function isMarked(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, versionKey);
}

/** Reads a message of the primary; `undefined` if it is from another program or version. */
export function readPrimaryMessage(value: unknown): PrimaryMessage | undefined {
  const fields = openEnvelope(value);
  switch (fields?.type) {
    case "turn":
      return isCount(fields.number) ? { type: "turn", number: fields.number } : undefined;
    case "drain": {
      const { timeout, idle, delay, replaced } = fields;
      if (!isCount(timeout) || !isCount(idle) || !isCount(delay)) return undefined;
      return { type: "drain", timeout, idle, delay, replaced: replaced === true };
    }
    case "reloaded": {
      const { call, failure } = fields;
      if (!isCount(call)) return undefined;
      return { type: "reloaded", call, failure: typeof failure === "string" ? failure : undefined };
    }
    case "leave":
    case "ping":
      return { type: fields.type };
    case "hub":
      return { type: "hub", message: fields.message };
    case "payload":
      return { type: "payload", payload: fields.payload };
    default:
      return undefined;
  }
}

/** Reads a message of a worker; `undefined` if it is from another program or version. */
export function readWorkerMessage(value: unknown): WorkerMessage | undefined {
  const fields = openEnvelope(value);
  switch (fields?.type) {
    case "hello":
      return { type: "hello" };
    case "ready":
      return { type: "ready" };
    case "failure": {
      const { name, message, stack, deliberate } = fields;
      if (typeof name !== "string" || typeof message !== "string" || typeof deliberate !== "boolean") {
        return undefined;
      }
      return {
        type: "failure",
        name,
        message,
        stack: typeof stack === "string" ? stack : undefined,
        deliberate,
      };
    }
    case "drained":
    case "pong":
      return { type: fields.type };
    case "reload":
      return isCount(fields.call) ? { type: "reload", call: fields.call } : undefined;
    case "hub":
      return { type: "hub", message: fields.message };
    case "payload":
      return { type: "payload", payload: fields.payload };
    default:
      return undefined;
  }
}

function openEnvelope(value: unknown): Fields | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Fields;
  return Object.hasOwn(fields, versionKey) && fields[versionKey] === version ? fields : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
