const watched = new Set<NodeJS.WriteStream>();

/**
 * Writes to stdout or stderr. Their reader can go away, as `head` does or a log collector that is started anew, and the
 * disk under them can be full: lines are lost then, but the process must live.
 */
export function writeStandard(name: "stdout" | "stderr", text: string): void {
  const stream = process[name];
  if (!watched.has(stream)) {
    watched.add(stream);
    // Node ends a process for an error that nobody listens to.
    stream.on("error", (error: NodeJS.ErrnoException) => report(name, error));
  }
  if (stream.writable) stream.write(text);
}

let hasReported = false;

function report(name: "stdout" | "stderr", error: NodeJS.ErrnoException): void {
  if (name === "stderr" || error.code === "EPIPE" || hasReported) return;
  hasReported = true;
  writeStandard("stderr", `Lines of the log are lost, since stdout cannot be written: ${error.message}\n`);
}
