import type { Infer, ParserMode, Schema } from "@miqro/parser";
import type { BadRequestError } from "../errors.js";
import type {
  Handler,
  Middleware,
  Params,
  Query,
  ReplyHeaders,
  Request,
  Response,
} from "../exchange/types.js";
import type { SessionHandlerOptions } from "../session/types.js";

/** A part of a request: a schema, alternatives (the first that fits), `false` (must be absent) or `true` (unchecked). */
export type RequestPart = Schema | readonly Schema[] | boolean;

/** The requests that a route accepts. */
export interface RequestDeclaration {
  /** The headers, in any case. */
  readonly headers?: RequestPart | undefined;
  /** The query. Strings are converted to the types of the schema. */
  readonly query?: RequestPart | undefined;
  /** The parameters of the path. Strings are converted to the types of the schema. */
  readonly params?: RequestPart | undefined;
  /** The body. `JSONParser` reads it unless the route has another parser. */
  readonly body?: RequestPart | undefined;
  /**
   * The mode for headers that no schema names. Default `add_extra`, because clients always send headers that no route
   * names.
   */
  readonly headersMode?: ParserMode | undefined;
  /** The mode for fields that no schema names. Default `no_extra`: they are a fault. */
  readonly queryMode?: ParserMode | undefined;
  /** The mode for parameters that no schema names. Default `no_extra`: they are a fault. */
  readonly paramsMode?: ParserMode | undefined;
  /** The mode for fields that no schema names. Default `no_extra`: they are a fault. */
  readonly bodyMode?: ParserMode | undefined;
  /**
   * Decides who answers a request that does not match its schemas. `refuse` (the default) answers 400. `pass` calls the
   * handler with the error as `req.problem`, with the parts as they were sent, and with 400 as `res.statusCode`. So a
   * page can show its form again. With `pass`, GET and HEAD need no body.
   */
  readonly invalid?: "refuse" | "pass" | undefined;
}

/** The answers that a route gives. */
export interface ResponseDeclaration {
  /** The statuses of success. Another 2xx is an error of the handler. Default 200. */
  readonly status?: number | readonly number[] | undefined;
  /** For documents. */
  readonly headers?: Schema | undefined;
  /** Filters and checks the bodies of answers with the listed statuses. */
  readonly body?: Schema | readonly Schema[] | boolean | undefined;
}

/** The sessions that a route accepts. */
export interface Policy {
  /** The names of groups. An inner array means all of these groups. */
  readonly groups: readonly (string | readonly string[])[];
  /** Whether one entry is enough, or all are needed. Default `at_least_one`. */
  readonly groupPolicy?: "at_least_one" | "all" | undefined;
}

/** The declaration of a route, except its handler. */
export interface RouteOptions {
  /** For messages and documents. */
  readonly name?: string | undefined;
  /** For documents. */
  readonly description?: string | undefined;
  /** For documents. */
  readonly tags?: readonly string[] | undefined;
  /** A path or an array of paths. `null` means every path. Middleware without a path runs for every path too. */
  readonly path?: string | readonly string[] | null | undefined;
  /** Default `GET`. `"use"` is every method, and every path below `path`. */
  readonly method?: string | readonly string[] | undefined;
  /** The sessions that are accepted: 401 without a session, 403 without its groups. */
  readonly policy?: Policy | undefined;
  /** Finds the session of the request, before all other parts of the route. */
  readonly session?: SessionHandlerOptions | Middleware | undefined;
  /** Runs after the policy and before the validation. */
  readonly middleware?: Middleware | readonly Middleware[] | undefined;
  /** The accepted requests. Any other request gets 400. */
  readonly request?: RequestDeclaration | undefined;
  /** The declared answers. Any other answer is a 500 that is logged. */
  readonly response?: ResponseDeclaration | undefined;
  /** For documents. */
  readonly deprecated?: boolean | undefined;
}

/** The handler of an {@link APIRoute}. The type of its body is open. */
// biome-ignore lint/suspicious/noExplicitAny: the body of a route without inference is open by design
export type APIHandler = (req: Request & { body: any }, res: Response) => unknown;

/**
 * The handlers of `get`, `post` and similar methods: the last one answers, and the handlers before it are middleware.
 */
export type RouteHandler = Handler | readonly Handler[];

type InferPart<Part, Unchecked> = [Part] extends [false]
  ? undefined
  : Part extends boolean
    ? Unchecked
    : Part extends readonly (infer Alternative)[]
      ? Infer<Alternative>
      : Infer<Part>;

type TypedPart<Declaration, Key extends string, Unchecked> = Declaration extends {
  readonly [K in Key]: infer Part;
}
  ? { [K in Key]: InferPart<Part, Unchecked> }
  : unknown;

/**
 * A request whose parts have the types of the schemas in `Declaration`. If the handler also gets requests that do not
 * match (`invalid: "pass"`), `req.problem` is set for these requests.
 */
export type TypedRequest<Declaration> = Declaration extends { readonly invalid: "pass" }
  ? PassedRequest<Declaration>
  : FittingRequest<Declaration>;

type PassedRequest<Declaration> =
  | (Omit<FittingRequest<Declaration>, "problem" | "body"> & {
      problem: undefined;
      /** Undefined if the request has no body. */
      body: (FittingRequest<Declaration> extends { body: infer Body } ? Body : unknown) | undefined;
    })
  | (Request & { problem: BadRequestError });

type FittingRequest<Declaration> = Omit<
  Request,
  Extract<keyof Declaration, "body" | "query" | "params" | "headers">
> &
  TypedPart<Declaration, "body", unknown> &
  TypedPart<Declaration, "query", Query> &
  TypedPart<Declaration, "params", Params> &
  TypedPart<Declaration, "headers", Request["headers"]>;

/** A status of failure. Its body may have any form. */
export type ErrorStatus =
  | 400
  | 401
  | 402
  | 403
  | 404
  | 405
  | 406
  | 408
  | 409
  | 410
  | 411
  | 412
  | 413
  | 415
  | 416
  | 418
  | 422
  | 423
  | 424
  | 425
  | 426
  | 428
  | 429
  | 431
  | 451
  | 500
  | 501
  | 502
  | 503
  | 504
  | 507;

/** A response whose `json` takes the value that the body's schema describes. */
export type TypedResponse<Declaration> = Declaration extends { readonly body: infer Body }
  ? Body extends boolean
    ? Response
    : Omit<Response, "json"> & {
        json(body: InferPart<Body, unknown>, headers?: ReplyHeaders, status?: number): void;
        json(body: unknown, headers: ReplyHeaders | undefined, status: ErrorStatus): void;
      }
  : Response;

/** The argument of {@link defineRoute}. */
export interface TypedRoute<Accepts extends RequestDeclaration, Answers extends ResponseDeclaration>
  extends Omit<RouteOptions, "request" | "response"> {
  /** The accepted requests. They give `req` its types. */
  readonly request?: Accepts;
  /** The declared answers. They give `res.json` its type. */
  readonly response?: Answers;
  /** Answers the request, or returns the value to send. */
  readonly handler: (req: TypedRequest<Accepts>, res: TypedResponse<Answers>) => unknown;
}

/** One route, as `routes()` lists it. */
export interface RouteEntry {
  /** The method in capitals, or `ALL`. */
  readonly method: string;
  /** The path from the root, such as `/posts/:id`. */
  readonly path: string;
  /** The declaration of the route. */
  readonly options: RouteOptions;
}

/** The declaration of one route, for documents. */
export interface RouteJSONDoc
  extends Pick<
    RouteOptions,
    "name" | "description" | "tags" | "policy" | "request" | "response" | "deprecated"
  > {
  /** The identifier, such as `POSTS_ID_GET`. */
  readonly identifier: string;
}

/** The declarations of a router's routes: by path, then by method. */
export type RouterJSONDoc = Readonly<Record<string, Readonly<Record<string, readonly RouteJSONDoc[]>>>>;
