import { flags } from "./flags.js";

/** The text of `--help`: at most 80 columns, grouped, with examples. */
export function helpText(): string {
  const lines = [
    "miqro: folders are services, services compose in order.",
    "",
    "Usage: miqro [flags]",
    "       miqro-cluster [flags]   the same in CLUSTER_COUNT workers",
    "",
    "Examples:",
    "  miqro --watch --service app/     develop, on http://localhost:8080",
    "  miqro --test --service app/      run its tests",
    "  tsc && miqro --no-build          serve what tsc wrote of what miqro.json lists",
  ];
  let title: string | undefined;
  for (const [name, { short, value, shown }] of Object.entries(flags)) {
    if (shown === undefined) continue;
    if (shown.group !== title) lines.push("", `${shown.group}:`);
    title = shown.group;
    const left = `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
    lines.push(`  ${left.padEnd(22)} ${shown.help}`);
  }
  lines.push(
    "",
    "Exit codes: 0 done, 10 wrong arguments, 20 a failed start or migration,",
    "30 tests that failed, 1 an exception that nothing caught.",
    "",
  );
  return lines.join("\n");
}
