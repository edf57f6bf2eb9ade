import assert from "node:assert/strict";
import { chmod, chown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const services = ["--no-build", "--service", "app"];

interface Output {
  /** The arguments that write to a path. */
  readonly args: (path: string) => readonly string[];
  readonly env?: (path: string) => NodeJS.ProcessEnv;
  readonly isFolder?: true;
  readonly code: number;
  /** True if only a write shows that a file system takes no new files. */
  readonly asksNoDisk?: true;
}

const outputs: Readonly<Record<string, Output>> = {
  "--inflate-dir": {
    args: (path) => [...services, "--inflate", "--inflate-dir", path],
    isFolder: true,
    code: 10,
  },
  "--init": { args: (path) => ["--init", path], isFolder: true, code: 10 },
  "--generate-doc-out": {
    args: (path) => [...services, "--generate-doc", "--generate-doc-out", path],
    code: 10,
  },
  "--generate-client": { args: (path) => [...services, "--generate-client", `${path}.ts`], code: 10 },
  "--compile-out": { args: (path) => [...services, "--compile", "--compile-out", path], code: 20 },
  "--log-file": {
    args: (path) => [...services, "--port", "0", "--host", "127.0.0.1", "--log-file", path],
    code: 10,
    asksNoDisk: true,
  },
  JSX_TMP: {
    args: () => ["--service", "typed", "--migrate-up"],
    env: (path) => ({ JSX_TMP: path }),
    isFolder: true,
    code: 20,
  },
};

interface BadPath {
  readonly path: string;
  readonly says: RegExp;
  /** Set if only folders, or only files, cannot be written there. */
  readonly only?: "folder" | "file";
  readonly skip?: string | false;
  readonly disk?: true;
}

const isLinux = process.platform === "linux";
// Root may write everywhere, so root runs the commands as another user.
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const user = isRoot ? { uid: nobody, gid: nobody } : {};
const badPaths: Readonly<Record<string, BadPath>> = {
  "a file system without new files": {
    path: "/proc/x",
    says: /its file system takes no new files/,
    skip: !isLinux && "this system has no /proc",
    disk: true,
  },
  "a missing folder in it": {
    path: "/proc/x/y",
    says: /its file system takes no new files|there is no folder \/proc\/x|folder \/proc\/x does not exist/,
    skip: !isLinux && "this system has no /proc",
  },
  "a file": { path: "file", says: /it is a file/, only: "folder" },
  "a path below a file": { path: "file/x", says: /a part of its path is a file/ },
  "a folder": { path: "folder", says: /is a folder/, only: "file" },
  "a missing folder": { path: "none/x", says: /there is no folder none\.|none does not exist/, only: "file" },
  "a folder of which only others may write": {
    path: "locked/x",
    says: /this user has no permission/,
  },
};

describe("an option that names an output", () => {
  let project: Project;
  before(async () => {
    project = await createProject({
      "app/http/a.api.js": "export default (req, res) => res.json({ a: 1 });",
      "typed/migration/001_a.ts": "export default { up: async () => {}, down: async () => {} };",
      file: "kept",
    });
    await mkdir(join(project.path, "folder"));
    await mkdir(join(project.path, "folder.ts"));
    await mkdir(join(project.path, "locked"));
    await chmod(join(project.path, "locked"), 0o555);
    if (isRoot) await chown(project.path, nobody, nobody);
  });
  after(() => project.remove());

  for (const [option, { args, env, isFolder, code, asksNoDisk }] of Object.entries(outputs)) {
    for (const [what, { path, says, only, skip = false, disk }] of Object.entries(badPaths)) {
      if (only !== undefined && (only === "folder") !== (isFolder === true)) continue;
      if (disk === true && asksNoDisk === true) continue;
      it(`ends at once and tells the reason: ${option} is ${what}`, { skip, timeout: 30_000 }, async () => {
        const earlier = await readdir(project.path);
        const run = startProcess(process.execPath, [program, ...args(path)], {
          cwd: project.path,
          env: { ...process.env, ...env?.(path) },
          ...user,
        });
        assert.equal(await run.exited, code, run.output());
        assert.match(run.output(), says);
        assert.equal(run.output().trimEnd().split("\n").length, 1, run.output());
        assert.deepEqual(await readdir(project.path), earlier);
      });
    }
  }
});
