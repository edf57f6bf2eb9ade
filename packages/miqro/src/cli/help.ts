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
    "  miqro --no-build --inflate --service app/ write a static site to inflated/",
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
    "Exit codes: 0 done, 10 wrong arguments, 20 a failed start, migration or",
    "inflate, 1 an exception that nothing caught.",
    "",
  );
  return lines.join("\n");
}
