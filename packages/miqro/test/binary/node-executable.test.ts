import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readNodePlatform } from "../../dist/binary/build/node-executable.js";
import { seaBuild } from "../../dist/binary/build/sea-build.js";
import { createProject, type Project } from "../support/project.js";

describe("readNodePlatform", () => {
  let project: Project;
  before(async () => {
    project = await createProject({});
  });
  after(() => project.remove());

  /** What begins like a program of a system, and holds what a node holds. */
  const write = async (head: readonly number[], text: string) => {
    const file = join(project.path, "node");
    await writeFile(file, Buffer.concat([Buffer.from(head), Buffer.alloc(16), Buffer.from(text)]));
    return file;
  };
  const elf = [0x7f, 0x45, 0x4c, 0x46];
  const mac = [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 0x01];
  const intel = [0xcf, 0xfa, 0xed, 0xfe, 0x07, 0, 0, 0x01];
  const able = `${seaBuild.fuse}:0 https://nodejs.org/download/release/${process.version}/`;

  it("tells the system", async () => {
    assert.equal(readNodePlatform(await write(elf, able)), "linux");
    assert.equal(readNodePlatform(await write(mac, able)), "darwin");
    assert.equal(readNodePlatform(await write([0x4d, 0x5a], able)), "win32");
  });

  for (const [what, head, text, message] of [
    [
      "macOS on Intel",
      intel,
      able,
      /macOS on Intel, whose executables crash when they start \(nodejs\/node#62893\)/,
    ],
    ["what is no program", [], able, /is not a program of Linux, macOS or Windows/],
    [
      "a node without the place for a program",
      elf,
      process.version,
      /is not a Node\.js that can contain a program/,
    ],
    ["an executable", elf, `${seaBuild.fuse}:1`, /already contains a program/],
    [
      "another version",
      elf,
      `${seaBuild.fuse}:0 /v1.2.3/`,
      /is not Node\.js v\d+\.\d+\.\d+, which runs miqro here/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const file = await write(head, text);
      assert.throws(() => readNodePlatform(file), { code: "MIQRO_COMPILE", message });
    });
  }
});

describe("findTool", () => {
  it("needs Node.js 24", () => {
    const versions = Object.getOwnPropertyDescriptor(process, "versions");
    Object.defineProperty(process, "versions", {
      ...versions,
      value: { ...process.versions, node: "22.21.0" },
    });
    try {
      assert.throws(
        () => seaBuild.findTool(),
        /^Error: Node\.js 24 or newer makes executables, but this is Node\.js 22\.21\.0\. Install Node\.js 24 from https:\/\/nodejs\.org, or for this project only: npm install --save-dev node@24$/,
      );
    } finally {
      Object.defineProperty(process, "versions", versions ?? {});
    }
  });
});
