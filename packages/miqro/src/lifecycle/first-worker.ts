import { ClusterCache } from "@miqro/runner/cache";
import { connectBackplane } from "@miqro/runner/relay";

let opened: Promise<ClusterCache> | undefined;

/**
 * The state of a start that the workers of this machine share. It is stored in the primary process of the machine, as
 * long as that process runs.
 */
function openStarts(): Promise<ClusterCache> {
  opened ??= open();
  return opened;
}

async function open(): Promise<ClusterCache> {
  // Other machines do not share it: they may run another version of the app, with other migrations.
  const backplane = await connectBackplane({ url: "ipc" });
  const starts = new ClusterCache("miqro:starts", { backplane });
  await starts.ready();
  return starts;
}

/** Informs the other workers that the databases are migrated and the `load` hooks have run. */
export async function reportPrepared(composition: string): Promise<void> {
  await (await openStarts()).set(composition, true);
}

/**
 * Resolves when worker 0 has reported this. In a reload, worker 0 is replaced first, so it has reported this already.
 * @throws the reason of the signal if it is aborted
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
