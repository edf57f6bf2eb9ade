import { realpath } from "node:fs/promises";
import { NotFoundError } from "../errors.js";
import { kContract } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { SendFileOptions } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { release } from "../reply/answer.js";
import { answerFile } from "./answer-file.js";
import { toContentType } from "./content-type.js";
import { FileStore } from "./file-store.js";

const sendFileKinds: OptionKinds<SendFileOptions> = { root: kinds.text, cacheControl: kinds.text };

// Most programs use few roots, but a program could compute them.
const mostRoots = 100;
const stores = new Map<string, FileStore>();

/** Sends the file at a path below a root, or rejects with a 404. The answer has been claimed before. */
export async function sendFile(
  req: ServedRequest,
  res: ServedResponse,
  path: string,
  options: SendFileOptions,
): Promise<void> {
  try {
    checkOptions<SendFileOptions>(options ?? {}, "`sendFile`", sendFileKinds, (faults) => {
      if (options?.root === undefined)
        faults.add("root", "`sendFile` needs the `root` that files are under.");
    });
    // A query that contains the name twice gives an array. This is a mistake of the client.
    if (typeof path !== "string") throw new NotFoundError();
    res[kContract]?.checkRaw(Buffer.alloc(0), 200);
    const store = await toStore(options.root);
    const segments = path.split("/").filter((segment) => segment !== "");
    const form = {
      type: toContentType(segments.at(-1) ?? ""),
      cacheControl: options.cacheControl ?? "no-cache",
    };
    for (let isSent = false; !isSent; ) {
      const file = await store.find(segments);
      if (file === undefined || file === "folder") throw new NotFoundError();
      release(res);
      isSent = await answerFile(req, res, store, file, form);
    }
  } catch (error) {
    release(res);
    throw error;
  }
}

// The store belongs to the real path, because a link can lead elsewhere after a deployment.
async function toStore(root: string): Promise<FileStore> {
  const real = await realpath(root);
  let store = stores.get(real);
  if (store === undefined) {
    if (stores.size >= mostRoots) stores.clear();
    store = new FileStore(real, () => false, 4 * 1024 * 1024);
    stores.set(real, store);
  }
  return store;
}
