import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Miqro } from "miqro";
import { createProject, type Project } from "./support/project.js";

const page = (text: string) => `export default (req, res) => res.html(${JSON.stringify(text)});`;
const client = (text: string) => `document.title = ${JSON.stringify(text)};`;

describe("services of one project", () => {
  let project: Project;
  beforeEach(async () => {
    project = await createProject({
      "a/http/a.html.js": page("a"),
      "a/http/js/app.min.js": client("a"),
      "b/http/b.html.js": page("b"),
      "b/http/js/app.min.js": client("b"),
      "b/http/admin/app.min.js": client("admin"),
      "other/a/http/a.html.js": page("other"),
    });
  });
  afterEach(() => project.remove());

  const app = (options: object, ...services: string[]) =>
    new Miqro({ services: services.map((name) => join(project.path, name)), noBuild: true, ...options });

  describe("with one folder of a static site", () => {
    const inflate = (options: object, ...services: string[]) =>
      app({}, ...services).inflate({ inflateDir: join(project.path, "site"), ...options });
    const files = () =>
      readdirSync(join(project.path, "site"), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.\w+$/.test(name) && !name.includes("_miqro/") && name !== ".inflate.json")
        .sort();
    const modules = (name: string) => readdirSync(join(project.path, "site", name, "static/_miqro")).length;

    it("keep the files of each other", async () => {
      await inflate({}, "a");
      const { removed } = await inflate({}, "b");
      assert.equal(removed, 0);
      assert.deepEqual(
        files().filter((name) => name.endsWith(".html")),
        ["a/static/a.html", "b/static/b.html"],
      );
      assert.ok(modules("a") > 0 && modules("b") > 0);
      const before = files();
      const again = await inflate({}, "a");
      assert.deepEqual([again.written, again.removed], [0, 0]);
      assert.deepEqual(files(), before);
    });

    it("keep them also if both runs end at the same time", async () => {
      await Promise.all([inflate({}, "a"), inflate({}, "b")]);
      assert.ok(existsSync(join(project.path, "site/a/static/a.html")));
      assert.ok(existsSync(join(project.path, "site/b/static/b.html")));
      assert.ok(modules("a") > 0 && modules("b") > 0);
    });

    it("lose the files of a service that does not exist any more", async () => {
      await inflate({}, "a");
      await rename(join(project.path, "a"), join(project.path, "c"));
      assert.ok((await inflate({}, "b")).removed > 0);
      assert.ok(!existsSync(join(project.path, "site/a")));
    });

    const refused: Readonly<Record<string, readonly [first: object, second: object, service: string]>> = {
      "a flat site by another": [{ inflateFlat: true }, { inflateFlat: true }, "b"],
      "a flat site by one with folders": [{ inflateFlat: true }, {}, "b"],
      "a site by that of a service with the same name": [{}, {}, "other/a"],
    };
    for (const [what, [first, second, service]] of Object.entries(refused)) {
      it(`do not replace ${what}`, async () => {
        await inflate(first, "a");
        const before = files();
        await assert.rejects(
          inflate(second, service),
          /holds the site of the service .*\/a, which this run would remove\. Name another folder/,
        );
        assert.deepEqual(files(), before);
      });
    }

    it("may join a flat site, and leave it", async () => {
      await inflate({ inflateFlat: true }, "a");
      await inflate({ inflateFlat: true }, "a", "b");
      assert.ok(files().includes("b.html"));
      assert.ok((await inflate({ inflateFlat: true }, "b")).removed > 0);
      assert.ok(!files().includes("a.html"));
    });
  });

  describe("with one cache", () => {
    const folder = join("cache", "client");
    const bundles = () => readdirSync(join(project.path, folder)).sort();
    let tmp: string | undefined;
    beforeEach(() => {
      tmp = process.env.JSX_TMP;
      process.env.JSX_TMP = join(project.path, "cache");
    });
    afterEach(() => {
      if (tmp === undefined) delete process.env.JSX_TMP;
      else process.env.JSX_TMP = tmp;
    });

    const start = async (options: object, ...services: string[]) => {
      const one = app({ port: 0, host: "127.0.0.1", ...options }, ...services);
      const { port } = Object(await one.start()) as { readonly port: number };
      return { one, url: `http://127.0.0.1:${port}` };
    };

    it("keep the bundles of each other, and of their other folders", async () => {
      await (await start({ clientBundle: true }, "a")).one.dispose();
      const first = bundles();
      assert.equal(first.length, 1);
      await (await start({ clientBundle: true }, "b")).one.dispose();
      const all = bundles();
      assert.equal(all.length, 3);
      assert.ok(first.every((name) => all.includes(name)));
      await project.write({ "b/http/js/app.min.js": client("new") });
      await (await start({ clientBundle: true }, "b")).one.dispose();
      const later = bundles();
      assert.equal(later.length, 3);
      assert.equal(later.filter((name) => all.includes(name)).length, 2);
    });

    it("keep the compiled files of a server that runs another service", { timeout: 60_000 }, async () => {
      await project.remove();
      // esbuild would put the module into the file that imports it.
      project = await createProject({}, ["typescript", "miqro", "@miqro"]);
      process.env.JSX_TMP = join(project.path, "cache");
      await project.write({
        "a/http/late.api.ts": "export default async () => (await import('./word.js')).word;",
        "a/http/word.ts": "export const word: string = 'late';",
        "b/http/b.api.ts": "export default () => 'b1';",
      });
      const { one, url } = await start({ noBuild: false }, "a");
      try {
        for (const text of ["b1", "b2", "b3"]) {
          await project.write({ "b/http/b.api.ts": `export default () => '${text}';` });
          const other = await start({ noBuild: false }, "b");
          assert.equal(await (await fetch(`${other.url}/b`)).text(), text);
          await other.one.dispose();
        }
        assert.equal(await (await fetch(`${url}/late`)).text(), "late");
      } finally {
        await one.dispose();
      }
    });
  });
});
