import { Boundary, type Piece, Segment } from "./piece.js";

/** The longest text that is sent as one chunk. */
export const maxChunk = 65_536;

/** The position in the pieces that are being sent. */
interface Frame {
  readonly pieces: Piece[];
  /** The text after the pieces. */
  readonly end: string;
  next: number;
  /** How many characters of a long text have been sent. */
  offset: number;
}

// A stack instead of recursive calls: async components can be nested to any depth.
/** Reads pieces in the order of the page, and releases those that it has passed. */
export class PieceCursor {
  /** The promise that the next text waits for. */
  blocking: Segment | undefined;
  readonly #frames: Frame[] = [];

  /** True at the end. */
  get done(): boolean {
    return this.#frames.length === 0;
  }

  /** Puts pieces, and a text after them, before everything that is still to be read. */
  push(pieces: Piece[], end: string): void {
    this.#frames.push({ pieces, end, next: 0, offset: 0 });
  }

  clear(): void {
    this.#frames.length = 0;
  }

  /**
   * Takes the text that can be sent now, at most about one chunk.
   *
   * @param enter gives the text for a boundary after the text so far, and pushes the pieces that follow
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

/** The part of a text that fits into the chunk. */
function cut(frame: Frame, text: string, room: number): string {
  const { offset } = frame;
  let end = offset + room;
  if (end >= text.length) {
    frame.pieces[frame.next++] = "";
    frame.offset = 0;
    return text.slice(offset);
  }
  // Both halves of a surrogate pair must be encoded together.
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end++;
  frame.offset = end;
  return text.slice(offset, end);
}
