import { randomUUID } from "node:crypto";

/** Marks the positions in HTML at which content is inserted later. */
export interface Holes {
  /** Returns the mark for the part with this number. */
  mark(part: number): string;
  /** Splits HTML at its marks. The result alternates between strings of HTML and numbers of parts. */
  split(html: string): (string | number)[];
}

/** Makes the marks of one stream. They are random, so that text of a user can never contain a mark. */
export function createHoles(): Holes {
  // Created on first use, because most pages need no marks.
  let token = "";
  return {
    mark(part) {
      if (token === "") token = `\0${randomUUID()}:`;
      return `${token}${part}\0`;
    },
    split(html) {
      const [first = "", ...rest] = html.split(token);
      const pieces: (string | number)[] = [first];
      for (const piece of rest) {
        const end = piece.indexOf("\0");
        pieces.push(Number(piece.slice(0, end)), piece.slice(end + 1));
      }
      return pieces;
    },
  };
}
