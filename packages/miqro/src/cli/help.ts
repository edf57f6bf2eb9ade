import { flagGroups } from "./flags.js";

/** The text of `--help`: at most 80 columns, grouped, with examples. */
export function helpText(): string {
  const lines = [
    "miqro: folders are services, services compose in order.",
    "",
    "Usage: miqro --no-build [flags]",
    "",
    "Examples:",
    "  tsc --watch &",
    "  miqro --no-build --watch --service app/   develop, on http://localhost:8080",
    "  miqro --no-build --service app/           serve",
    "  miqro --no-build                          serve what miqro.json lists",
  ];
  for (const { title, flags } of flagGroups) {
    const shown = Object.entries(flags).filter(([, flag]) => flag.help !== undefined);
    if (shown.length === 0) continue;
    lines.push("", `${title}:`);
    for (const [name, flag] of shown) {
      const short = flag.short === undefined ? "" : `-${flag.short}, `;
      const value = flag.value === undefined ? "" : ` ${flag.value}`;
      lines.push(`  ${`${short}--${name}${value}`.padEnd(22)} ${flag.help}`);
    }
  }
  lines.push("", "Exit codes: 0 done, 10 wrong arguments, 20 a failed start or migration.", "");
  return lines.join("\n");
}
