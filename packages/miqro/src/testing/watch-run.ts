import { afterEach, beforeEach } from "node:test";
import { exitCodes } from "../errors.js";
import { patience } from "../service/waiting.js";
import { hasForceExit } from "./force-exit.js";

/** How long the rest of an app may hold the process after the tests, in milliseconds. */
const grace = 1000;

/** Names each test that takes long: a promise that never settles would keep the run without a word. */
export function tellSlowTests(): void {
  const timers = new WeakMap<object, NodeJS.Timeout>();
  beforeEach((context) => {
    const seconds = patience / 1000;
    const tell = () => console.error(`The test "${context.name}" has not ended after ${seconds} seconds.`);
    timers.set(context, setTimeout(tell, patience).unref());
  });
  afterEach((context) => clearTimeout(timers.get(context)));
}

/** The end of a run of tests, whether they bring it about or not. */
export interface RunEnd {
  /** All tests have ended: so may the process, whatever an app has left, such as an interval. */
  done(): void;
}

/** Has a process fail that ends before its tests do, as by `process.exit()` in one of them. */
export function watchEnd(): RunEnd {
  let isDone = false;
  process.on("exit", () => {
    if (isDone) return;
    console.error(
      "miqro: The tests were ended before all of them had run: a test, or code that it calls, ended the process. Remove its process.exit().",
    );
    process.exitCode = exitCodes.tests;
  });
  return {
    done() {
      isDone = true;
      // Newer versions have --test-force-exit, which here loses what a reporter has yet to write.
      if (hasForceExit()) return;
      setTimeout(() => {
        process.emit("beforeExit", 0);
        setTimeout(() => process.exit(), grace);
      }, grace).unref();
    },
  };
}
