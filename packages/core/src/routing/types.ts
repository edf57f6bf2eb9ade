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

/** What a route accepts. */
export interface RequestDeclaration {
  /** The headers, in any case. */
  readonly headers?: RequestPart | undefined;
  /** The query; texts are turned into what the schema asks for. */
  readonly query?: RequestPart | undefined;
  /** The parameters of the path; texts are turned into what the schema asks for. */
  readonly params?: RequestPart | undefined;
  /** The body, which `JSONParser` reads unless the route has a parser of its own. */
  readonly body?: RequestPart | undefined;
  /** Default `add_extra`: a client always sends headers that no route names. */
  readonly headersMode?: ParserMode | undefined;
  /** What happens to fields that no schema names. Default `no_extra`: they are a fault. */
  readonly queryMode?: ParserMode | undefined;
  /** What happens to parameters that no schema names. Default `no_extra`: they are a fault. */
  readonly paramsMode?: ParserMode | undefined;
  /** What happens to fields that no schema names. Default `no_extra`: they are a fault. */
  readonly bodyMode?: ParserMode | undefined;
  /**
   * Who answers a request that does not fit. `refuse`, the default, answers 400. `pass` calls the handler with the error as
   * `req.problem`, the parts as they were sent, and 400 as `res.statusCode`: a page shows its form again. With `pass`, GET
   * and HEAD need no body.
   */
  readonly invalid?: "refuse" | "pass" | undefined;
}

/** What a route answers. */
export interface ResponseDeclaration {
  /** The statuses of success; another 2xx is a fault of the handler. Default 200. */
  readonly status?: number | readonly number[] | undefined;
  /** For documents. */
  readonly headers?: Schema | undefined;
  /** Filters and checks what is sent with the listed statuses. */
  readonly body?: Schema | readonly Schema[] | boolean | undefined;
}

/** Which sessions a route lets in. */
export interface Policy {
  /** Names of groups; an inner list means all of these. */
  readonly groups: readonly (string | readonly string[])[];
  /** Whether one entry is enough. Default `at_least_one`. */
  readonly groupPolicy?: "at_least_one" | "all" | undefined;
}

/** What a route can declare beside its handler. */
export interface RouteOptions {
  /** For messages and documents. */
  readonly name?: string | undefined;
  /** For documents. */
  readonly description?: string | undefined;
  /** For documents. */
  readonly tags?: readonly string[] | undefined;
  /** `null` stands for every path; left out, middleware has every path too. */
  readonly path?: string | readonly string[] | null | undefined;
  /** Default `GET`. `"use"` is every method, and every path below `path`. */
  readonly method?: string | readonly string[] | undefined;
  /** Which sessions are let in: 401 without one, 403 without its groups. */
  readonly policy?: Policy | undefined;
  /** Finds out who is asking, before everything else of the route. */
  readonly session?: SessionHandlerOptions | Middleware | undefined;
  /** Runs after the policy and before the validation. */
  readonly middleware?: Middleware | readonly Middleware[] | undefined;
  /** What is accepted; anything else answers 400. */
  readonly request?: RequestDeclaration | undefined;
  /** What is answered; anything else is a 500 that is logged. */
  readonly response?: ResponseDeclaration | undefined;
  /** For documents. */
  readonly deprecated?: boolean | undefined;
}

/** The handler of an {@link APIRoute}: the body of its request is open. */
// biome-ignore lint/suspicious/noExplicitAny: the body of a route without inference is open by design
export type APIHandler = (req: Request & { body: any }, res: Response) => unknown;

/** What `get`, `post` and the others take: the last one answers, those before it are middleware. */
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
 * A request whose parts have the types of the schemas in `Declaration`. Where its handler gets requests that do not fit
 * too (`invalid: "pass"`), `req.problem` tells them apart.
 */
export type TypedRequest<Declaration> = Declaration extends { readonly invalid: "pass" }
  ? PassedRequest<Declaration>
  : FittingRequest<Declaration>;

type PassedRequest<Declaration> =
  | (Omit<FittingRequest<Declaration>, "problem" | "body"> & {
      problem: undefined;
      /** Undefined where none was sent. */
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

/** A status of failure: its body is free. */
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

/** A response whose `json` takes what the schema of the response's body describes. */
export type TypedResponse<Declaration> = Declaration extends { readonly body: infer Body }
  ? Body extends boolean
    ? Response
    : Omit<Response, "json"> & {
        json(body: InferPart<Body, unknown>, headers?: ReplyHeaders, status?: number): void;
        json(body: unknown, headers: ReplyHeaders | undefined, status: ErrorStatus): void;
      }
  : Response;

/** What {@link defineRoute} takes. */
export interface TypedRoute<Accepts extends RequestDeclaration, Answers extends ResponseDeclaration>
  extends Omit<RouteOptions, "request" | "response"> {
  /** What is accepted; gives `req` its types. */
  readonly request?: Accepts;
  /** What is answered; gives `res.json` its type. */
  readonly response?: Answers;
  /** Answers the request, or returns what is to be sent. */
  readonly handler: (req: TypedRequest<Accepts>, res: TypedResponse<Answers>) => unknown;
}

/** One route, as `routes()` lists it. */
export interface RouteEntry {
  /** In capitals, or `ALL`. */
  readonly method: string;
  /** From the root, such as `/posts/:id`. */
  readonly path: string;
  /** What was declared for it. */
  readonly options: RouteOptions;
}

/** What is declared for one route, for documents. */
export interface RouteJSONDoc
  extends Pick<
    RouteOptions,
    "name" | "description" | "tags" | "policy" | "request" | "response" | "deprecated"
  > {
  /** Such as `POSTS_ID_GET`. */
  readonly identifier: string;
}

/** What is declared for the routes of a router: by path, then by method. */
export type RouterJSONDoc = Readonly<Record<string, Readonly<Record<string, readonly RouteJSONDoc[]>>>>;
