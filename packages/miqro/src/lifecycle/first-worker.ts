import { ClusterCache } from "@miqro/runner/cache";
import { connectBackplane } from "@miqro/runner/relay";

let opened: Promise<ClusterCache> | undefined;

/**
 * The facts that the workers of this machine share about their starts. It lives in their primary, as long as that
 * does.
 */
function openStarts(): Promise<ClusterCache> {
  opened ??= open();
  return opened;
}

async function open(): Promise<ClusterCache> {
  // Only the machine: another one may run another version of the app, with other migrations.
  const backplane = await connectBackplane({ url: "ipc" });
  const starts = new ClusterCache("miqro:starts", { backplane });
  await starts.ready();
  return starts;
}

/** Tells the other workers that the databases are migrated and the `load` hooks have run. */
export async function reportPrepared(composition: string): Promise<void> {
  await (await openStarts()).set(composition, true);
}

/**
 * Resolves when worker 0 has said that it is prepared. In a reload it is replaced first, and has said so already.
 * @throws the reason of the signal when that is aborted
 */
export async function waitForFirstWorker(composition: string, signal: AbortSignal): Promise<void> {
  const starts = await openStarts();
  await new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (!signal.aborted && starts.get(composition) !== true) return;
      starts.off("change", check);
      signal.removeEventListener("abort", check);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    starts.on("change", check);
    signal.addEventListener("abort", check);
    check();
  });
}
