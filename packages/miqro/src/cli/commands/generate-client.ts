import { loadServices } from "../../documents/load-services.js";
import type { APIModel } from "../../documents/model.js";
import { readModel } from "../../documents/read-model.js";
import { exitCodes, MiqroError } from "../../errors.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import { enableSourceMaps } from "../prepare-process.js";
import { reportHint, reportNotes, reportWait } from "../report.js";
import { reportWritten, writeOutput } from "../write-output.js";

/** `miqro --generate-client FILE`: writes a typed client of the API, and ends. */
export async function generateClient(args: CommandArguments): Promise<number> {
  const { commandValue: out = "" } = args;
  if (!/\.[mc]?ts$/.test(out) || /\.d\.[mc]?ts$/.test(out)) {
    throw new MiqroError(
      "ERR_ARGUMENT",
      `--generate-client writes TypeScript, but got "${out}". Name a file such as client.ts.`,
    );
  }
  const [model, { writeClient }] = await Promise.all([
    readAPI(args, false),
    import("../../documents/client/write-client.js"),
  ]);
  writeOutput(out, writeClient(model));
  reportWritten(out, model);
  return exitCodes.ok;
}

/** What the services answer, by what their routes declare. */
export async function readAPI(args: CommandArguments, all: boolean): Promise<APIModel> {
  const { options, variables, notes } = readSettings(args, process.env);
  Object.assign(process.env, variables);
  reportNotes(notes);
  enableSourceMaps();
  return readModel(await loadServices({ ...options, onCompileWait: reportWait, onHint: reportHint }), all);
}
