import { exitCodes } from "../../errors.js";
import { Miqro } from "../../lifecycle/miqro.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import { reportWait } from "../report.js";

/** `miqro --migrate-up` and `--migrate-down`: changes the databases, and ends. */
export async function migrate(args: CommandArguments): Promise<number> {
  const miqro = new Miqro({ ...readSettings(args, process.env), onCompileWait: reportWait });
  await miqro.migrate(args.command === "migrate-up" ? "up" : "down");
  return exitCodes.ok;
}
