import assert from "node:assert/strict";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
// The process believes that somebody sits in front of it.
const terminal = `--import=data:text/javascript,${encodeURIComponent("process.stdout.isTTY = true;")}`;

let project: Project;
let server: RunningProcess;
afterEach(async () => {
  await server.stop();
  await project.remove();
});

async function start(args: readonly string[], env: NodeJS.ProcessEnv, json: object = {}): Promise<string> {
  project = await createProject({
    "app/http/x.api.js": "export default () => 1;",
    "miqro.json": JSON.stringify({ services: ["app"], noBuild: true, logFile: false, port: 0, ...json }),
    "bin/my-browser": '#!/bin/sh\necho "$1" >> opened.txt\n',
    "bin/xdg-open": '#!/bin/sh\necho "system $1" >> opened.txt\n',
  });
  for (const name of ["my-browser", "xdg-open"]) await chmod(join(project.path, "bin", name), 0o755);
  const { CI: _ci, BROWSER: _browser, ...rest } = process.env;
  server = startProcess(process.execPath, [program, "--host", "127.0.0.1", ...args], {
    cwd: project.path,
    env: { ...rest, PATH: `${join(project.path, "bin")}:${rest.PATH}`, ...env },
  });
  const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
  return url;
}

const opened = () => readFile(join(project.path, "opened.txt"), "utf8");
const skip = process.platform === "linux" ? false : "it has another way to open a browser";

describe("a browser", { skip }, () => {
  const asked: readonly (readonly [
    what: string,
    args: string[],
    env: NodeJS.ProcessEnv,
    json: object,
    prefix: string,
  ])[] = [
    ["--browser NAME", ["--browser", "my-browser"], {}, {}, ""],
    ["BROWSER", [], { BROWSER: "my-browser" }, {}, ""],
    ["miqro.json", [], {}, { browser: true }, "system "],
    ["--watch too", ["--watch"], {}, { browser: "my-browser" }, ""],
  ];
  for (const [what, args, env, json, prefix] of asked) {
    it(`is opened where it is asked for: ${what}`, async () => {
      const url = await start(args, { NODE_OPTIONS: terminal, ...env }, json);
      await eventually(async () => assert.equal(await opened(), `${prefix}${url}\n`));
    });
  }

  const quiet: readonly (readonly [what: string, env: NodeJS.ProcessEnv, json: object])[] = [
    ["nobody asks", { NODE_OPTIONS: terminal }, {}],
    ["there is no terminal", {}, { browser: "my-browser" }],
    ["CI is set", { NODE_OPTIONS: terminal, CI: "true" }, { browser: "my-browser" }],
    ["BROWSER is none", { NODE_OPTIONS: terminal, BROWSER: "none" }, { browser: "my-browser" }],
    ["BROWSER is the program of a terminal", { NODE_OPTIONS: terminal, BROWSER: "/usr/bin/my-browser" }, {}],
  ];
  for (const [what, env, json] of quiet) {
    it(`is not opened where ${what}`, async () => {
      const url = await start([], env, json);
      // One that was opened would have been before the first answer came.
      assert.equal((await fetch(`${url}/x`)).status, 200);
      assert.equal(await server.stop(), 0);
      await assert.rejects(opened(), { code: "ENOENT" });
    });
  }

  it("that is not there is told of, with the address", async () => {
    const url = await start(["--browser", "no-such-browser"], { NODE_OPTIONS: terminal });
    await server.waitFor(
      new RegExp(`The browser cannot be opened: .*Open ${url} yourself, or set --browser NAME`),
    );
  });
});
