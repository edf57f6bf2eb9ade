import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro, type StartError } from "miqro";
import type { Convention } from "../dist/conventions/convention.js";
import { type ConventionEntry, conventions } from "../dist/conventions/table.js";
import type { HttpFileKind } from "../dist/http-files/http-file-kind.js";
import { mountRoute } from "../dist/http-files/route-file.js";
import { type HttpFileEntry, httpFiles } from "../dist/http-files/table.js";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
const undo: (() => void)[] = [];
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  for (const one of undo.splice(0)) one();
  miqro = undefined;
});

async function start(files: Readonly<Record<string, string>>, ...services: string[]): Promise<string> {
  project = await createProject(files);
  const { path } = project;
  miqro = new Miqro({ services: services.map((one) => join(path, one)), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

/** Adds a row to a table for one test. */
function addRow<Row>(table: readonly Row[], row: Row, before?: (row: Row) => boolean): void {
  const rows = table as Row[];
  const at = before === undefined ? rows.length : rows.findIndex(before);
  rows.splice(at, 0, row);
  undo.push(() => rows.splice(rows.indexOf(row), 1));
}

interface PoweredConfig {
  readonly by: string;
}

/** What the file of a convention would hold: all of it. */
function createPowered(): { entry: ConventionEntry; loads: number; composed: string[] } {
  const seen = { entry: { name: "powered" } as ConventionEntry, loads: 0, composed: [] as string[] };
  const powered: Convention<PoweredConfig> = {
    check({ by }, problems, what) {
      if (typeof by !== "string") problems.add(`"by" in ${what} must be a string.`);
    },
    compose(files) {
      for (const { service, configs } of files) {
        seen.composed.push(`${service.scanned.name} ${configs.map(({ by }) => by).join()}`);
      }
    },
    mount({ by }, router) {
      router.use((_req, res) => {
        res.setHeader("x-powered-by", [res.getHeader("x-powered-by") ?? [], by].flat().join());
      });
    },
  };
  seen.entry = {
    name: "powered",
    load: async () => {
      seen.loads++;
      return powered;
    },
  };
  return seen;
}

describe("the table of conventions", () => {
  it("takes a convention that is one more row", async () => {
    const seen = createPowered();
    addRow(conventions, seen.entry, ({ name }) => name === "auth");
    const url = await start(
      {
        "a/powered.js": "export default { by: 'a' };",
        "a/auth.js": "export default { path: '/locked', verify: () => null };",
        "b/powered.js": "export default { by: 'b' };",
        "b/http/x.api.js": "export default () => 'x';",
        "c/http/y.api.js": "export default () => 'y';",
      },
      "a",
      "b",
      "c",
    );
    assert.equal((await fetch(`${url}/x`)).headers.get("x-powered-by"), "a,b");
    // Its place in the table is its place in a request: before the session.
    const locked = await fetch(`${url}/locked`);
    assert.deepEqual([locked.status, locked.headers.get("x-powered-by")], [401, "a"]);
    assert.deepEqual(seen.composed, ["a a", "b b"]);
  });

  it("loads a convention only for a composition that has such a file", async () => {
    const seen = createPowered();
    addRow(conventions, seen.entry);
    await start({ "a/http/x.api.js": "export default () => 'x';" }, "a");
    assert.equal(seen.loads, 0);
  });

  it("tells what a convention finds wrong, beside the problems of other files", async () => {
    addRow(conventions, createPowered().entry);
    const files = {
      "a/powered.js": "export default { by: 1 };",
      "a/catch.js": "export default { catch: 1 };",
      "b/powered.js": "export default [];",
    };
    await assert.rejects(start(files, "a", "b"), (error: StartError) => {
      assert.match(error.message, /a\/catch\.js: "catch" in the default export must be/);
      assert.match(error.message, /a\/powered\.js: "by" in the default export must be a string\./);
      assert.match(error.message, /b\/powered\.js: "by" in the default export/);
      return true;
    });
  });

  it("suggests a convention by its name, and refuses what is known but not there yet", async () => {
    addRow(conventions, createPowered().entry);
    await assert.rejects(
      start({ "a/powred.js": "" }, "a"),
      /is its file "powred\.js" meant to be "powered\.js"\?/,
    );
  });
});

/** What the file of a kind would hold: all of it. */
function createUpper(): { entry: HttpFileEntry; loads: number; composed: string[] } {
  const seen = { entry: {} as HttpFileEntry, loads: 0, composed: [] as string[] };
  const upper: HttpFileKind<string> = {
    async read(_file, { load, problems }) {
      const module = await load();
      if (typeof module?.default === "string") return module.default.toUpperCase();
      if (module !== undefined) problems.add("the default export must be a string.");
      return undefined;
    },
    compose(files) {
      seen.composed.push(...files.map(({ value }) => value));
    },
    mount(file, value, router) {
      mountRoute(router, file, {}, (_req, res) => res.text(value));
    },
  };
  seen.entry = {
    kind: "upper",
    names: ({ base, isScript }) =>
      isScript && base.endsWith(".upper") ? [`${base.slice(0, -".upper".length)}.txt`] : undefined,
    runs: "server",
    load: async () => {
      seen.loads++;
      return upper;
    },
  };
  return seen;
}

describe("the table of kinds of files", () => {
  it("takes a kind that is one more row", async () => {
    const seen = createUpper();
    addRow(httpFiles, seen.entry);
    const url = await start(
      {
        "a/http/x/[id].upper.js": "export default 'any';",
        "a/http/x/hello.upper.js": "export default 'hello';",
      },
      "a",
    );
    assert.equal(await (await fetch(`${url}/x/hello.txt`)).text(), "HELLO");
    assert.equal((await fetch(`${url}/x/hello.upper.js`)).status, 404);
    assert.deepEqual(seen.composed, ["ANY", "HELLO"]);
    assert.equal((await fetch(`${url}/x/hello.txt`, { method: "POST" })).status, 405);
  });

  it("loads a kind only for a composition that has such a file", async () => {
    const seen = createUpper();
    addRow(httpFiles, seen.entry);
    await start({ "a/http/x.api.js": "export default () => 'x';" }, "a");
    assert.equal(seen.loads, 0);
  });

  it("keeps modules that run on the server from browsers, by the row alone", async () => {
    addRow(httpFiles, createUpper().entry);
    const files = {
      "a/http/secret.upper.js": "export default 'secret';",
      "a/http/js/app.min.js": "import secret from '../secret.upper.js'; console.log(secret);",
    };
    await assert.rejects(start(files, "a"), /secret\.upper\.js must not be sent to browsers/);
  });

  it("tells what a kind finds wrong, and two files that answer the same requests", async () => {
    addRow(httpFiles, createUpper().entry);
    await assert.rejects(
      start({ "a/http/x.upper.js": "export default 1;", "a/http/y.upper.js": "export default null;" }, "a"),
      (error: StartError) => error.problems.length === 2,
    );
    const files = {
      "a/http/x.upper.js": "export default 'x';",
      "a/http/y.api.js": "export default { path: 'x.txt', handler: () => 'y' };",
    };
    await assert.rejects(start(files, "a"), /y\.api\.js: .*x\.upper\.js answers GET \/x\.txt as well/);
  });
});
