import type { Output } from "../editor/host.js";

const pause = 30;
const most = 5000;

/**
 * Copies the output of this process (stdout and stderr) and sends it in batches.
 * @param send - called with the output since the last call, at most every 30 ms
 */
export function captureOutput(send: (output: readonly Output[]) => void): void {
  let news: Output[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const output = news;
    news = [];
    if (output.length > 0) send(output);
  };
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: unknown[]): boolean => {
      const [chunk] = args;
      if (typeof chunk === "string" && chunk !== "") {
        news.push({ stream: name, text: chunk });
        // Keeps only the newest entries, because the editor does not keep more lines.
        if (news.length > 2 * most) news = news.slice(-most);
        timer ??= setTimeout(flush, pause).unref();
      }
      return write(...args);
    };
  }
  process.on("exit", flush);
}
