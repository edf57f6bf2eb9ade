import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Parser as MarkedParser } from "marked";
import { type InflateOptions, type InflateResult, Miqro, type MiqroError, type StartError } from "miqro";
import type { ConventionFile } from "../../dist/conventions/convention.js";
import { type ConventionEntry, conventions } from "../../dist/conventions/table.js";
import { createProject, type Project } from "../support/project.js";
import { siteFiles } from "../support/site.js";

let project: Project;
beforeEach(async () => {
  project = await createProject({});
  // The cache of Markdown is to be that of the project.
  rmSync(join(project.path, "node_modules"));
  const { mkdirSync, symlinkSync } = await import("node:fs");
  mkdirSync(join(project.path, "node_modules"));
  const installed = new URL("../../../../node_modules/", import.meta.url).pathname;
  for (const name of ["@miqro", "miqro", "marked"]) {
    symlinkSync(join(installed, name), join(project.path, "node_modules", name));
  }
  process.chdir(project.path);
});
afterEach(async () => {
  process.chdir("/");
  await project.remove();
});

const toFolder = (options: InflateOptions = {}, ...services: string[]): Promise<InflateResult> =>
  new Miqro({ services: services.length > 0 ? services : ["app"] }).inflate({
    inflateDir: "build",
    ...options,
  });

const page = "export default (req, res) => res.html('x');";
const read = (name: string) => readFileSync(join(project.path, "build", name), "utf8");

/** The problems of a run that fails. */
async function problemsOf(run: Promise<unknown>): Promise<string[]> {
  try {
    await run;
  } catch (error) {
    const { code, problems } = error as StartError;
    assert.equal(code, "MIQRO_INFLATE", String(error));
    return problems.map(
      ({ file, message }) =>
        `${file.replace(`${project.path}/`, "")}: ${message.replaceAll(`${project.path}/`, "")}`,
    );
  }
  assert.fail("It did not fail.");
}

const withoutSqlite =
  process.getBuiltinModule("node:sqlite") === undefined && "node:sqlite needs Node.js 22.13";

describe("Miqro.inflate", { skip: withoutSqlite }, () => {
  it("makes a file of every page, asset and client module, in memory", async () => {
    await project.write(siteFiles);
    const { files, leftOut } = await new Miqro({ services: ["app"] }).inflate();
    const names = [...files.keys()].map((name) => name.replace(/_miqro\/[\w-]+/, "_miqro/HASH")).sort();
    assert.deepEqual(
      names,
      [
        ...["app/static/.well-known/security.txt", "app/static/404.html"],
        ...[
          "app/static/_miqro/HASH/index.js",
          "app/static/_miqro/HASH/index.js",
          "app/static/_miqro/HASH/app.min.js",
        ],
        ...["app/static/api/about.json", "app/static/by-name/Brot.html"],
        ...["app/static/by-name/Käse.html", "app/static/by-name/a-b & c.html", "app/static/css/all.css"],
        ...["app/static/docs/deep.html", "app/static/docs/deep/index.html", "app/static/docs/guide.html"],
        ...[
          "app/static/docs/guide/index.html",
          "app/static/goods/1/index.html",
          "app/static/goods/2/index.html",
        ],
        ...["app/static/goods/3/index.html", "app/static/goods/index.html", "app/static/icon.svg"],
        ...[
          "app/static/img/dot.svg",
          "app/static/index.html",
          "app/static/js/app.js",
          "app/static/js/app.min.js",
        ],
        ...["app/static/old/index.html", "app/static/plain.css", "app/static/prices.json"],
      ].sort(),
    );
    assert.equal(files.size, 26);
    assert.deepEqual(leftOut, []);
    const index = files.get("app/static/index.html")?.body?.toString() ?? "";
    assert.match(index, /<p>late<\/p>/);
    assert.doesNotMatch(index, /wait/);
    assert.match(files.get("app/static/goods/1/index.html")?.body?.toString() ?? "", /<h1>Käse<\/h1>/);
    assert.ok(!existsSync("build"));
  });

  it("writes the same to a folder, and directly into it where it is flat", async () => {
    await project.write(siteFiles);
    const { files } = await new Miqro({ services: ["app"] }).inflate();
    await toFolder();
    await toFolder({ inflateDir: "flat", inflateFlat: true });
    for (const [name, { body }] of files) {
      assert.equal(read(name), body?.toString());
      assert.equal(readFileSync(join("flat", name.replace("app/static/", "")), "utf8"), body?.toString());
    }
  });

  it("has no 404 page where catch.ts gives unknown paths a status of its own", async () => {
    const catching = (body: string) => `export default { catch: (err, req, res) => { ${body} } };`;
    await project.write({
      "app/http/a.html.js": "export default (req, res) => res.html('a');",
      "app/catch.js": catching("return res.json({ error: err.message }, {}, 500);"),
    });
    const { files } = await new Miqro({ services: ["app"] }).inflate();
    assert.deepEqual([...files.keys()], ["app/static/a.html"]);
    await project.write({
      "other/http/a.html.js": "export default (req, res) => res.html('a');",
      "other/catch.js": catching("throw new Error('it fails itself');"),
    });
    assert.match((await problemsOf(new Miqro({ services: ["other"] }).inflate())).join(), /it fails itself/);
  });

  it("lets the first service win, and refuses two of one name unless it is flat", async () => {
    await project.write({
      "one/app/http/a.json.js": "export default 'one';",
      "two/app/http/a.json.js": "export default 'two';",
      "two/app/http/b.json.js": "export default 'b';",
    });
    await assert.rejects(toFolder({}, "one/app", "two/app"), (error: MiqroError) => {
      assert.match(error.message, /one\/app and .*two\/app would both be written to app\/static\//);
      return error.code === "MIQRO_ARGUMENT";
    });
    await toFolder({ inflateFlat: true }, "one/app", "two/app");
    assert.deepEqual([read("a.json"), read("b.json")], ['"one"', '"b"']);
  });

  it("writes files and client code only, and runs no handler, where that is asked for", async () => {
    await project.write({
      ...siteFiles,
      "app/server.js": "export default { load() { throw new Error('load') } };",
      "app/middleware.js": "export default { middleware() { throw new Error('middleware') } };",
    });
    const { files } = await toFolder({ inflateOnlyAssets: true });
    const names = [...files.keys()]
      .map((name) => name.replace("app/static/", ""))
      .filter((name) => !name.startsWith("_miqro"));
    assert.deepEqual(names, [
      ".well-known/security.txt",
      "css/all.css",
      "icon.svg",
      "img/dot.svg",
      "js/app.js",
      "js/app.min.js",
      "plain.css",
    ]);
    assert.ok(!existsSync("shop.sqlite3"));
  });

  it("leaves out what needs a session, files too, and lists it", async () => {
    await project.write({
      "app/auth.js": "export default { path: '/inner', verify: () => null };",
      "app/http/index.html.js": "export default (req, res) => res.html('<a href=/inner/a.html>a</a>');",
      "app/http/inner/a.html.js": "export default (req, res) => res.html('a');",
      "app/http/inner/plan.txt": "plan",
      "app/http/no.json.js":
        "import { ForbiddenError } from 'miqro'; export default () => { throw new ForbiddenError() };",
    });
    for (const inflateOnlyAssets of [false, true]) {
      const { leftOut, files } = await toFolder({ inflateOnlyAssets });
      const paths = leftOut.map(({ path, status }) => `${path} ${status}`).sort();
      assert.deepEqual(
        paths,
        inflateOnlyAssets
          ? ["/inner/plan.txt 401"]
          : ["/inner/a.html 401", "/inner/plan.txt 401", "/no.json 403"],
      );
      assert.deepEqual([...files.keys()], inflateOnlyAssets ? [] : ["app/static/index.html"]);
    }
  });

  it("asks for Markdown by a request where a module, or middleware, has a part in the answer", async () => {
    const refuse =
      "import { ForbiddenError } from 'miqro'; const refuse = () => { throw new ForbiddenError() };";
    await project.write({
      "app/http/open.html.md": "# Open",
      "app/http/inner/module.js": `import { hook } from "@miqro/core"; ${refuse} export const meta = { plugins: [hook("request", refuse)] };`,
      "app/http/inner/plan.html.md": "# Plan",
    });
    const { files, leftOut } = await toFolder({ inflateFlat: true });
    assert.deepEqual([...files.keys()], ["open.html", "open/index.html"]);
    assert.deepEqual(leftOut.map(({ path, status }) => `${path} ${status}`).sort(), [
      "/inner/plan 403",
      "/inner/plan.html 403",
    ]);
    await project.write({
      "app/middleware.js": `${refuse} export default { middleware(req) { if (req.path.startsWith("/open")) refuse(); } };`,
    });
    assert.deepEqual([...(await toFolder({ inflateFlat: true })).files.keys()], []);
  });

  it("fails as a whole, tells every route with its line, and leaves the old files alone", async () => {
    await project.write({ "app/http/a.html.js": "export default (req, res) => res.html('a');" });
    await toFolder();
    const before = statSync("build/app/static/a.html").mtimeMs;
    await project.write({
      "app/catch.js":
        "export default { catch: (err, req, res) => err.status ? undefined : res.text('hidden', {}, 500) };",
      "app/http/one.html.js": "\nexport default () => { throw new Error('one is broken') };",
      "app/http/two.html.js":
        "import JSX, { Suspense } from '@miqro/jsx';\nasync function Late() {\n  throw new Error('late');\n}\nexport default () => JSX.createElement(Suspense, { fallback: 'x' }, JSX.createElement(Late, {}));",
      "app/http/three.html.js": "export default () => undefined;",
      "app/http/four.json.js": "export default (req, res) => res.json({}, {}, 500);",
      "app/http/five/[id].html.js":
        "export const inflatePaths = () => { throw new Error('five') }; export default (req, res) => res.html('x');",
    });
    assert.deepEqual(await problemsOf(toFolder()), [
      "app/http/five/[id].html.js: inflatePaths failed: five (app/http/five/[id].html.js:1)",
    ]);
    rmSync("app/http/five", { recursive: true });
    const problems = await problemsOf(toFolder());
    assert.deepEqual(problems.sort(), [
      "app/http/four.json.js: /four.json answered 500. A page of a static site answers 200.",
      "app/http/one.html.js: /one.html failed with 500: Error: one is broken (app/http/one.html.js:2)",
      "app/http/three.html.js: /three.html failed with 404: NotFoundError: Nothing is found at this path.",
      "app/http/two.html.js: /two.html failed: Error: late (app/http/two.html.js:3)",
    ]);
    assert.deepEqual(readdirSync("build/app/static"), ["a.html"]);
    assert.equal(statSync("build/app/static/a.html").mtimeMs, before);
    assert.deepEqual(readdirSync("build").sort(), [".inflate.json", "app"]);
  });

  it("fails for links that lead nowhere, and tells the line and the remedy", async () => {
    await project.write({
      "app/http/index.html.md": "# Home\n\n[a](/a)\n[b](/posts/7)\n[c](/list)\n[d](nope/) ![e](e.png)\n",
      "app/http/[...rest].json.js": "export const apiOptions = { path: 'rest/*' }; export default () => 1;",
      "app/http/posts/[id].html.js":
        "export const apiOptions = { path: ':id' }; export default (req, res) => res.html('x');",
      "app/http/list.api.js": "export default (req, res) => res.html('x');",
      "app/http/other.html.md": "[a](/a)\n",
      "app/static/a.css": "a { background: url(missing.png) }",
      "app/static/ok.html": '<a rel="external" href="/elsewhere">x</a>',
    });
    assert.deepEqual((await problemsOf(toFolder())).sort(), [
      'app/http/index.html.md: /index links to "/a", as 1 more do, which nothing answers. Correct the link, or add rel="external" if another program answers it. (app/http/index.html.md:3)',
      'app/http/index.html.md: /index links to "/list", but app/http/list.api.js, which answers it, is not part of the site. Let it export inflatePaths that name /list. (app/http/index.html.md:5)',
      'app/http/index.html.md: /index links to "/posts/7", but app/http/posts/[id].html.js, which answers it, is not part of the site. Let it export inflatePaths that name /posts/7. (app/http/index.html.md:4)',
      'app/http/index.html.md: /index links to "e.png", which nothing answers. Correct the link, or add rel="external" if another program answers it. (app/http/index.html.md:6)',
      'app/http/index.html.md: /index links to "nope/", which nothing answers. Correct the link, or add rel="external" if another program answers it. (app/http/index.html.md:6)',
      'app/static/a.css: /a.css links to "missing.png", which nothing answers. Correct the link, or add rel="external" if another program answers it. (app/static/a.css:1)',
    ]);
  });

  const wrongPaths: readonly (readonly [string, RegExp])[] = [
    ["() => 7", /inflatePaths must return an array of paths/],
    ["() => 'x'", /inflatePaths must return an array of paths/],
    ["() => ['x']", /names "x", but a path begins with "\/"/],
    ["() => ['/a?b']", /names "\/a\?b", but a path begins/],
    ["() => [null]", /names null, but must name paths/],
    ["() => [{ name: 1 }]", /names \{"name":1\}, but the path \/:id needs "id"/],
    ["() => [{ id: '' }]", /needs "id"/],
    ["() => [{ id: 'a/b' }]", /no file can have the name of its path "\/a%2Fb\.html"/],
    ["() => ['/50%.html']", /its path "\/50%\.html" has a percent sign that encodes nothing\. Write %25/],
    ["() => ['/missing.html']", /\/missing\.html failed with 404/],
    ["7", /inflatePaths must be a function that returns an array/],
  ];
  for (const [inflatePaths, message] of wrongPaths) {
    it(`refuses inflatePaths ${inflatePaths}`, async () => {
      await project.write({
        "app/http/[id].html.js": `export const inflatePaths = ${inflatePaths}; export default ({ params }, res) => params.id === "missing" ? undefined : res.html("x");`,
      });
      await assert.rejects(toFolder(), (error: StartError) => {
        assert.match(error.message, message);
        return error.problems.length === 1;
      });
    });
  }

  it("tells of routes with parameters that name no paths, of forms that post, and of queries", async () => {
    await project.write({
      "app/http/[id].html.js": "export default (req, res) => res.html('x');",
      "app/http/a.html.js":
        "export default (req, res) => res.html('<form method=post></form><a href=\"/a.html?page=2\">next</a>');",
    });
    const { notes } = await toFolder();
    assert.match(
      notes.join("\n"),
      /\[id\]\.html\.js: \/:id has parameters, so it is not part of the site\. Export inflatePaths/,
    );
    assert.match(notes.join("\n"), /the link "\/a\.html\?page=2" has a query, which a file server ignores/);
    assert.match(notes.join("\n"), /a\.html\.js: it has a form with the method POST, which needs a server\./);
  });

  it("refuses two pages of one file, and a page at a path of another content type", async () => {
    await project.write({
      "app/http/a.html.js":
        "export const apiOptions = { path: 'x' }; export default (req, res) => res.html('a');",
      "app/static/x/index.html": "b",
      "app/http/c.html.js": "export default (req, res) => res.json({});",
      "app/http/d.html.js":
        "export const apiOptions = { path: 'd' }; export default (req, res) => res.json({});",
      "app/http/e.html.js":
        "export const apiOptions = { path: 'e.pdf' }; export default (req, res) => res.redirect('/x');",
    });
    assert.deepEqual((await problemsOf(toFolder())).sort(), [
      "app/http/c.html.js: /c.html answers application/json, but a page of a static site answers HTML. Return an element, or send HTML with res.html().",
      "app/http/d.html.js: /d answers application/json, but a page of a static site answers HTML. Return an element, or send HTML with res.html().",
      "app/http/e.html.js: /e.pdf redirects to /x, but only a page can redirect. End the path with .html, or link to /x.",
      "app/static/x/index.html: /x/index.html and /x of app/http/a.html.js would both be the file app/static/x/index.html. Change one of the paths.",
    ]);
  });

  it("renders Markdown once, pages with handlers always, and writes what has changed", async () => {
    const layout = (word: string) =>
      `import JSX from "@miqro/jsx"; export default ({ children }) => JSX.createElement("html", {}, "${word}", children);`;
    await project.write({
      "app/http/a.html.md": "# A\n",
      "app/http/b.html.md": "# B\n",
      "app/http/in/_layout.html.js": layout("one"),
      "app/http/in/c.html.md": "# C\n",
      "app/http/n.html.js":
        "globalThis.handled = (globalThis.handled ?? 0) + 1; export default (req, res) => res.html('<p>' + globalThis.handled++ + '</p>');",
    });
    let parsed = 0;
    const { parse } = MarkedParser.prototype;
    MarkedParser.prototype.parse = function (this: MarkedParser, ...args: Parameters<typeof parse>) {
      parsed++;
      return parse.apply(this, args);
    } as typeof parse;
    try {
      const first = await toFolder();
      assert.deepEqual(first.markdown, { rendered: 3, reused: 0 });
      assert.equal(parsed, 3);
      const second = await toFolder();
      assert.deepEqual(second.markdown, { rendered: 0, reused: 3 });
      assert.equal(parsed, 3);
      assert.deepEqual([second.written, second.unchanged, second.removed], [1, 6, 0]);
      await project.write({ "app/http/b.html.md": "# New\n" });
      const third = await toFolder();
      assert.deepEqual(third.markdown, { rendered: 1, reused: 2 });
      assert.deepEqual([third.written, third.unchanged], [3, 4]);
      assert.match(read("app/static/b/index.html"), /New/);
      rmSync("app/http/a.html.md");
      const fourth = await toFolder();
      assert.deepEqual([fourth.removed, fourth.markdown], [2, { rendered: 0, reused: 2 }]);
      assert.equal(parsed, 4);
    } finally {
      MarkedParser.prototype.parse = parse;
    }
  });

  it("renders many Markdown pages beside its thread, to the same HTML", async () => {
    const page = (index: number) => `# Page ${index}\n\n[next](/p/${(index + 1) % 450})\n`;
    const files = Array.from({ length: 450 }, (_, index) => [`app/http/p/${index}.html.md`, page(index)]);
    await project.write(Object.fromEntries(files));
    const { markdown, files: made } = await new Miqro({ services: ["app"] }).inflate();
    assert.deepEqual(markdown, { rendered: 450, reused: 0 });
    for (const index of [0, 7, 449]) {
      assert.match(
        made.get(`app/static/p/${index}/index.html`)?.body?.toString() ?? "",
        new RegExp(`<h1 id="page-${index}">Page ${index}</h1>`),
      );
    }
  });

  it("lists pages in sitemap.xml, llms.txt and feed.xml where it knows the URL", async () => {
    await project.write({
      "app/http/index.html.md": "---\ntitle: My & site\ndescription: About <it>\n---\n\nHello\n",
      "app/http/news/a.html.md": "---\ntitle: A\ndate: 2026-01-02\n---\n\nA\n",
      "app/http/news/b.html.md": "---\ntitle: B\ndate: 2026-03-04T05:06:07Z\ndescription: bee\n---\n\nB\n",
      "app/http/hidden.html.js":
        "export default (req, res) => res.html('<meta name=robots content=noindex>x');",
    });
    await toFolder({ inflateFlat: true, inflateBase: "https://a.example/r" });
    assert.match(
      read("sitemap.xml"),
      /<url><loc>https:\/\/a\.example\/r\/news\/a\/<\/loc><lastmod>2026-01-02<\/lastmod><\/url>/,
    );
    assert.doesNotMatch(read("sitemap.xml"), /hidden|404/);
    assert.equal(
      read("llms.txt"),
      "# My & site\n\n> About <it>\n\n## Pages\n\n- [My & site](https://a.example/r/): About <it>\n- [A](https://a.example/r/news/a/)\n- [B](https://a.example/r/news/b/): bee\n",
    );
    const feed = read("feed.xml");
    assert.match(
      feed,
      /<title>My &amp; site<\/title><\/channel>|<title>My &amp; site<\/title>\n<link>https:\/\/a\.example\/r\/<\/link>/,
    );
    assert.deepEqual(
      Array.from(feed.matchAll(/<item><title>(\w)<\/title>/g), ([, title]) => title),
      ["B", "A"],
    );
    assert.match(feed, /<pubDate>Wed, 04 Mar 2026 05:06:07 GMT<\/pubDate><description>bee<\/description>/);
    // A service that has one of its own keeps it.
    await project.write({ "app/static/llms.txt": "mine" });
    await toFolder({ inflateFlat: true, inflateBase: "https://a.example/r/" });
    assert.equal(read("llms.txt"), "mine");
  });

  it("tells browsers the encoding of pages that do not", async () => {
    await project.write({
      "app/http/a.html.js":
        "export default (req, res) => res.html('<html><head><title>ü</title></head><a href=/a.html>x</a></html>');",
      "app/http/b.html.js": "export default (req, res) => res.html('<p>ü</p>');",
      "app/http/c.html.js": "export default (req, res) => res.html('<p>c</p>');",
    });
    await toFolder({ inflateFlat: true, inflateBase: "/r/" });
    assert.equal(
      read("a.html"),
      '<html><head><meta charset="utf-8"><title>ü</title></head><a href=/r/a.html>x</a></html>',
    );
    assert.equal(read("b.html"), '<meta charset="utf-8"><p>ü</p>');
    assert.equal(read("c.html"), "<p>c</p>");
  });

  it("runs in a handler of a running server, without migrating its database again", async () => {
    await project.write({
      ...siteFiles,
      "app/server.js": "export default { load() { globalThis.loads = (globalThis.loads ?? 0) + 1 } };",
      "app/http/publish.api.js": `
        import { Miqro } from "miqro";
        export default { method: "POST", handler: async (req, res) => {
          const { files } = await new Miqro({ services: ["app"] }).inflate({ inflateDir: "build" });
          return res.json({ count: files.size });
        } };`,
    });
    const app = new Miqro({ services: ["app"], port: 0, host: "127.0.0.1" });
    const { port } = (await app.start()) as AddressInfo;
    try {
      const publish = async () =>
        (await fetch(`http://127.0.0.1:${port}/publish`, { method: "POST" })).json();
      assert.deepEqual(await Promise.all([publish(), publish()]), [{ count: 26 }, { count: 26 }]);
      assert.match(read("app/static/goods/1/index.html"), /Käse/);
      // The same object can do so as well, and continues to serve.
      assert.equal((await app.inflate()).files.size, 26);
      assert.equal((await fetch(`http://127.0.0.1:${port}/goods`)).status, 200);
      assert.equal((globalThis as { loads?: number }).loads, 4);
    } finally {
      await app.stop({ drainIdle: 0 });
    }
  });

  it("refuses options that cannot be, all of them at once, and folders of a service", async () => {
    await project.write({ "app/http/a.html.js": "export default (req, res) => res.html('a');" });
    const wrong = { inflateDir: "", inflateParallel: 0, inflateBase: "repo", inflateFlatt: true };
    await assert.rejects(toFolder(wrong as InflateOptions), (error: MiqroError) => {
      assert.equal(error.message.split("\n").length, 4, error.message);
      assert.match(error.message, /unknown key "inflateFlatt".*inflateFlat/);
      assert.match(error.message, /inflateBase must be a path such as "\/repo\/"/);
      return error.code === "MIQRO_ARGUMENT";
    });
    for (const options of [
      { inflateDir: "." },
      { inflateDir: "app", inflateFlat: true },
      { inflateDir: "app/http/x", inflateFlat: true },
    ]) {
      await assert.rejects(toFolder(options), /which belongs to the service .*app\. Name another folder\./);
    }
    assert.throws(
      () => new Miqro({ services: ["app"], inflateDir: "x" } as never),
      /"inflateDir" is an option of inflate\(\)/,
    );
  });

  it("takes what a convention serves, with the extension of its type", async () => {
    const docs: ConventionEntry = {
      name: "docs",
      load: async () => ({
        check() {},
        compose([{ service, file } = {} as ConventionFile], parts) {
          parts.sitePages.push({ service, path: "/api/docs", source: file.source });
        },
        mount(_config, router) {
          router.get("/api/docs", (_req, res) => res.text("# Docs", { "Content-Type": "text/markdown" }));
        },
      }),
    };
    (conventions as ConventionEntry[]).push(docs);
    try {
      await project.write({
        "app/docs.js": "export default {};",
        "app/http/index.html.md": "[docs](/api/docs)\n",
      });
      const { files } = await toFolder({ inflateFlat: true });
      assert.deepEqual([...files.keys()], ["api/docs.md", "index.html", "index/index.html"]);
      assert.equal(read("api/docs.md"), "# Docs");
      assert.match(read("index.html"), /<a href="\/api\/docs\.md">/);
    } finally {
      (conventions as ConventionEntry[]).pop();
    }
  });

  it("is given up by a signal, and writes nothing", async () => {
    await project.write({ "app/http/a.html.js": page, "app/http/b.html.js": page });
    const end = new AbortController();
    const run = toFolder({ signal: end.signal, onProgress: () => end.abort(new Error("enough")) });
    await assert.rejects(run, /enough/);
    assert.ok(!existsSync("build"));
  });

  it("tells how far it has come, and makes as many pages at once as it is told", async () => {
    await project.write({
      "app/http/[id].html.js": `
        let running = 0;
        export const inflatePaths = () => Array.from({ length: 20 }, (_, id) => ({ id }));
        export default async (req, res) => {
          globalThis.most = Math.max(globalThis.most ?? 0, ++running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running--;
          return res.html("x");
        };`,
    });
    const seen: number[] = [];
    await toFolder({ inflateParallel: 3, onProgress: ({ done, total }) => seen.push(done / total) });
    assert.equal((globalThis as { most?: number }).most, 3);
    assert.deepEqual(seen.length, 20);
    assert.equal(seen.at(-1), 1);
  });
});
