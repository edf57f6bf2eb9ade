/** Whether `--test-force-exit` waits for reporters. */
export function hasForceExit(): boolean {
  const [major = 0] = process.versions.node.split(".").map(Number);
  return major >= 24;
}
