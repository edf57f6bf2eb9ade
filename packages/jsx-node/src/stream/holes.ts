import { randomUUID } from "node:crypto";

/** Marks positions in HTML whose content comes later. */
export interface Holes {
  /** The mark of a part in the HTML. */
  mark(part: number): string;
  /** Splits HTML at its marks: texts, and between them the numbers of parts. */
  split(html: string): (string | number)[];
}

/** Makes the marks of one stream. An author of text in the page cannot guess them. */
export function createHoles(): Holes {
  // Most pages wait for nothing, and need no marks.
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
