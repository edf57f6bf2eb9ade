import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { median } from "../lib/median.ts";
import { atMost, type Result } from "../lib/result.ts";

const rounds = Number(process.env.SLICES ?? 15);
const pages = 500;
const sections = 30;
const bare = fileURLToPath(new URL("./inflate/bare.mjs", import.meta.url));
const installed = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const peers = fileURLToPath(new URL("../node_modules/", import.meta.url));

/** A program that makes a site of the Markdown files of a project. */
interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** The folders that are removed before each run. */
  readonly clears: readonly string[];
  /** The folder with its pages. */
  readonly output: string;
  readonly times: number[];
}

/** Makes a site of 500 Markdown pages, each program in a process of its own, in turn. */
export default async function* inflate(): AsyncGenerator<Result> {
  const project = await createProject();
  try {
    const cache = "node_modules/.cache";
    const miqro = [join(installed, "miqro/bin/miqro.js"), "--no-build", "--inflate", "--service", "app"];
    const eleventy = [
      join(peers, "@11ty/eleventy/cmd.cjs"),
      "--quiet",
      "--input=content",
      "--config=eleventy.config.mjs",
    ];
    const programs: Program[] = [
      {
        name: "bare",
        args: [bare, "app/http", "out/bare"],
        clears: ["out/bare"],
        output: "out/bare",
        times: [],
      },
      {
        name: "bare-again",
        args: [bare, "app/http", "out/again"],
        clears: ["out/again"],
        output: "out/again",
        times: [],
      },
      {
        name: "miqro",
        args: [...miqro, "--inflate-dir", "out/miqro"],
        clears: ["out/miqro", cache],
        output: "out/miqro/app/static",
        times: [],
      },
      // Behind the one above, so that nothing has changed since.
      {
        name: "miqro, second run",
        args: [...miqro, "--inflate-dir", "out/miqro"],
        clears: [],
        output: "out/miqro/app/static",
        times: [],
      },
      {
        name: "eleventy",
        args: [...eleventy, "--output=out/eleventy"],
        clears: ["out/eleventy"],
        output: "out/eleventy",
        times: [],
      },
    ];
    for (let round = 0; round < rounds + 1; round++) {
      for (const program of programs) {
        const time = await run(program, project);
        if (round > 0) program.times.push(time);
      }
    }
    for (const { name, output } of programs) {
      const found = (await readdir(join(project, output), { recursive: true })).filter((one) =>
        one.endsWith(".html"),
      );
      if (found.length < pages) throw new Error(`${name} made ${found.length} pages of ${pages}.`);
    }
    yield toResult(programs);
  } finally {
    await rm(project, { recursive: true });
  }
}

function toResult(programs: readonly Program[]): Result {
  const first = programs[0]?.times ?? [];
  const ratio = (name: string): number => {
    const { times = [] } = programs.find((program) => program.name === name) ?? {};
    return median(times.map((time, index) => time / (first[index] ?? Number.NaN)));
  };
  return {
    title: `${pages} pages of Markdown of 8 kB, a process each`,
    note: `Medians of ${rounds} runs of each, in turn, on the clock. bare is a loop over marked that reads and writes files. miqro makes two files of each page, follows the links, and renders in a thread of its own. eleventy is told to take no template engine for Markdown.`,
    columns: ["program", "ms", "of bare"],
    rows: programs.map(({ name, times }) => [name, median(times).toFixed(0), ratio(name).toFixed(2)]),
    targets: [
      atMost("miqro, of bare", 1.5, ratio("miqro")),
      atMost("miqro, of eleventy", 1, ratio("miqro") / ratio("eleventy")),
    ],
  };
}

async function run({ name, args, clears }: Program, project: string): Promise<number> {
  for (const path of clears) await rm(join(project, path), { recursive: true, force: true });
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  const [[code], errors] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  const time = performance.now() - started;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${errors}`);
  return time;
}

async function createProject(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "miqro-inflate-"));
  await mkdir(join(project, "node_modules"));
  for (const name of ["miqro", "@miqro", "marked"]) {
    await symlink(join(installed, name), join(project, "node_modules", name));
  }
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  await writeFile(
    join(project, "eleventy.config.mjs"),
    "export default () => ({ markdownTemplateEngine: false });\n",
  );
  await mkdir(join(project, "app/http"), { recursive: true });
  await mkdir(join(project, "content"));
  for (let index = 0; index < pages; index++) {
    await writeFile(join(project, `app/http/page-${index}.html.md`), toPage(index));
    await writeFile(join(project, `content/page-${index}.md`), toPage(index));
  }
  return project;
}

/** Documentation as it is written: paragraphs, links, lists, code and tables. */
function toPage(index: number): string {
  const link = (other: number) => `[page ${other % pages}](/page-${other % pages})`;
  const parts = [`# Page ${index}\n\nIt has **bold**, _emphasis_, \`code\` and ${link(index + 1)}.\n`];
  for (let section = 0; section < sections; section++) {
    parts.push(
      `## Section ${section}\n\nParagraph ${section} of page ${index} has some words that go on for a while, ${link(index * 7 + section)} and **more**.\n`,
      "- one item with `code`\n- another item\n- a third one\n",
      `\`\`\`ts\nconst x${section} = ${index};\nconsole.log(x${section} < 3 && "yes");\n\`\`\`\n`,
      `| a | b |\n| - | - |\n| ${section} | ${index} |\n`,
    );
  }
  return parts.join("\n");
}
