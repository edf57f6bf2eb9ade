/** A suite runs its cases one after the other. */
export type Suite = () => AsyncIterable<Result>;

/** The outcome of one case. */
export interface Result {
  readonly title: string;
  /** What was done to come by the figures, such as the number of slices. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly targets?: readonly Target[];
}

/** What a case must show. */
export interface Target {
  readonly what: string;
  readonly figure: string;
  readonly isMet: boolean;
}

/** The case as text: a table in Markdown, and the targets under it. */
export function formatResult({ title, note, columns, rows, targets = [] }: Result): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, index) => (index === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [
    `\n## ${title}\n\n${note}\n`,
    line(columns),
    rule,
    ...rows.map(line),
    "",
    ...targets.map(({ what, figure, isMet }) => `- ${isMet ? "met" : "MISSED"}: ${what}: ${figure}`),
  ].join("\n");
}

/** A target that a figure must not exceed. */
export function atMost(what: string, limit: number, figure: number, unit = ""): Target {
  return {
    what: `${what}, at most ${limit}${unit}`,
    figure: figure.toFixed(2) + unit,
    isMet: figure <= limit,
  };
}

/** A target that a figure must reach. */
export function atLeast(what: string, limit: number, figure: number, unit = ""): Target {
  return {
    what: `${what}, at least ${limit}${unit}`,
    figure: figure.toFixed(2) + unit,
    isMet: figure >= limit,
  };
}
