let isWarned = false;

/** Warns once per process that messages of another version of the package arrive and are ignored. */
export function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  process.emitWarning(
    "A message of another version of @miqro/runner was ignored; install the same version for all processes.",
    {
      code: "RUNNER_FOREIGN_MESSAGE",
    },
  );
}
