import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The time in seconds that a worker has after the end of its primary: first to report that it has noticed the end, then
// to finish.
const secondsToAnswer = 2;
const secondsToFinish = 10;

// Reads "+ PID" and "- PID" until its input ends. The input ends when the primary ends, for any reason.
const script = `
trap '' INT TERM HUP
pids=
while read -r sign pid; do
  rest=
  for known in $pids; do [ "$known" = "$pid" ] || rest="$rest $known"; done
  pids=$rest
  [ "$sign" = + ] && pids="$pids $pid"
done
seconds=0
while :; do
  rest=
  for pid in $pids; do
    kill -0 "$pid" 2>/dev/null || continue
    if [ $seconds -ge ${secondsToFinish} ] || { [ $seconds -ge ${secondsToAnswer} ] && [ -n "$1" ] && [ ! -e "$1/$pid" ]; }; then
      kill -KILL "$pid" 2>/dev/null
    else
      rest="$rest $pid"
    fi
  done
  pids=$rest
  [ -n "$pids" ] || break
  sleep 1
  seconds=$((seconds + 1))
done
[ -n "$1" ] && rm -rf "$1"
`;

/**
 * A small shell process that continues after its primary was killed. It kills the workers of that primary that do not
 * end by themselves: a worker in an endless loop cannot notice the end of its primary. On Windows the system ends the
 * workers with their primary. On a system without a shell there is no guard.
 */
export class OrphanGuard {
  /**
   * The folder in which a worker records that it has noticed the end of its primary; `undefined` if no folder can be
   * made.
   */
  readonly folder: string | undefined;
  readonly #shell: ChildProcess | undefined;

  constructor() {
    if (process.platform === "win32") return;
    this.folder = makeFolder();
    this.#shell = startShell(this.folder);
    this.#shell?.on("error", () => {});
    this.#shell?.stdin?.on("error", () => {});
    this.#shell?.unref();
    (this.#shell?.stdin as { unref?: () => void } | undefined)?.unref?.();
  }

  add(pid: number | undefined): void {
    if (pid !== undefined) this.#shell?.stdin?.write(`+ ${pid}\n`);
  }

  remove(pid: number | undefined): void {
    if (pid !== undefined) this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Ends the guard when no worker is left. Resolves when the guard has ended. */
  async dismiss(): Promise<void> {
    const shell = this.#shell;
    if (shell?.pid !== undefined && shell.exitCode === null && shell.signalCode === null) {
      const gone = new Promise((resolve) => shell.once("exit", resolve));
      shell.ref();
      shell.kill("SIGKILL");
      await gone;
    }
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

// Without memory for another process, Node.js throws. The cluster then runs without a guard.
function startShell(folder: string = ""): ChildProcess | undefined {
  try {
    return spawn("/bin/sh", ["-c", script, "miqro-runner-guard", folder], {
      stdio: ["pipe", "ignore", "ignore"],
    });
  } catch {
    return undefined;
  }
}

function makeFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), "miqro-runner-"));
  } catch {
    return undefined;
  }
}
