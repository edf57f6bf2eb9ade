let isWarned = false;

/** Tells, once for the process, that messages of another version of the package come in and are ignored. */
export function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  process.emitWarning("A message of another version of @miqro/runner was ignored.", {
    code: "RUNNER_FOREIGN_MESSAGE",
  });
}
