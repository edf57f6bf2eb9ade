import type { Logger } from "@miqro/core";
import type { TestJSX } from "./test-jsx.js";
import type { TestRequest } from "./test-request.js";

/** The global `test` of files that `miqro --test` runs. */
export interface MiqroTest {
  /** Sends requests to the tested services. No port is needed. */
  readonly request: TestRequest;
  /** Pages without a browser, for tests of components. */
  readonly jsx: TestJSX;
  /** Resolves after this number of milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** Writes to the log as `TEST`. */
  readonly logger: Logger;
  /** The path of the Unix socket at which the services listen, for clients that accept a socket instead of a port. */
  readonly PORT: string;
}
