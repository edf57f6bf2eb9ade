/** A row of a table without declared columns. */
// biome-ignore lint/suspicious/noExplicitAny: the columns of an undeclared table are only known to the caller
export type Row = Record<string, any>;
