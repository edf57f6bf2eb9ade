let replacement = false;

/** Called in the spare: once it has its turn, there is a version to replace. */
export function markAsReplacement(): void {
  replacement = true;
}

/** Whether another version serves while this process starts, and goes on when this one fails. */
export function isReplacement(): boolean {
  return replacement;
}
