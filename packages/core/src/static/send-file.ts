import { realpath } from "node:fs/promises";
import { NotFoundError } from "../errors.js";
import { kContract } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { SendFileOptions } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds } from "../options/kinds.js";
import { release } from "../reply/answer.js";
import { openFile } from "./open-file.js";
import { sendOpenFile } from "./send-open-file.js";

/** Sends the file at a path below a root, or rejects with a 404. The answer has been claimed. */
export async function sendFile(
  req: ServedRequest,
  res: ServedResponse,
  path: string,
  options: SendFileOptions,
): Promise<void> {
  try {
    checkOptions<SendFileOptions>(options ?? {}, "`sendFile`", { root: kinds.text }, (faults) => {
      if (options?.root === undefined)
        faults.add("root", "`sendFile` needs the `root` that files are under.");
    });
    // A query that names it twice gives a list, which is the client's doing.
    if (typeof path !== "string") throw new NotFoundError();
    res[kContract]?.checkRaw(Buffer.alloc(0), 200);
    const segments = path.split("/").filter((segment) => segment !== "");
    const found = await openFile(await realpath(options.root), segments);
    if (found === undefined || found === "folder") throw new NotFoundError();
    release(res);
    await sendOpenFile(req, res, found, segments.at(-1) ?? "");
  } catch (error) {
    release(res);
    throw error;
  }
}
