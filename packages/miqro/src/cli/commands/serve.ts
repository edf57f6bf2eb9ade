import { once } from "node:events";
import { exitCodes } from "../../errors.js";
import { Miqro } from "../../lifecycle/miqro.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import { reportListening, reportWait } from "../report.js";

/** `miqro`: serves until a signal, or a handler's `req.server.stop()`, ends it. */
export async function serve(args: CommandArguments): Promise<number> {
  const settings = readSettings(args, process.env);
  if (args.watch) return (await import("./watch.js")).watch(settings);
  const started = performance.now();
  const miqro = new Miqro({ ...settings, onCompileWait: reportWait });
  const address = await miqro.start();
  reportListening(address, started);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), miqro.stopped()]);
  await miqro.stop();
  return exitCodes.ok;
}
