import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { whyForbidden } from "../dist/files/forbidden-names.js";
import { findProjectPath } from "../dist/files/project-path.js";
import { createProject, type Project } from "./support/project.js";

let project: Project;
let outside: Project;
before(async () => {
  outside = await createProject({ "secret.txt": "secret", "folder/inner.txt": "secret" });
  project = await createProject({
    "app/http/a.api.ts": "",
    "app/ünïcode.txt": "",
    ".git/config": "",
    "data.sqlite3": "",
    ".env": "",
  });
  const { path } = project;
  await mkdir(join(path, "links"));
  await symlink(join(outside.path, "secret.txt"), join(path, "links/out.txt"));
  await symlink(join(outside.path, "folder"), join(path, "links/out"));
  await symlink(join(path, ".git"), join(path, "links/git"));
  await symlink(join(path, ".env"), join(path, "links/env.txt"));
  await symlink(join(path, "app/http/a.api.ts"), join(path, "links/in.ts"));
  await symlink("loop", join(path, "links/loop"));
  await symlink(join(outside.path, "later"), join(path, "links/dangling"));
});
after(async () => {
  await project.remove();
  await outside.remove();
});

describe("findProjectPath", () => {
  const taken = [
    "app/http/a.api.ts",
    "app/ünïcode.txt",
    "new.ts",
    "a/b/c/new.ts",
    "..a/b..",
    "...",
    "links/in.ts",
  ];
  for (const path of taken) {
    it(`takes ${path}`, async () => {
      const { file } = await findProjectPath(project.path, path);
      assert.ok(file.startsWith(project.path + sep));
    });
  }

  it("follows a link that stays in the project", async () => {
    const { file } = await findProjectPath(project.path, "links/in.ts");
    assert.equal(file, join(project.path, "app/http/a.api.ts"));
  });

  it("takes a link itself where it is to be removed", async () => {
    const { file } = await findProjectPath(project.path, "links/out.txt", false);
    assert.equal(file, join(project.path, "links/out.txt"));
  });

  const refused: Readonly<Record<string, readonly string[]>> = {
    "steps up": ["..", "../x", "app/../../x", "app/..", "a/../b", "./a", "a/./b", ".", "a/.."],
    "absolute paths": ["/etc/passwd", "//etc/passwd", "C:/x", "c:x", "\\\\host\\x", "/"],
    "encoded steps, which are names that lead nowhere, with a separator": ["..\\x", "app\\..\\..\\x", "..\\"],
    "empty parts": ["", "a//b", "a/", "/a"],
    "control characters": ["a\0b", "a\nb", "app/\x1f"],
    "names that are too long": ["x".repeat(256), `${"a/".repeat(600)}b`],
    "links out of the project": [
      "links/out.txt",
      "links/out/inner.txt",
      "links/out/new.txt",
      "links/dangling/x",
    ],
    "links that lead nowhere, or in a circle": ["links/loop", "links/loop/x"],
    "version control and packages": [
      ".git",
      ".git/config",
      "a/.git/hooks/x",
      "node_modules/x/index.js",
      "links/git/config",
    ],
    "other spellings of them": [
      ".GIT/config",
      ".Git",
      ".gıt/config",
      ".git./config",
      ".git /config",
      ".git::$INDEX_ALLOCATION/config",
      ".g\u200cit/config",
      ".git\ufeff/config",
      "．git/config",
      ".ｇｉｔ/config",
      "GIT~1/config",
      "Node_Modules/x",
      "node_modules\u200d/x",
    ],
    keys: [
      ".env",
      ".env.local",
      ".ENV",
      "prod.env",
      "a/server.key",
      "server.PEM",
      "server.pem.",
      "id_rsa",
      ".ssh/config",
      ".npmrc",
      "cert.p12",
      "links/env.txt",
    ],
    databases: ["data.sqlite3", "a.db", "a.sqlite-wal", "a.DB-journal"],
  };
  for (const [name, paths] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      for (const path of paths) {
        const found = findProjectPath(project.path, path);
        await assert.rejects(
          found,
          (error: { status?: number }) => [400, 403, 404].includes(error.status ?? 0),
          path,
        );
      }
    });
  }

  it("never leads to a file outside of the project, whatever is asked", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "links",
        "out",
        "app",
        "http",
        ".git",
        "%2e%2e",
        "..%2f",
        "\\",
        "\0",
        "loop",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    );
    const paths = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
    await fc.assert(
      fc.asyncProperty(paths, fc.boolean(), async (path, follow) => {
        const found = await findProjectPath(project.path, path, follow).catch(
          (error: { status?: number }) => {
            assert.ok([400, 403, 404].includes(error.status ?? 0), String(error));
            return undefined;
          },
        );
        if (found === undefined) return;
        assert.ok(found.file.startsWith(project.path + sep));
        assert.equal(whyForbidden(found.file.slice(project.path.length + 1).split(sep)), undefined);
      }),
      { numRuns: 500 },
    );
  });
});

describe("whyForbidden", () => {
  it("lets samples of secrets, and names that only look like them, be shown", () => {
    for (const name of [
      ".env.example",
      "key.ts",
      "env.ts",
      "git",
      ".gitignore",
      "db.ts",
      "database.md",
      "a.pem.ts",
    ]) {
      assert.equal(whyForbidden(["app", name]), undefined, name);
    }
  });
});
