import type { JSXNode, SuspenseProps } from "@miqro/jsx";
import type { WriterPlace } from "../render/html-writer.js";

/** A piece of a page: HTML, or content that is rendered later. */
export type Piece = string | Segment | Boundary;

/** A piece that contains the result of a promise. */
export class Segment {
  readonly place: WriterPlace;
  /** The boundary that contains it; undefined until it is added to one. */
  boundary: Boundary | undefined;
  /** The result, if it has arrived but is not rendered yet because the reader is slow. */
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
  /** The outer boundary; undefined for the page, and until the boundary is added to one. */
  parent: Boundary | undefined;
  pieces: Piece[] = [];
  /** The number of parts that are not rendered yet. */
  waiting = 0;
  failed = false;
  /** The number of characters of its rendered HTML. */
  size = 0;
  /** The id in the marks around its fallback; undefined if no fallback was sent. */
  id: string | undefined;

  constructor(props: SuspenseProps, place: WriterPlace) {
    this.props = props;
    this.place = place;
  }

  /** True if the children are ready or have failed. */
  get settled(): boolean {
    return this.failed || this.waiting === 0;
  }
}
