import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { readMiqroJSON } from "../dist/settings/miqro-json.js";
import { createProject, type Project } from "./support/project.js";
import { type Services, startServices } from "./support/start-services.js";

let running: Services | undefined;
let project: Project | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  await project?.remove();
  running = undefined;
  project = undefined;
});

const auth = (folder: string, more: object = {}) => ({
  [`${folder}/package.json`]: JSON.stringify({ name: "@myorg/auth", type: "module", ...more }),
  [`${folder}/service/auth.js`]:
    'import { jwt } from "miqro"; export default { tokenLocation: "free", verify: () => ({ account: typeof jwt.sign, username: "u", groups: [] }) };',
});
const app = { "proj/app/http/who.api.js": "export default (req) => req.session.account;" };
const installed = "proj/node_modules/@myorg/auth";
const miqro = { miqro: { service: "service/" } };

async function ask(
  files: Readonly<Record<string, string>>,
  services: string[],
  path = "/who",
): Promise<string> {
  running = await startServices(files, { services });
  const answer = await fetch(running.url + path);
  return answer.text();
}

describe("a service of an npm package", () => {
  it("runs by its path", async () => {
    assert.equal(
      await ask({ ...auth(installed), ...app }, [`${installed}/service/`, "proj/app"]),
      "function",
    );
  });

  it("runs by the name of its package in miqro.json, from a folder below too", async () => {
    project = await createProject({
      ...auth(installed, miqro),
      ...app,
      "proj/miqro.json": '{ "services": ["@myorg/auth", "app/"] }',
      "proj/deep/miqro.json": '{ "services": ["@myorg/auth", "../app/"] }',
    });
    const { path } = project;
    const expected = [join(path, installed, "service"), join(path, "proj/app")];
    assert.deepEqual(readMiqroJSON(join(path, "proj/miqro.json")).services, expected);
    assert.deepEqual(readMiqroJSON(join(path, "proj/deep/miqro.json")).services, expected);
  });

  it("is a folder rather, where there is one of that name", async () => {
    project = await createProject({
      "node_modules2/x": "",
      "proj/node_modules/auth/package.json": JSON.stringify({ miqro: { service: "." } }),
      "proj/auth/http/x.json.js": "export default 1;",
      "proj/miqro.json": '{ "services": ["auth"] }',
    });
    assert.deepEqual(readMiqroJSON(join(project.path, "proj/miqro.json")).services, [
      join(project.path, "proj/auth"),
    ]);
  });

  it("takes no part in the configs of tsc around it, nor in its author's", async () => {
    const tsconfig = JSON.stringify({
      compilerOptions: { allowJs: true, outDir: "dist", module: "nodenext" },
      include: ["**/*"],
      exclude: [],
    });
    const files = {
      ...auth(installed),
      ...app,
      "proj/tsconfig.json": tsconfig.replace('"**/*"', '"node_modules/**/*"'),
      [`${installed}/tsconfig.json`]: tsconfig.replace('"dist"', '"service"').replace('"**/*"', '"src"'),
      [`${installed}/src/auth.ts`]: "throw new Error('a source ran');",
    };
    assert.equal(await ask(files, [`${installed}/service`, "proj/app"]), "function");
  });

  it("may ship sources beside what runs, and says so where it ships nothing else", async () => {
    const both = { ...auth(installed), ...app, [`${installed}/service/auth.ts`]: "throw 1;" };
    assert.equal(await ask(both, [`${installed}/service`, "proj/app"]), "function");
    const bare = { [`${installed}/service/auth.ts`]: "export default {};" };
    await assert.rejects(
      startServices(bare, { services: [`${installed}/service`] }),
      /auth\.ts: it belongs to an installed package, which must contain JavaScript: there is no auth\.js beside it\./,
    );
  });

  it("may be CommonJS that tsc wrote", async () => {
    const files = {
      "proj/node_modules/old/package.json": "{}",
      "proj/node_modules/old/http/x.api.js":
        'Object.defineProperty(exports, "__esModule", { value: true }); exports.apiOptions = { path: "/y" }; exports.default = () => "old";',
    };
    assert.equal(await ask(files, ["proj/node_modules/old"], "/y"), "old");
  });

  it("may be a package of the same workspace", async () => {
    project = await createProject({ ...auth("proj/packages/auth", miqro), ...app });
    const { path } = project;
    await mkdir(join(path, "proj/node_modules/@myorg"), { recursive: true });
    await symlink("../../packages/auth", join(path, installed));
    await writeFile(join(path, "proj/miqro.json"), '{ "services": ["@myorg/auth", "app/"] }');
    assert.deepEqual(readMiqroJSON(join(path, "proj/miqro.json")).services, [
      join(path, installed, "service"),
      join(path, "proj/app"),
    ]);
  });

  const wrong: [title: string, miqro: unknown, message: RegExp][] = [
    [
      "no miqro",
      undefined,
      /The package @myorg\/auth is not a service: .*package\.json has no "miqro"\. .*name the folder/,
    ],
    ["a string", "service/", /must be such as "miqro": \{ "service": "service\/" \}, but is "service\/"\./],
    ["another key", { services: "x" }, /must be such as .*, but is \{"services":"x"\}\./],
    ["nothing in it", {}, /is not a service|must be such as/],
    ["a number", { service: 1 }, /but is \{"service":1\}\./],
    [
      "a path outside",
      { service: "../x" },
      /has its service outside of its folder: "miqro" in .* is "\.\.\/x"/,
    ],
    [
      "a folder that is not there",
      { service: "gone/" },
      /has no .*\/gone, which is the service according to .*package\.json/,
    ],
  ];
  for (const [title, value, message] of wrong) {
    it(`is refused with ${title} in its package.json`, async () => {
      project = await createProject({
        ...auth(installed, { miqro: value }),
        "proj/miqro.json": '{ "services": ["@myorg/auth"] }',
      });
      const file = join(project.path, "proj/miqro.json");
      assert.throws(() => readMiqroJSON(file), message);
    });
  }

  it("is refused where it is not installed", async () => {
    project = await createProject({ "proj/miqro.json": '{ "services": ["@myorg/none"] }' });
    const file = join(project.path, "proj/miqro.json");
    assert.throws(
      () => readMiqroJSON(file),
      /The service @myorg\/none is neither a folder nor an installed package: .* Run "npm install @myorg\/none"\./,
    );
  });
});
