// Prevents a test from being skipped for want of a program that npm does not bring: this is the list of them, each a
// package of Debian, and `node scripts/debian-parts.ts --install` installs what is missing (as root, or with sudo).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Packages of Debian that tests need, with a program that each brings. */
export const debianParts: Readonly<Record<string, string>> = {
  "redis-server": "/usr/bin/redis-server",
  "nginx-light": "/usr/sbin/nginx",
  pgbouncer: "/usr/sbin/pgbouncer",
  iproute2: "/usr/sbin/ip",
  procps: "/usr/bin/ps",
  python3: "/usr/bin/python3",
};

/** The packages whose program is not there. */
export function missingDebianParts(): string[] {
  return Object.entries(debianParts).flatMap(([name, program]) => (existsSync(program) ? [] : [name]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingDebianParts();
  if (missing.length > 0 && process.argv.includes("--install")) install(missing);
  const left = missingDebianParts();
  if (left.length > 0) {
    console.error(`Tests that need them are skipped: apt-get install ${left.join(" ")}`);
    process.exitCode = 1;
  }
}

function install(names: readonly string[]): void {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const lock = ["-o", "DPkg::Lock::Timeout=300"];
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...names],
  ]) {
    const [command = "", ...rest] = [...sudo, "apt-get", ...lock, ...args];
    spawnSync(command, rest, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
}
