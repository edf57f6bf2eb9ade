import { flags } from "./flags.js";

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

/** The lines of the flags, by the titles of their groups. */
function groups(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { short, value, shown }] of Object.entries(flags)) {
    if (shown === undefined) continue;
    const left = `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
    const line = `  ${left.padEnd(22)} ${shown.help}`;
    const lines = found.get(shown.group);
    if (lines === undefined) found.set(shown.group, [line]);
    else lines.push(line);
  }
  return found;
}
