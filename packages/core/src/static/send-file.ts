import { realpath } from "node:fs/promises";
import { NotFoundError } from "../errors.js";
import { kAnswered } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import { openFile } from "./open-file.js";
import { sendOpenFile } from "./send-open-file.js";

/** Sends the file at a path below a root, or rejects with a 404. The answer has been claimed. */
export async function sendFile(
  req: ServedRequest,
  res: ServedResponse,
  path: string,
  root: string,
): Promise<void> {
  try {
    const segments = path.split("/").filter((segment) => segment !== "");
    const found = await openFile(await realpath(root), segments);
    if (found === undefined || found === "folder") throw new NotFoundError();
    res[kAnswered] = false;
    await sendOpenFile(req, res, found, segments.at(-1) ?? "");
  } catch (error) {
    if (!res.headersSent) res[kAnswered] = false;
    throw error;
  }
}
