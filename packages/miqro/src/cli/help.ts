import { type Flag, flags } from "./flags.js";

/** The text of `--help`: at most 80 columns, grouped, with examples. */
export function helpText(): string {
  const lines = [
    "miqro: folders are services, services compose in order.",
    "",
    "Usage: miqro --no-build [flags]",
    "       miqro-cluster --no-build [flags]   the same in CLUSTER_COUNT workers",
    "",
    "Examples:",
    "  tsc --watch --preserveWatchOutput &",
    "  miqro --no-build --watch --service app/   develop, on http://localhost:8080",
    "  miqro --no-build --service app/           serve",
    "  miqro --no-build                          serve what miqro.json lists",
  ];
  for (const [title, entries] of groups()) lines.push("", `${title}:`, ...entries);
  lines.push(
    "",
    "Exit codes: 0 done, 10 wrong arguments, 20 a failed start or migration,",
    "1 an exception that nothing caught.",
    "",
  );
  return lines.join("\n");
}

/** The lines of the flags by the titles of their groups, commands first. */
function groups(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const entries = Object.entries(flags);
  const isCommand = ([, { setting }]: (typeof entries)[number]): boolean => setting === undefined;
  const titles = [...new Set(entries.flatMap(([, { shown }]) => shown?.group ?? []))];
  for (const title of titles) {
    const some = entries.filter(([, { shown }]) => shown?.group === title);
    const sorted = [...some.filter(isCommand), ...some.filter((entry) => !isCommand(entry))];
    found.set(
      title,
      sorted.map(([name, flag]) => toLine(name, flag)),
    );
  }
  return found;
}

function toLine(name: string, { short, value, shown }: Flag): string {
  const left = `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
  return `  ${left.padEnd(24)} ${shown?.help}`;
}
