import { loadServices } from "../documents/load-services.js";
import type { APIModel } from "../documents/model.js";
import { readModel } from "../documents/read-model.js";
import { readSettings } from "../settings/read-settings.js";
import type { CommandArguments } from "./arguments.js";
import { enableSourceMaps } from "./prepare-process.js";
import { reportHint, reportNotes, reportWait } from "./report.js";

/** The API of the services, from the declarations of their routes. */
export async function readAPI(args: CommandArguments, all: boolean): Promise<APIModel> {
  const { options, variables, notes } = readSettings(args, process.env);
  Object.assign(process.env, variables);
  reportNotes(notes);
  enableSourceMaps();
  return readModel(await loadServices({ ...options, onCompileWait: reportWait, onHint: reportHint }), all);
}
