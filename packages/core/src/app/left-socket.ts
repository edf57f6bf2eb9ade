import { type BigIntStats, lstatSync, unlinkSync } from "node:fs";
import { connect } from "node:net";

/**
 * Removes the file of a Unix socket that a killed process has left behind. Nothing else removes it, and no process can
 * listen there meanwhile.
 *
 * @returns Whether the caller should listen again: false if a process listens there, or if the file is no socket.
 */
export async function removeLeftSocket(path: string): Promise<boolean> {
  const found = statSocket(path);
  if (found === undefined || (await isServed(path))) return false;
  const now = statSocket(path);
  // Another worker of the same cluster may have removed the file first, and may already listen there.
  if (now?.ino === found.ino && now.ctimeNs === found.ctimeNs) unlinkSync(path);
  return true;
}

function statSocket(path: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isSocket() ? stats : undefined;
  } catch {
    return undefined;
  }
}

// Other errors, such as a missing permission, do not mean that nobody listens.
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT"),
    );
  });
}
