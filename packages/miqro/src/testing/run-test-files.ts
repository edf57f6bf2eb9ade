import { relative } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Logger } from "@miqro/core";
import { MiqroError } from "../errors.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { LoadFailure } from "../service/load-module.js";
import { projectCalls } from "../service/read-position.js";
import type { ServiceFile } from "../service/scan-service.js";
import type { MiqroTest } from "./test-global.js";
import { testJSX } from "./test-jsx.js";
import { createTestRequest } from "./test-request.js";
import { startForTests } from "./test-server.js";
import { tellSlowTests, watchEnd } from "./watch-run.js";

/**
 * Runs the test files of services in this process, against the services themselves. The reporter, and other options of
 * `node:test`, are flags of the process.
 * @throws {StartError} with all errors of the services
 */
export async function runTestFiles(options: MiqroOptions): Promise<void> {
  const started = await startForTests(options, undefined);
  const { tests } = started;
  if (tests.length === 0) {
    await started.stop();
    const services = [options.services].flat().join(" and ");
    throw new MiqroError(
      "MIQRO_TEST",
      `There is no test in ${services}. A test is a file such as test/posts.test.ts.`,
    );
  }
  const socketPath = String(started.address);
  const helper: MiqroTest = {
    request: createTestRequest({ socketPath }),
    jsx: testJSX,
    sleep: (milliseconds) => sleep(milliseconds),
    logger: new Logger("TEST"),
    PORT: socketPath,
  };
  Object.assign(globalThis, { test: helper });
  tellSlowTests();
  const end = watchEnd();
  endAfter(tests, () => started.stop().finally(end.done));
}

/** Each file has its own suite, so that its hooks run only for its tests. The last suite ends the services. */
function endAfter(tests: readonly ServiceFile[], stop: () => Promise<void>): void {
  // Node.js 20 ends the root before suites that load something. Newer versions run no hook of a suite without a test.
  const [major = 0] = process.versions.node.split(".").map(Number);
  const isCounted = major < 22;
  let left = tests.length;
  if (!isCounted) after(stop);
  for (const { file, source } of tests) {
    const name = relative(process.cwd(), source);
    void describe(name, async () => {
      try {
        await import(pathToFileURL(file).href);
      } catch (error) {
        it("loads", () => {
          throw toLoadError(error, { source, file });
        });
      }
      if (!isCounted) return;
      after(async () => {
        left--;
        if (left === 0) await stop();
      });
    });
  }
}

/** An error of an import has no call of the test file. The stack of Node.js's loader says nothing about the tests. */
function toLoadError(error: unknown, file: ServiceFile): unknown {
  if (error instanceof Error && projectCalls(error.stack ?? "").length > 0) return error;
  const { message } = new LoadFailure(file, error);
  return Object.assign(new Error(message), { stack: message });
}
