import { relative, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { exitCodes, MiqroError } from "../../errors.js";
import type { InflateOptions, InflateResult } from "../../inflate/inflate-options.js";
import { Miqro } from "../../lifecycle/miqro.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import type { EndSignals } from "../end-signals.js";
import { enableSourceMaps } from "../prepare-process.js";
import { shortenPaths } from "../print-error.js";
import { createProgress } from "../progress.js";
import { reportHint, reportNotes, reportWait } from "../report.js";

/** `miqro --inflate`: writes a static site, and ends. */
export async function inflate(args: CommandArguments, signals: EndSignals): Promise<number> {
  // A page needs memory for a short time only. V8 would enlarge its young generation for it, without saving time.
  setFlagsFromString("--semi-space-growth-factor=1");
  const settings = readSettings(args, process.env);
  const { options, inflate: inflateOptions, variables, notes } = settings;
  Object.assign(process.env, variables);
  reportNotes(notes);
  enableSourceMaps();
  const pack = args.inflateSEA
    ? await (await import("./compile.js")).readProgram(args, settings).pack()
    : undefined;
  const started = performance.now();
  const progress = createProgress("Inflating");
  const end = new AbortController();
  const ended = signals.first.then(() => {
    end.abort(new MiqroError("MIQRO_STATE", "The run was ended by a signal. Nothing is written."));
    throw end.signal.reason;
  });
  const miqro = new Miqro({ ...options, onCompileWait: reportWait, onHint: reportHint });
  try {
    const run = miqro.inflate({
      ...inflateOptions,
      signal: end.signal,
      onProgress: ({ done, total, path }) => progress.tell(done, total, path),
    });
    // A handler that never answers does not keep the process running.
    const result = await Promise.race([run, ended]);
    progress.end();
    report(result, inflateOptions, started);
    if (pack !== undefined) await writeSEA(inflateOptions, pack);
  } finally {
    progress.end();
  }
  return exitCodes.ok;
}

/** Beside the site, because the whole folder of the site may be published, and the server must not be. */
async function writeSEA({ inflateDir = "" }: InflateOptions, pack: Buffer): Promise<void> {
  const { writeSEAFolder } = await import("../../binary/build/sea-folder.js");
  const folder = relative(process.cwd(), `${resolve(inflateDir)}-sea`);
  writeSEAFolder(folder, pack);
  console.log(
    `Wrote ${folder}/. To make an executable, on the system that runs it: node ${folder}/build.cjs FILE`,
  );
}

function report(result: InflateResult, { inflateDir = "" }: InflateOptions, started: number): void {
  const { files, written, unchanged, removed, leftOut, notes, markdown } = result;
  for (const note of notes) console.error(shortenPaths(note));
  for (const { path, file, status } of leftOut) {
    console.log(`Left out: ${path}, which answers ${status} (${shortenPaths(file)}).`);
  }
  if (markdown.rendered + markdown.reused > 0) {
    console.log(`Markdown: ${markdown.rendered} rendered, ${markdown.reused} not changed.`);
  }
  const took = Math.round(performance.now() - started);
  const counts = `${written} written, ${unchanged} not changed, ${removed} removed`;
  const folder = relative(process.cwd(), inflateDir) || ".";
  console.log(`${count(files.size, "file")} in ${folder}/ (${counts}; ${took} ms)`);
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`;
}
