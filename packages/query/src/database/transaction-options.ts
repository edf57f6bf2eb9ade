import type { TransactionOptions } from "../driver/driver.js";
import { OptionIssues } from "../options/option-issues.js";
import { checkLockTimeout } from "./database-options.js";

const levels: readonly unknown[] = ["read uncommitted", "read committed", "repeatable read", "serializable"];

/** Checks the options of `transaction()`. `depth` is the number of outer transactions. */
export function checkTransactionOptions(options: TransactionOptions, depth = 0): TransactionOptions {
  const issues = new OptionIssues("transaction()");
  const { isolation, lockTimeout } = issues.read(options, "", "transaction()", ["isolation", "lockTimeout"]);
  const isLevel = issues.expect(
    isolation,
    levels.includes(isolation),
    "isolation",
    `one of ${levels.join(", ")}`,
  );
  if (isolation !== undefined && isLevel && depth > 0) {
    issues.add(
      "isolation",
      "isolation is only for the outermost transaction; leave it out, because a nested transaction is a savepoint without its own isolation.",
    );
  }
  checkLockTimeout(lockTimeout, issues);
  issues.throwIfAny();
  return options;
}
