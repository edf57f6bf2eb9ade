// Prevents the tests of the pooler from being skipped where they must run: PgBouncer is no npm package, so CI, which may
// install what it likes, gets Debian's. Elsewhere the tests say what is missing.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Installs PgBouncer in CI unless it is there; throws where that does not work. */
export function installPgBouncer(): void {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const isThere =
    process.env.PGBOUNCER_PATH !== undefined ||
    folders.some((folder) => existsSync(join(folder, "pgbouncer")));
  if (isThere || process.env.CI !== "true") return;
  console.log("Installing PgBouncer (once) ...");
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "pgbouncer"]]) {
    execFileSync("apt-get", [...wait, ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  }
}
