import { checkKeys, checkOneOf } from "../builder/check-arguments.js";
import type { TransactionOptions } from "../driver/driver.js";
import { QueryArgumentError } from "../errors.js";
import { checkLockTimeout } from "./database-options.js";

const isolationLevels = ["read uncommitted", "read committed", "repeatable read", "serializable"] as const;

/** Checks the options of `transaction()`; `depth` says in how many transactions this one lies. */
export function checkTransactionOptions(options: TransactionOptions, depth = 0): TransactionOptions {
  checkKeys(options, ["isolation", "lockTimeout"], "option of transaction()");
  const { isolation, lockTimeout } = options;
  if (isolation !== undefined) {
    checkOneOf(isolation, isolationLevels, "isolation");
    if (depth > 0) {
      throw new QueryArgumentError(
        "isolation is for the outermost transaction; a transaction in it is a savepoint, which cannot have its own.",
      );
    }
  }
  if (lockTimeout !== undefined) checkLockTimeout(lockTimeout);
  return options;
}
