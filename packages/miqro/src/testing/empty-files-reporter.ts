import type { TestEvent } from "node:test/reporters";
import { errorMark } from "../cli/print-error.js";

/**
 * A reporter of `node:test` that fails the run if a test file has no test. Without it, a file whose tests were lost, for
 * example by a name that nothing calls, would count as a success. Each file is a suite, whose name is its path.
 */
export default async function* reportEmptyFiles(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Set<string>();
  let hasTest = false;
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.nesting > 0) hasTest ||= data.details.type !== "suite";
    else {
      if (!hasTest) files.add(data.name);
      hasTest = false;
    }
  }
  for (const file of files) {
    process.exitCode = 1;
    yield `${errorMark()} ${file}: it contains no test. Write one, such as it("adds", () => { ... }) of node:test, or remove the file.\n`;
  }
}
