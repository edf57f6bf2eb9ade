import { Boundary, type Piece, Segment } from "./piece.js";

/** The maximum length of a chunk, in characters. */
export const maxChunk = 65_536;

/** The position in a list of pieces. */
interface Frame {
  readonly pieces: Piece[];
  /** The HTML after the pieces. */
  readonly end: string;
  next: number;
  /** The number of characters of a long string that have been sent. */
  offset: number;
}

// Uses a stack instead of recursive calls, because async components can be nested to any depth.
/** Reads pieces in the order of the page, and releases the memory of pieces that were read. */
export class PieceCursor {
  /** The next piece, if its promise is still pending. */
  blocking: Segment | undefined;
  readonly #frames: Frame[] = [];

  /** True if all pieces were read. */
  get done(): boolean {
    return this.#frames.length === 0;
  }

  /** Inserts pieces and the HTML after them at the current position. */
  push(pieces: Piece[], end: string): void {
    this.#frames.push({ pieces, end, next: 0, offset: 0 });
  }

  clear(): void {
    this.#frames.length = 0;
  }

  /**
   * Returns the HTML that can be sent now, at most about one chunk.
   *
   * @param enter called for each boundary with the HTML so far; it returns the HTML of the boundary and pushes the
   *   pieces that follow
   */
  take(enter: (boundary: Boundary, before: string) => string): string {
    let html = "";
    this.blocking = undefined;
    while (html.length < maxChunk) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) break;
      const piece = frame.pieces[frame.next];
      if (typeof piece === "string") {
        html += cut(frame, piece, maxChunk - html.length);
        continue;
      }
      if (piece instanceof Segment && piece.pieces === undefined) this.blocking = piece;
      const waits = piece instanceof Boundary ? piece.place.inline && !piece.settled : this.blocking;
      if (waits) break;
      if (piece === undefined) {
        this.#frames.pop();
        html += frame.end;
        continue;
      }
      frame.pieces[frame.next++] = "";
      if (piece instanceof Boundary) html += enter(piece, html);
      else if (piece.pieces !== undefined) this.push(piece.pieces, "");
    }
    return html;
  }
}

/** Returns the part of a string that still fits into the chunk. */
function cut(frame: Frame, text: string, room: number): string {
  const { offset } = frame;
  let end = offset + room;
  if (end >= text.length) {
    frame.pieces[frame.next++] = "";
    frame.offset = 0;
    return text.slice(offset);
  }
  // Never splits a surrogate pair, because both halves must be encoded together.
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end++;
  frame.offset = end;
  return text.slice(offset, end);
}
