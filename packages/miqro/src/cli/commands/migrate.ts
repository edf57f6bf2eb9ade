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
  await miqro.migrate(args.command === "migrate-up" ? "up" : "down");
  return exitCodes.ok;
}
