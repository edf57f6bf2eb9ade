import type { JSXNode, SuspenseProps } from "@miqro/jsx";
import type { WriterPlace } from "../render/html-writer.js";

/** A piece of a page: written text, or content that comes later. */
export type Piece = string | Segment | Boundary;

/** The piece for the result of a promise. */
export class Segment {
  readonly place: WriterPlace;
  /** Its boundary; undefined while it is not in a page. */
  boundary: Boundary | undefined;
  /** The result that has arrived but is not rendered yet, since nobody reads. */
  parked: { readonly node: JSXNode } | undefined;
  pieces: Piece[] | undefined;

  constructor(place: WriterPlace) {
    this.place = place;
  }
}

/** A `Suspense`, or the page itself. */
export class Boundary {
  readonly props: SuspenseProps;
  readonly place: WriterPlace;
  /** The boundary around it; undefined for the page, and while it is not in a page. */
  parent: Boundary | undefined;
  pieces: Piece[] = [];
  /** How many of its parts are not rendered yet. */
  waiting = 0;
  failed = false;
  /** How many characters have been written for it. */
  size = 0;
  /** The marks that its fallback was sent with. */
  id: string | undefined;

  constructor(props: SuspenseProps, place: WriterPlace) {
    this.props = props;
    this.place = place;
  }

  /** True when its children are ready or have failed. */
  get settled(): boolean {
    return this.failed || this.waiting === 0;
  }
}
