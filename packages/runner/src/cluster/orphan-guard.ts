import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// How many seconds a worker has after the end of its primary: to answer that it knows of it, and to finish.
const secondsToAnswer = 2;
const secondsToFinish = 10;

// Reads "+ PID" and "- PID" until its input ends, which is when the primary does, however that came about.
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
 * A small process of the system's shell that outlives a primary which was killed, and kills those of its workers that
 * do not end by themselves. A worker in an endless loop cannot notice the end of its primary. On Windows the system
 * ends the workers with their primary, and where there is no shell, nothing guards.
 */
export class OrphanGuard {
  /** Where a worker answers that it knows of the end of its primary; `undefined` where nothing can be written. */
  readonly folder: string | undefined;
  readonly #shell: ChildProcess | undefined;

  constructor() {
    if (process.platform === "win32") return;
    this.folder = makeFolder();
    this.#shell = spawn("/bin/sh", ["-c", script, "miqro-runner-guard", this.folder ?? ""], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
    (this.#shell.stdin as { unref?: () => void } | null)?.unref?.();
  }

  add(pid: number | undefined): void {
    if (pid !== undefined) this.#shell?.stdin?.write(`+ ${pid}\n`);
  }

  remove(pid: number | undefined): void {
    if (pid !== undefined) this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Ends the guard when no worker is left; resolves when it is gone. */
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

function makeFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), "miqro-runner-"));
  } catch {
    return undefined;
  }
}
