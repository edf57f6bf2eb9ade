import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Request } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import {
  type MessageTrace,
  messageChannel,
  type RequestTrace,
  requestChannel,
  type StepTrace,
  stepChannel,
} from "./channels.js";

/** The options of `traceWithOpenTelemetry`. */
export interface OpenTelemetryOptions {
  /** Whether each middleware and handler gets a span as well. Default: false. */
  readonly steps?: boolean;
  /** Returns true for a request without a span, such as a health check. Default: none. */
  readonly ignore?: (req: Request) => boolean;
}

/** The message of @miqro/query about a statement, on the channel `miqro:query`. */
interface QueryTrace {
  readonly sql: string;
  readonly dialect: string;
  readonly database: string;
  readonly error: unknown;
}

const { tracingChannel } = process.getBuiltinModule("node:diagnostics_channel");

const headers: TextMapGetter<Request["headers"]> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[key],
};

// The names of the semantic conventions, which are stable for HTTP and for databases.
const systems: Readonly<Record<string, string>> = { pg: "postgresql" };

/**
 * Makes spans of OpenTelemetry for the requests, WebSocket messages and SQL statements of this process. A request
 * continues the trace of its `traceparent` header. Its span is the active one for all code that the handlers call.
 *
 * @returns An object that ends the tracing; `using` ends it, too.
 * @throws An `ArgumentError` for an unknown option, or an option of the wrong kind.
 */
export function traceWithOpenTelemetry(options: OpenTelemetryOptions = {}): Disposable {
  checkOptions<OpenTelemetryOptions>(options, "`traceWithOpenTelemetry`", {
    steps: kinds.flag,
    ignore: kinds.call,
  });
  const { steps = false, ignore } = options;
  const tracer = trace.getTracer("@miqro/core");
  const stops = [
    subscribe<RequestTrace>(requestChannel, {
      begin: (request) => (ignore?.(request.req) === true ? undefined : beginRequest(tracer, request)),
      end: endRequest,
    }),
    subscribe<MessageTrace>(messageChannel, {
      begin: ({ route, bytes }) =>
        tracer.startSpan(`message ${route}`, {
          kind: SpanKind.CONSUMER,
          attributes: { "http.route": route, "messaging.message.body.size": bytes },
        }),
      end: (span, { error }) => fail(span, error),
    }),
    subscribe<QueryTrace>(tracingChannel("miqro:query"), {
      begin: ({ sql, dialect, database }) => {
        const operation = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "query";
        return tracer.startSpan(`${operation} ${database}`, {
          kind: SpanKind.CLIENT,
          attributes: {
            "db.system.name": systems[dialect] ?? "sqlite",
            "db.namespace": database,
            "db.operation.name": operation,
            "db.query.text": sql,
          },
        });
      },
      end: (span, { error }) => fail(span, error),
    }),
  ];
  if (steps) {
    stops.push(
      subscribe<StepTrace>(stepChannel, {
        begin: ({ kind, name }) =>
          tracer.startSpan(`${kind} ${name || "anonymous"}`, { attributes: { "code.function.name": name } }),
        end: (span, { error }) => fail(span, error),
      }),
    );
  }
  return {
    [Symbol.dispose]() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

/** Turns the events of a channel into a span. */
interface SpanMaker<Trace> {
  begin(trace: Trace): Span | undefined;
  end(span: Span, trace: Trace): void;
}

/** A tracing channel, or its type if a package is not known. */
interface Channel {
  subscribe(listeners: object): void;
  unsubscribe(listeners: object): unknown;
}

function subscribe<Trace extends object>(channel: object, { begin, end }: SpanMaker<Trace>): () => void {
  const spans = new WeakMap<Trace, Span>();
  const finish = (message: Trace): void => {
    const span = spans.get(message);
    if (span === undefined) return;
    end(span, message);
    span.end();
  };
  const listeners = {
    start(message: Trace): void {
      const span = begin(message);
      if (span !== undefined) spans.set(message, span);
    },
    end(message: Trace): void {
      if ("isPending" in message && message.isPending === false) finish(message);
    },
    asyncEnd: finish,
  };
  (channel as Channel).subscribe(listeners);
  return () => void (channel as Channel).unsubscribe(listeners);
}

function beginRequest(tracer: Tracer, request: RequestTrace): Span {
  const { req, method } = request;
  const parent = propagation.extract(ROOT_CONTEXT, req.headers, headers);
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes: describeRequest(req) }, parent);
  const inside = trace.setSpan(parent, span);
  request.around = (serve) => context.with(inside, serve);
  return span;
}

function describeRequest(req: Request): Attributes {
  const agent = req.headers["user-agent"];
  const attributes: Attributes = {
    "http.request.method": req.method,
    "url.scheme": req.protocol,
    "url.path": req.pathname,
    "server.address": req.hostname,
    "client.address": req.ip,
    "network.protocol.version": req.httpVersion,
  };
  if (agent !== undefined) attributes["user_agent.original"] = agent;
  return attributes;
}

function endRequest(span: Span, { method, route, status, error }: RequestTrace): void {
  if (route !== undefined) {
    span.updateName(`${method} ${route}`);
    span.setAttribute("http.route", route);
  }
  if (status !== undefined) span.setAttribute("http.response.status_code", status);
  // An error that the client caused is not an error of the server.
  if (status === undefined ? error !== undefined : status >= 500) fail(span, error ?? `status ${status}`);
}

/** Records an error at a span, if there is an error. */
function fail(span: Span, error: unknown): void {
  if (error === undefined) return;
  const isError = error instanceof Error;
  if (isError) span.recordException(error);
  span.setAttribute("error.type", isError ? error.name : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: isError ? error.message : String(error) });
}
