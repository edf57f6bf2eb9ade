import type { FlagGroup, Setting } from "../settings/setting.js";
import { settings } from "../settings/table.js";
import { type Flag, flags } from "./flags.js";

const examples: readonly (readonly [command: string, what: string])[] = [
  ["miqro --init app", "write a new app"],
  ["miqro --watch --service app/", "develop, on localhost:8080"],
  ["tsc --watch --preserveWatchOutput &", "or compile with tsc yourself"],
  ["miqro --no-build --watch --service app/", "and develop with its output"],
  ["miqro --no-build --service app/", "serve"],
  ["miqro --no-build", "serve the services of miqro.json"],
  ["miqro --no-build --inflate", "write a static site to inflated/"],
  ["miqro --test --service app/", "run the tests of a service"],
  ["CLUSTER_COUNT=4 miqro-cluster --no-build", "serve in four processes"],
  ["miqro index.js -l tcp://127.0.0.1:3000", "serve the function in a file"],
];

/** The text of `--help`: at most 80 columns, grouped, with examples. */
export function helpText(): string {
  const lines = [
    "miqro: serves folders as services, in the order of the flags.",
    "",
    "Usage: miqro [flags]",
    "       miqro-cluster [flags]          the same in CLUSTER_COUNT workers",
    "       miqro FILE [flags]             see miqro FILE --help",
    "",
    "Examples:",
    ...examples.map(([command, what]) => `  ${command.padEnd(41)} ${what}`),
  ];
  for (const [title, rows] of groups()) lines.push("", `${title}:`, ...rows);
  lines.push("", "Environment, in addition to the variables above:");
  for (const { env, flag, help = "", default: given } of Object.values<Setting>(settings)) {
    if (env === undefined || flag !== undefined) continue;
    lines.push(...row(env, given === undefined ? help : `${help} (default: ${given.text})`));
  }
  lines.push(
    ...row("LOG_LEVEL_POSTS_GET", "the level of the route GET /posts"),
    ...row("LOG_LEVEL_WORKER_0", "the level of worker 0"),
    "",
    "A flag wins over the environment, the environment over miqro.json, and",
    "miqro.json over the default.",
    "miqro --config-print prints the source of each setting.",
    "",
    "Exit codes: 0 done, 10 wrong arguments or config, 20 a failed start, migration",
    "or inflate, 30 failed tests, 1 an uncaught exception.",
    "",
  );
  return lines.join("\n");
}

/** The lines of the flags by the titles of their groups, commands first. */
function groups(): Map<FlagGroup, string[]> {
  const found = new Map<FlagGroup, string[]>();
  const shown = Object.entries(flags);
  const isCommand = ([, { setting }]: (typeof shown)[number]): boolean => setting === undefined;
  for (const [, flag] of shown) found.set(flag.shown.group, []);
  for (const [name, flag] of [...shown.filter(isCommand), ...shown.filter((one) => !isCommand(one))]) {
    found.get(flag.shown.group)?.push(...row(leftOf(name, flag), flag.shown.help));
  }
  return found;
}

/** A flag with the placeholder of its value. */
export function leftOf(name: string, { short, value, isOptional }: Flag): string {
  const long = `--${name}${value === undefined ? "" : isOptional === true ? `[=${value}]` : ` ${value}`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

/** A name and its text, which continues in further lines if it is long. */
export function row(left: string, text: string): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 51) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  const isWide = left.length > 24;
  const [first = "", ...more] = rows;
  const indent = " ".repeat(27);
  return isWide
    ? [`  ${left}`, ...rows.map((one) => indent + one)]
    : [`  ${left.padEnd(24)} ${first}`, ...more.map((one) => indent + one)];
}
