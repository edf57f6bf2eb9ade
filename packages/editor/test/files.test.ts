import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { createFolder, movePath, Trash } from "../dist/files/change-files.js";
import { findProjectPath, type ProjectPath } from "../dist/files/project-path.js";
import { readProjectTree } from "../dist/files/project-tree.js";
import { readProjectFile } from "../dist/files/read-file.js";
import { writeProjectFile } from "../dist/files/write-file.js";
import { createProject, type Project } from "./support/project.js";

let project: Project;
beforeEach(async () => {
  project = await createProject({ "a.ts": "one\n" });
});
afterEach(() => project.remove());

const find = (path: string, follow?: boolean): Promise<ProjectPath> =>
  findProjectPath(project.path, path, follow);
const text = (path: string) => readFile(join(project.path, path), "utf8");
async function etagOf(path: string): Promise<string> {
  const content = await readProjectFile(await find(path));
  return content.kind === "text" ? content.etag : assert.fail(content.kind);
}

describe("readProjectFile", () => {
  const kinds: Readonly<Record<string, { content: string | Uint8Array; kind: string }>> = {
    "an empty file": { content: "", kind: "text" },
    "text with every line end and a byte order mark": { content: "\ufeffa\r\nb\nc\rd", kind: "text" },
    "text of 2 MB": { content: "x".repeat(2 * 1024 * 1024), kind: "text" },
    "a byte more": { content: "x".repeat(2 * 1024 * 1024 + 1), kind: "large" },
    "a picture": { content: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]), kind: "binary" },
    "Latin-1": { content: new Uint8Array([0x66, 0xfc, 0x72]), kind: "binary" },
    "UTF-16": { content: new Uint8Array([0xff, 0xfe, 0x61, 0]), kind: "binary" },
  };
  for (const [name, { content, kind }] of Object.entries(kinds)) {
    it(`takes ${name} for ${kind}`, async () => {
      await project.write({ "b.txt": content });
      const read = await readProjectFile(await find("b.txt"));
      assert.equal(read.kind, kind);
      assert.equal(read.size, Buffer.byteLength(content));
      if (read.kind === "text") assert.equal(read.text, content);
    });
  }

  it("refuses a private key whatever its name", async () => {
    await project.write({ "notes.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n" });
    await assert.rejects(readProjectFile(await find("notes.txt")), { status: 403 });
  });

  it("answers 404 for a folder, a pipe and what is not there", async () => {
    await mkdir(join(project.path, "folder"));
    if (process.platform !== "win32") await promisify(execFile)("mkfifo", [join(project.path, "pipe")]);
    for (const path of ["folder", "pipe", "nothing"]) {
      await assert.rejects(readProjectFile(await find(path)), { status: 404 }, path);
    }
  });
});

describe("writeProjectFile", () => {
  it("writes what was made from the present content, byte for byte", async () => {
    const content = "\ufeffa\r\nb\r\n\u{1f600}";
    await writeProjectFile(await find("a.ts"), content, await etagOf("a.ts"));
    assert.equal(await text("a.ts"), content);
  });

  it("tells the second of two that the first has written, and keeps the first", async () => {
    const tag = await etagOf("a.ts");
    const path = await find("a.ts");
    const results = await Promise.allSettled([
      writeProjectFile(path, "mine", tag),
      writeProjectFile(path, "yours", tag),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
    assert.equal(await text("a.ts"), "mine");
  });

  it("does not write over what came since, is gone, or is there already", async () => {
    const tag = await etagOf("a.ts");
    await project.write({ "a.ts": "theirs" });
    await assert.rejects(writeProjectFile(await find("a.ts"), "mine", tag), {
      status: 409,
      message: /another program/,
    });
    await assert.rejects(writeProjectFile(await find("gone.ts"), "mine", tag), {
      status: 409,
      message: /gone/,
    });
    await assert.rejects(writeProjectFile(await find("a.ts"), "mine", null), {
      status: 409,
      message: /already/,
    });
    assert.equal(await text("a.ts"), "theirs");
  });

  it("gives the name to a whole file, keeps the mode, and leaves nothing beside", async () => {
    const file = join(project.path, "a.ts");
    await chmod(file, 0o754);
    const before = await stat(file);
    await writeProjectFile(await find("a.ts"), "two", await etagOf("a.ts"));
    const after = await stat(file);
    assert.notEqual(after.ino, before.ino);
    assert.equal(after.mode & 0o777, 0o754);
    assert.deepEqual((await readdir(project.path)).sort(), ["a.ts", "node_modules", "package.json"]);
  });

  it("writes the file that a link leads to, and keeps the link", async () => {
    await symlink("a.ts", join(project.path, "link.ts"));
    await writeProjectFile(await find("link.ts"), "two", await etagOf("link.ts"));
    assert.equal(await text("a.ts"), "two");
    assert.equal(await text("link.ts"), "two");
    assert.deepEqual(
      (await readdir(project.path, { withFileTypes: true })).filter((one) => one.isSymbolicLink()).length,
      1,
    );
  });

  it("leaves the old text or the new one, and never a part, when the process is killed", async () => {
    const module = new URL("../dist/files/write-file.js", import.meta.url).href;
    const file = join(project.path, "a.ts");
    const program = `
      import { readETag } from ${JSON.stringify(new URL("../dist/files/read-file.js", import.meta.url).href)};
      import { writeProjectFile } from ${JSON.stringify(module)};
      const file = ${JSON.stringify(file)};
      for (let round = 0; ; round++) {
        const text = String.fromCharCode(97 + (round % 26)).repeat(1_500_000);
        await writeProjectFile({ path: "a.ts", file }, text, await readETag(file));
        if (round === 0) process.stdout.write("begun");
      }`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), async (delay) => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        await once(child.stdout, "data");
        await sleep(delay);
        child.kill("SIGKILL");
        await once(child, "exit");
        assert.match(await text("a.ts"), /^([a-z])\1{1499999}$/);
      }),
      { numRuns: 8 },
    );
  });

  it("makes the folders of a new file", async () => {
    await writeProjectFile(await find("x/y/z.ts"), "new", null);
    assert.equal(await text("x/y/z.ts"), "new");
  });

  it("refuses more than 2 MB", async () => {
    const large = "x".repeat(2 * 1024 * 1024 + 1);
    await assert.rejects(writeProjectFile(await find("b.ts"), large, null), { status: 413 });
  });
});

describe("Trash", () => {
  it("brings back files and whole folders", async () => {
    await project.write({ "x/y/z.ts": "deep" });
    const trash = new Trash(project.path);
    for (const path of ["a.ts", "x"]) {
      const id = await trash.remove(await find(path, false));
      await assert.rejects(stat(join(project.path, path)), { code: "ENOENT" });
      assert.equal(await trash.restore(id), path);
    }
    assert.equal(await text("a.ts"), "one\n");
    assert.equal(await text("x/y/z.ts"), "deep");
  });

  it("does not bring back over what is there again", async () => {
    const trash = new Trash(project.path);
    const id = await trash.remove(await find("a.ts", false));
    await project.write({ "a.ts": "new" });
    await assert.rejects(trash.restore(id), { status: 409 });
    assert.equal(await text("a.ts"), "new");
  });

  it("removes a link, and not what it leads to", async () => {
    await symlink("a.ts", join(project.path, "link.ts"));
    await new Trash(project.path).remove(await find("link.ts", false));
    assert.equal(await text("a.ts"), "one\n");
  });
});

describe("movePath", () => {
  it("renames and moves, with the folders on the way", async () => {
    await movePath(await find("a.ts", false), await find("x/b.ts", false));
    assert.equal(await text("x/b.ts"), "one\n");
  });

  it("does not move over what is there, into itself, or what is not there", async () => {
    await project.write({ "b.ts": "two", "x/y.ts": "" });
    await assert.rejects(movePath(await find("a.ts"), await find("b.ts")), { status: 409 });
    await assert.rejects(movePath(await find("x"), await find("x/y/z")), { status: 400 });
    await assert.rejects(movePath(await find("nothing"), await find("c.ts")), { status: 404 });
    await assert.rejects(createFolder(await find("x")), { status: 409 });
    assert.equal(await text("b.ts"), "two");
  });
});

describe("readProjectTree", () => {
  it("lists files and folders, and says what is locked", async () => {
    await project.write({
      ".git/config": "",
      ".env": "",
      "data.sqlite3": "",
      "app/x.ts": "",
      "app/.a.ts.0123abcd.tmp": "",
    });
    await symlink("/etc/hosts", join(project.path, "hosts"));
    await symlink(".", join(project.path, "app/circle"));
    await symlink("x.ts", join(project.path, "app/link.ts"));
    const { entries } = await readProjectTree(project.path);
    assert.deepEqual(
      [...entries].sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: ".env", locked: "secret" },
        { path: "a.ts" },
        { path: "app", folder: true },
        { path: "app/link.ts" },
        { path: "app/x.ts" },
        { path: "data.sqlite3", locked: "database" },
        { path: "hosts", locked: "outside" },
        { path: "package.json" },
      ],
    );
  });

  it("cuts what is too much", async () => {
    await mkdir(join(project.path, "many"));
    const names = Array.from({ length: 20_100 }, (_, index) => join(project.path, "many", `${index}.txt`));
    for (let at = 0; at < names.length; at += 500) {
      await Promise.all(names.slice(at, at + 500).map((name) => writeFile(name, "")));
    }
    const { entries, isCut } = await readProjectTree(project.path);
    assert.equal(entries.length, 20_000);
    assert.equal(isCut, true);
  });
});
