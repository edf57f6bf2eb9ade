/** What is asked of every contestant: a file of 4 kB, the same by a client that has it, and a path where nothing is. */
export const cases = ["file", "unchanged", "missing"] as const;
export type Case = (typeof cases)[number];

/** Starts a server of two folders, tried one after the other, on a free port. */
export type Start = (folders: readonly [string, string]) => Promise<number>;

export const fileName = "app.js";
export const content: string = "console.log(1234);\n".repeat(216).slice(0, 4096);
