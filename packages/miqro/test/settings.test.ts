import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseArguments } from "../dist/cli/arguments.js";
import { readSettings } from "../dist/settings/read-settings.js";
import { createProject, type Project } from "./support/project.js";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));

let project: Project | undefined;
afterEach(() => project?.remove());

async function settings(json: unknown, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  project = await createProject({ "miqro.json": typeof json === "string" ? json : JSON.stringify(json) });
  return readSettings(parseArguments(["--config", join(project.path, "miqro.json"), ...args]), env).options;
}

describe("readSettings", () => {
  it("takes a flag before the environment, that before miqro.json, and that before the default", async () => {
    const json = { services: ["a/"], noBuild: true, port: 2 };
    assert.equal((await settings(json, ["--port", "1"], { PORT: "3" })).port, "1");
    assert.equal((await settings(json, [], { PORT: "3" })).port, "3");
    assert.equal((await settings(json, [], { PORT: "" })).port, 2);
    assert.equal((await settings({ ...json, port: undefined }, [])).port, undefined);
  });

  it("finds services relative to miqro.json, and takes those of flags as they are", async () => {
    const json = { services: ["a/", "../b"], noBuild: true };
    const { services } = await settings(json, []);
    assert.deepEqual(services, [join(project?.path ?? "", "a"), join(project?.path ?? "", "../b")]);
    assert.deepEqual((await settings(json, ["--service", "c/"])).services, ["c/"]);
  });

  it("listens on loopback under --watch, unless told otherwise", async () => {
    const json = { services: ["a/"], noBuild: true };
    assert.equal((await settings(json, [])).host, undefined);
    assert.equal((await settings(json, ["--watch"])).host, "127.0.0.1");
    assert.equal((await settings(json, ["--watch", "--host", "0.0.0.0"])).host, "0.0.0.0");
  });

  it("opens the editor under --watch only, on loopback wherever the app listens", async () => {
    project = await createProject({
      "miqro.json": JSON.stringify({ services: ["a/"], noBuild: true, editor: true, host: "0.0.0.0" }),
    });
    const config = ["--config", join(project.path, "miqro.json")];
    const editorHost = (...args: string[]) =>
      readSettings(parseArguments([...config, ...args]), {}).editorHost;
    assert.equal(editorHost(), undefined);
    assert.equal(editorHost("--watch"), "127.0.0.1");
    assert.equal(editorHost("--watch", "--editor-host", "0.0.0.0"), "0.0.0.0");
  });

  const faults: readonly (readonly [what: string, json: unknown, message: RegExp])[] = [
    ["no services", {}, /miqro\.json lists no services/],
    [
      "an unknown key",
      { services: ["a/"], prot: 1 },
      /miqro\.json: unknown key "prot"\. Did you mean "port"\?/,
    ],
    ["a wrong type", { services: "a/" }, /miqro\.json: "services" is "a\/", but must be an array of strings/],
    ["a port that is none", { services: ["a/"], noBuild: true, port: "80a" }, /"port" is "80a"/],
    [
      "everything at once",
      { service: ["a/"], port: 70_000, noBuild: "yes" },
      /unknown key "service".*\n.*"port" is "70000".*\n.*"noBuild" is "yes", but must be true or false/,
    ],
    ["what is no JSON", "{ services", /miqro\.json is not JSON/],
    ["what is no object", "[]", /must hold an object/],
    ["a key of all objects", '{ "__proto__": 1, "services": ["a/"] }', /unknown key "__proto__"/],
  ];
  for (const [what, json, message] of faults) {
    it(`explains ${what}`, async () => {
      await assert.rejects(settings(json, []), { name: "MiqroError", message });
    });
  }

  it("explains a config that is not there", () => {
    assert.throws(
      () => readSettings(parseArguments(["--config", "gone.json"]), {}),
      /gone\.json cannot be read/,
    );
  });

  it("asks for a service where nothing names one", () => {
    assert.throws(
      () => readSettings(parseArguments(["--disable-miqrojson"]), {}),
      /no --service was given\. Write miqro --service/,
    );
  });
});

describe("the command line", () => {
  const miqro = (...args: string[]) =>
    run(process.execPath, [program, ...args], { cwd: project?.path }).catch((error) => error);

  it("writes the configs, once, and makes the package a module", async () => {
    project = await createProject({ "package.json": '{\n\t"name": "x",\n\t"type": "commonjs"\n}\n' });
    const { stdout } = await miqro("--install-tsconfig");
    assert.match(stdout, /Wrote tsconfig\.json, and set "type": "module"/);
    assert.equal(
      await readFile(join(project.path, "package.json"), "utf8"),
      '{\n\t"name": "x",\n\t"type": "module"\n}\n',
    );
    const again = await miqro("--install-tsconfig");
    assert.equal(again.code, 10);
    assert.match(again.stderr, /^miqro: There is already a tsconfig\.json, which was not changed/);
    await miqro("--install-miqrojson");
    assert.deepEqual(JSON.parse(await readFile(join(project.path, "miqro.json"), "utf8")).services, ["app/"]);
  });

  it("ends with 10 for wrong arguments, in one line", async () => {
    project = await createProject({});
    const { code, stderr } = await miqro("--wacth");
    assert.deepEqual([code, stderr], [10, "miqro: --wacth is not a flag of miqro. Did you mean --watch?\n"]);
  });

  it("leaves all as it was when package.json is broken, and reads one with a byte order mark", async () => {
    project = await createProject({ "package.json": "{ broken" });
    const { code, stderr } = await miqro("--install-tsconfig");
    assert.equal(code, 10);
    assert.match(stderr, /^miqro: package\.json is not JSON/);
    await assert.rejects(readFile(join(project.path, "tsconfig.json")), { code: "ENOENT" });
    await project.write({ "package.json": '\uFEFF{ "name": "x" }' });
    await miqro("--install-tsconfig");
    assert.equal(JSON.parse(await readFile(join(project.path, "package.json"), "utf8")).type, "module");
  });

  it("says what never comes to an end, in place of ending without a word", async () => {
    const services = { "a/http/x.api.js": "await new Promise(() => {}); export default 1;" };
    project = await createProject({
      ...services,
      "b/server.js": "export default { load: () => new Promise(() => {}) };",
    });
    const loading = await miqro("--no-build", "--port", "0", "--service", "a");
    assert.deepEqual([loading.code, loading.stderr.split("\n").length], [20, 2]);
    assert.match(loading.stderr, /^miqro: loading a\/http\/x\.api\.js never ends/);
    const hook = await miqro("--no-build", "--port", "0", "--service", "b");
    assert.deepEqual(
      [hook.code, hook.stderr.includes("the load hook of b/server.js never ends")],
      [20, true],
    );
  });

  it("tells its version and its help", async () => {
    project = await createProject({});
    assert.match((await miqro("-v")).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await miqro("--help")).stdout, /Exit codes: 0 done, 10 wrong arguments/);
  });
});
