import type { Request, Response } from "../exchange/types.js";

/** Answers a request that has more fields. */
export type FieldHandler<Fields> = (req: Request & Fields, res: Response) => unknown;

type FieldHandlers<Fields> = FieldHandler<Fields> | readonly FieldHandler<Fields>[];
type Path = string | readonly string[];
type AddRoute<Fields> = <Self>(
  this: Self,
  path: Path,
  ...handlers: [FieldHandlers<Fields>, ...FieldHandlers<Fields>[]]
) => Self;

/** A router whose requests have the fields that plugins add. */
export interface FieldRoutes<Fields> {
  /** For types only. */
  readonly "miqro:fields"?: Fields;
  /** Adds middleware. */
  use<Self>(this: Self, handler: FieldHandler<Fields>, path?: Path | null): Self;
  /** Adds middleware at and below a path. */
  use<Self>(this: Self, path: Path, ...handlers: FieldHandler<Fields>[]): Self;
  /** Answers GET, and HEAD where nothing else does. */
  readonly get: AddRoute<Fields>;
  /** Answers POST. */
  readonly post: AddRoute<Fields>;
  /** Answers PUT. */
  readonly put: AddRoute<Fields>;
  /** Answers PATCH. */
  readonly patch: AddRoute<Fields>;
  /** Answers DELETE. */
  readonly delete: AddRoute<Fields>;
  /** Answers HEAD in place of the route for GET. */
  readonly head: AddRoute<Fields>;
  /** Answers OPTIONS. */
  readonly options: AddRoute<Fields>;
  /** Answers every method. */
  readonly all: AddRoute<Fields>;
}

/** The fields that plugins add to the requests of a router. */
export type FieldsOf<Scope> = Scope extends { readonly "miqro:fields"?: infer Fields } ? Fields : unknown;

/** A router after a plugin was registered at it: its handlers see the fields that the plugin adds. */
export type WithFields<Self, Added> = [Added] extends [never]
  ? Self
  : FieldRoutes<FieldsOf<Self> & Added> & Self;
