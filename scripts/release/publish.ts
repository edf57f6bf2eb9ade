import { execFileSync, spawnSync } from "node:child_process";
import { inOrder, type WorkspacePackage } from "./workspace.ts";

/** Publishes what the registry does not have yet, each package after those that it needs. */
export function publish(root: string, packages: readonly WorkspacePackage[], isDry: boolean): void {
  for (const { manifest, folder } of inOrder(packages)) {
    const { name, version } = manifest;
    const args = ["publish", `./${folder}`, "--provenance", "--access", "public", "--ignore-scripts"];
    if (isDry) {
      console.log(`  ${name}@${version}: npm ${args.join(" ")}`);
      continue;
    }
    if (isPublished(name, version)) {
      console.log(`  ${name}@${version} is published already.`);
      continue;
    }
    execFileSync("npm", args, { cwd: root, stdio: "inherit" });
  }
}

/** Why nothing can be published from here; undefined where it can. */
export function whyNotPublish(packages: readonly WorkspacePackage[]): string | undefined {
  if (process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined) {
    return "Provenance needs a workflow of GitHub with the permission id-token: write. Run the workflow release, or add --dry-run.";
  }
  const bare = packages.find(({ manifest }) => manifest.repository === undefined);
  if (bare !== undefined) {
    return `${bare.folder}/package.json has no "repository", which provenance compares with the workflow's. Add it to every package.`;
  }
  return undefined;
}

function isPublished(name: string, version: string): boolean {
  const { status, stdout, stderr } = spawnSync("npm", ["view", `${name}@${version}`, "version", "--json"], {
    encoding: "utf8",
  });
  if (status === 0) return stdout.trim() !== "";
  if (stderr.includes("E404") || stdout.includes("E404")) return false;
  throw new Error(`The registry does not say whether ${name}@${version} is published: ${stderr.trim()}`);
}
