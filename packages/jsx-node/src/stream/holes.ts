import { randomUUID } from "node:crypto";

/** Marks places in HTML where something is still to come. */
export interface Holes {
  /** What stands in the HTML for a part. */
  mark(part: number): string;
  /** Cuts HTML at its holes: texts, and between them the numbers of parts. */
  split(html: string): (string | number)[];
}

/** Makes the marks of one stream; nobody who writes text of the page can know them. */
export function createHoles(): Holes {
  // Most pages wait for nothing, and need none.
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
