import { exitCodes } from "../../errors.js";
import { Miqro } from "../../lifecycle/miqro.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import { enableSourceMaps } from "../prepare-process.js";
import { reportHint, reportNotes, reportWait } from "../report.js";

/** `miqro --migrate-up` and `--migrate-down`: changes the databases, and ends. */
export async function migrate(args: CommandArguments): Promise<number> {
  const { options, variables, notes } = readSettings(args, process.env);
  Object.assign(process.env, variables);
  reportNotes(notes);
  enableSourceMaps();
  const miqro = new Miqro({ ...options, onCompileWait: reportWait, onHint: reportHint });
  const states = await miqro.migrate(args.command === "migrate-up" ? "up" : "down");
  const applied = states.filter(({ state }) => state === "applied").length;
  const known = states.filter(({ state }) => state !== "missing").length;
  console.log(
    known === 0
      ? `There is no migration in ${options.services.join(" and ")}. A migration is a file such as migration/001_posts.ts.`
      : `${applied} of ${known} ${known === 1 ? "migration is" : "migrations are"} applied.`,
  );
  return exitCodes.ok;
}
