import { exitCodes, MiqroError } from "../../errors.js";
import type { CommandArguments } from "../arguments.js";
import { readAPI } from "../read-api.js";
import { reportWritten, writeOutput } from "../write-output.js";

/** `miqro --generate-client FILE`: writes a typed client of the API, and ends. */
export async function generateClient(args: CommandArguments): Promise<number> {
  const { commandValue: out = "" } = args;
  if (!/\.[mc]?ts$/.test(out) || /\.d\.[mc]?ts$/.test(out)) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
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
