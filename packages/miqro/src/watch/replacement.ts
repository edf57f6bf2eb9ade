let replacement = false;

/** Called in the spare when it becomes the worker. Then there is a version to replace. */
export function markAsReplacement(): void {
  replacement = true;
}

/** Whether another version serves while this process starts, and continues if this process fails. */
export function isReplacement(): boolean {
  return replacement;
}
