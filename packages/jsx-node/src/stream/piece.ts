import type { JSXNode, SuspenseProps } from "@miqro/jsx";
import type { WriterPlace } from "../render/html-writer.js";

/** A piece of a page: what has been written, or what is still to come. */
export type Piece = string | Segment | Boundary;

/** What a promise is going to be. */
export class Segment {
  readonly place: WriterPlace;
  /** The boundary that it belongs to; none as long as it is in no page. */
  boundary: Boundary | undefined;
  /** What came and is not rendered yet, since nobody reads. */
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
  /** The boundary around it; none for the page, and as long as it is in no page. */
  parent: Boundary | undefined;
  pieces: Piece[] = [];
  /** How many of its parts are not rendered yet. */
  waiting = 0;
  failed = false;
  /** How much has been written for it. */
  size = 0;
  /** What its fallback was sent with. */
  id: string | undefined;

  constructor(props: SuspenseProps, place: WriterPlace) {
    this.props = props;
    this.place = place;
  }

  /** True when its children, or that they failed, is known. */
  get settled(): boolean {
    return this.failed || this.waiting === 0;
  }
}
