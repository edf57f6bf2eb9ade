import { randomUUID } from "node:crypto";

/** A piece of a page: what has been written, or the number of what is still to come. */
export type Piece = string | number;

/** Marks places in HTML where something is still to come. */
export interface Holes {
  /** What stands in the HTML for the next hole. */
  mark(id: number): string;
  /** Cuts HTML at its holes. */
  split(html: string): Piece[];
}

/** Makes the marks of one stream; nobody who writes text of the page can know them. */
export function createHoles(): Holes {
  const token = `\0${randomUUID()}:`;
  return {
    mark: (id) => `${token}${id}\0`,
    split(html) {
      const [first = "", ...rest] = html.split(token);
      const pieces: Piece[] = [first];
      for (const piece of rest) {
        const end = piece.indexOf("\0");
        pieces.push(Number(piece.slice(0, end)), piece.slice(end + 1));
      }
      return pieces;
    },
  };
}
