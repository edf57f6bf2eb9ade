import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { parseArguments } from "../dist/cli/arguments.js";
import { commands } from "../dist/cli/commands.js";
import { flags } from "../dist/cli/flags.js";
import { helpText } from "../dist/cli/help.js";
import { readMiqroJSON } from "../dist/settings/miqro-json.js";
import { settleAll } from "../dist/settings/read-settings.js";
import type { GivenValues, Setting } from "../dist/settings/setting.js";
import { precedence, settle } from "../dist/settings/settle.js";
import { settings } from "../dist/settings/table.js";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
afterEach(() => project?.remove());

const rows = Object.entries<Setting>(settings);
const samples: Readonly<Record<string, unknown>> = {
  services: ["/a"],
  noBuild: true,
  noMinify: true,
  clientBundle: true,
  editor: true,
  port: 81,
  host: "::1",
  name: "n",
  trustProxy: 1,
  noCompression: true,
  envFile: "/env",
  allowedHosts: ["dev.test"],
  browser: true,
  logFile: "/log",
  backplane: "redis://10.0.0.5:6379",
  https: true,
  httpsKey: "/key",
  httpsCert: "/cert",
  httpsRedirect: 8080,
  db: true,
  dbDialect: "pg",
  dbStorage: "/db",
  dbConnection: "postgres://h/d",
  inflateDir: "/site",
  inflateFlat: true,
  inflateOnlyAssets: true,
  inflateParallel: 2,
  inflateBase: "/repo/",
};

async function writeJson(json: object): Promise<string> {
  project = await createProject({ "miqro.json": JSON.stringify(json) });
  return join(project.path, "miqro.json");
}

describe("the table of settings", () => {
  for (const [name, { flag, help }] of rows) {
    it(`makes the flag and the help of ${name}`, () => {
      if (flag === undefined) return;
      const { of } = flag;
      const isAlone = flag.type === "boolean" || flag.type === "optional";
      const args = [`--${flag.name}`, ...(isAlone ? [] : ["x"]), ...(of ? [`--${of}`] : [])];
      const expected = isAlone ? true : flag.type === "strings" ? ["x"] : "x";
      assert.deepEqual(parseArguments(args), { command: of ?? "serve", [name]: expected });
      assert.match(helpText(), new RegExp(`--${flag.name}\\b[^\\n]*\\s+${help?.slice(0, 12) ?? "default"}`));
    });
  }

  for (const [name, { json }] of rows) {
    it(`${json === undefined ? "keeps" : "takes"} ${name} ${json === undefined ? "out of" : "from"} miqro.json`, async () => {
      const file = await writeJson({ [name]: samples[name] ?? "x" });
      if (json === undefined) assert.throws(() => readMiqroJSON(file), /unknown key/);
      else assert.deepEqual(readMiqroJSON(file), { [name]: samples[name] });
    });
  }

  it("gives every flag to one row only", () => {
    const names = [
      ...rows.flatMap(([, { flag }]) => flag?.name ?? []),
      ...Object.entries(commands).flatMap(([name, { flag }]) => (flag === undefined ? [] : name)),
    ];
    assert.deepEqual([...new Set(names)].sort(), [...names].sort());
    assert.deepEqual(Object.keys(flags).sort(), [...names].sort());
  });
});

describe("settle", () => {
  const setting: Setting = {
    json: "string?",
    flag: { name: "color", type: "string" },
    env: "COLOR",
    default: { text: "red", value: "red" },
    group: "Other",
    readBy: "composition",
  };
  const all = { flags: { color: "1" }, json: { color: "2" }, env: { COLOR: "3" } };

  it("takes the strongest source that has a value, and says which it was", () => {
    const cases = [
      [all, "1", "flag"],
      [{ ...all, flags: {} }, "3", "environment"],
      [{ ...all, flags: {}, env: { COLOR: "" } }, "2", "miqro.json"],
      [{ flags: {}, json: {}, env: { COLOR: "" } }, "red", "default"],
    ] as const;
    for (const [sources, value, from] of cases) {
      assert.deepEqual(settle("color", setting, sources), { value, from });
    }
    assert.deepEqual(precedence, ["flag", "environment", "miqro.json", "default"]);
  });

  it("asks only the sources that the row names, and knows when there is no value", () => {
    const bare: Setting = { group: "Other", readBy: "command line" };
    assert.equal(settle("color", bare, all), undefined);
    const computed: Setting = {
      ...bare,
      default: { text: "x", value: (given: GivenValues) => (given.watch === true ? "on" : undefined) },
    };
    assert.equal(settle("color", computed, all), undefined);
    assert.deepEqual(settle("color", computed, { ...all, flags: { watch: true } }), {
      value: "on",
      from: "default",
    });
  });

  it("reads 1, true, 0 and false of a flag or a variable as what they are", () => {
    const boolean: Setting = { ...setting, json: "boolean|string?" };
    for (const [text, value] of [
      ["1", true],
      ["TRUE", true],
      ["0", false],
      ["false", false],
      ["file.log", "file.log"],
    ] as const) {
      assert.equal(settle("color", boolean, { flags: { color: text }, json: {}, env: {} })?.value, value);
      assert.equal(settle("color", boolean, { flags: {}, json: {}, env: { COLOR: text } })?.value, value);
    }
  });

  it("tells of every setting where it came from", async () => {
    const file = await writeJson({ services: ["a/"], name: "n" });
    const settled = settleAll(parseArguments(["--watch", "--no-build"]), { PORT: "90" }, readMiqroJSON(file));
    const sources = Object.fromEntries([...settled].map(([name, { from }]) => [name, from]));
    assert.deepEqual(sources, {
      services: "miqro.json",
      noBuild: "flag",
      watch: "flag",
      editorHost: "default",
      port: "environment",
      host: "default",
      inflateDir: "default",
      name: "miqro.json",
      allowedHosts: "default",
      logFile: "default",
      backplane: "default",
      logLevel: "default",
      logFormat: "default",
      nodeEnv: "default",
      clusterDrainDelay: "default",
    });
  });
});
