import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

/** A process of its own that runs a fixture; it is ended with the test. */
export function start(context: TestContext, fixture: string, ...args: string[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(`../fixtures/${fixture}.js`, import.meta.url)), args);
  context.after(() => child.kill());
  return child;
}

/** What a fixture says next; throws if it ends before it says anything. */
export async function hear(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const message = once(child, "message", ended).then(([said]) => said);
  const exit = once(child, "exit", ended).then(([code]) => {
    throw new Error(`the fixture ended with ${code} before it said anything`);
  });
  try {
    return await Promise.race([message, exit]);
  } finally {
    ended.abort();
    await Promise.allSettled([message, exit]);
  }
}
