import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import * as nodeModule from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro, type MiqroOptions, StartError } from "miqro";
import { startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let running: Miqro[] = [];
afterEach(async () => {
  for (const miqro of running) await miqro.stop({ drainIdle: 0 });
  running = [];
  await project?.remove();
  delete process.env.JSX_TMP;
  delete process.env.CLEAR_JSX_CACHE;
});

const packages = ["miqro", "@miqro", "@types"];
const compilers: Readonly<Record<string, readonly string[]>> = {
  esbuild: [...packages, "esbuild", "@esbuild"],
  typescript: [...packages, "typescript", "@typescript"],
};

const app = {
  "package.json": '{ "private": true }',
  "app/count.ts": "let n: number = 0;\nexport const next = (): number => ++n;\n",
  "app/http/a.api.ts": 'import { next } from "../count.js";\nexport default () => String(next());\n',
  "app/http/b.api.ts": 'import { next } from "../count.js";\nexport default () => String(next());\n',
  "app/http/index.html.tsx": `import JSX from "@miqro/jsx";
import { APIOptions } from "miqro";
export const apiOptions: APIOptions = { path: ["/", "/index.html"] };
const wrong: number = "no number";
export default (req, res) => <p>{wrong}</p>;
`,
  "app/http/fails.api.ts": `interface Unused {
  readonly name: string;
}

export default () => {
  throw new Error("as asked");
};
`,
};

async function start(options: Partial<MiqroOptions> = {}): Promise<string> {
  assert.ok(project);
  const miqro = new Miqro({
    services: [join(project.path, "app")],
    port: 0,
    host: "127.0.0.1",
    noBuild: false,
    ...options,
  });
  running.push(miqro);
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const text = async (url: string) => (await fetch(url)).text();
/** The folders with outputs of one compiler. */
async function builds(folder: string): Promise<string[]> {
  const [kind = ""] = (await readdir(folder)).filter((name) => /^(?:esbuild|typescript)-/.test(name));
  const entries = await readdir(join(folder, kind), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, kind, entry.name));
}
const problemsOf = async (start: Promise<unknown>) => {
  const error: unknown = await start.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StartError, String(error));
  return error.problems.map(({ file, message }) => `${file}: ${message}`.replaceAll(project?.path ?? "", ""));
};

const client = {
  ...app,
  "package.json": '{ "private": true, "type": "module" }',
  "app/http/js/label.ts": 'export const label: string = "clicks";\n',
  "app/http/js/app.min.tsx": `import JSX from "@miqro/jsx";
import { define } from "@miqro/jsx-dom";
import { label } from "./label.js";
define("my-label", () => <b>{label}</b>, { shadowInit: false });
`,
};

/** Returns the module that the stub of a script imports. */
async function moduleOf(url: string): Promise<{ readonly path: string; readonly text: string }> {
  const stub = await text(`${url}/js/app.js`);
  const path = /import\("([^"]+)"\)/.exec(stub)?.[1] ?? "";
  const response = await fetch(new URL(path, `${url}/js/app.js`));
  assert.match(response.headers.get("cache-control") ?? "", /immutable/);
  return { path, text: await response.text() };
}

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
/** The id of a user who may write only what is theirs. */
const nobody = 65_534;

for (const [compiler, installed] of Object.entries(compilers)) {
  describe(`sources compiled by ${compiler}`, () => {
    it("answer without a tsconfig.json and without a module type, whatever their types are", async () => {
      project = await createProject(app, installed);
      const url = await start();
      assert.equal(await text(`${url}/`), "<!DOCTYPE html><p>no number</p>");
      assert.equal(await text(`${url}/a`), "1");
    });

    it("are layouts of Markdown as well, in TypeScript and in JavaScript", async () => {
      const layout = (name: string) => `import JSX from "@miqro/jsx";
export default ({ children }) => <html><body class="${name}">{children}</body></html>;
`;
      project = await createProject(
        {
          "package.json": '{ "private": true }',
          "app/http/about.html.md": "About",
          "app/http/_layout.html.tsx": layout("typescript"),
          "app/http/docs/guide.html.md": "Guide",
          "app/http/docs/_layout.html.jsx": layout("javascript"),
          "app/http/wide.html.md": "---\nlayout: wide\n---\nWide",
          "app/http/_wide.html.js":
            'import { createElement } from "@miqro/jsx";\nexport default ({ html }) => createElement("main", {}, html.length);',
        },
        installed,
      );
      const url = await start();
      assert.match(await text(`${url}/about`), /<body class="typescript"><article><p>About/);
      assert.match(await text(`${url}/docs/guide`), /<body class="javascript"><article><p>Guide/);
      assert.match(await text(`${url}/wide`), /<main>\d+<\/main>/);
    });

    it(`${compiler === "esbuild" ? "keep their state for each file" : "share their state"}`, async () => {
      project = await createProject(app, installed);
      const url = await start();
      await text(`${url}/a`);
      assert.equal(await text(`${url}/b`), compiler === "esbuild" ? "1" : "2");
    });

    it("are kept, and compiled again only when one has changed", async () => {
      project = await createProject(app, installed);
      await project.age(Object.keys(app));
      const cache = join(project.path, "node_modules/.cache/miqro");
      await start();
      const first = await builds(cache);
      await start();
      assert.deepEqual(await builds(cache), first);
      await project.write({ "app/count.ts": "export const next = (): string => 'changed';\n" });
      assert.deepEqual(first.length, 1);
      await start();
      const second = await builds(cache);
      assert.equal(second.length, 2);
      await project.write({ "app/count.ts": "export const next = (): string => 'again';\n" });
      await start();
      const third = await builds(cache);
      // That of the version before may still be in use.
      assert.deepEqual([third.length, third.includes(first[0] ?? "")], [2, false]);
      process.env.CLEAR_JSX_CACHE = "1";
      await start();
      assert.ok(!(await builds(cache)).includes(third[0] ?? ""));
      process.env.CLEAR_JSX_CACHE = "0";
      await project.write({ "app/count.ts": "export const next = (): string => 'kept';\n" });
      await start();
      assert.equal((await builds(cache)).length, 3);
    });

    it("run from a disk that cannot be written, once they are compiled", async () => {
      project = await createProject(app, installed);
      await project.age(Object.keys(app));
      const { path } = project;
      // Nothing is read-only for root.
      const isRoot = process.getuid?.() === 0;
      if (isRoot) execFileSync("chown", ["-R", String(nobody), path]);
      const run = () =>
        startProcess(
          process.execPath,
          [program, "--service", "app", "--port", "0", "--host", "127.0.0.1", "--log-file", "false"],
          { cwd: path, ...(isRoot ? { uid: nobody, gid: nobody } : {}) },
        );
      const serve = async () => {
        const server = run();
        const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
        assert.equal(await text(`${url}/`), "<!DOCTYPE html><p>no number</p>");
        await server.stop();
      };
      await serve();
      const cache = join(path, "node_modules/.cache/miqro");
      const [kind = ""] = await readdir(cache);
      await chmod(join(cache, kind), 0o500);
      await serve();
      await project.write({ "app/count.ts": "export const next = (): string => 'changed';\n" });
      const refused = run();
      assert.equal(await refused.exited, 20);
      assert.match(refused.output(), /cannot be written to .*: this user has no permission\. .* JSX_TMP/);
      await chmod(join(cache, kind), 0o700);
    });

    it("are compiled once by servers that start at the same time", async () => {
      project = await createProject(app, installed);
      await project.age(Object.keys(app));
      const urls = await Promise.all([start(), start(), start()]);
      assert.equal((await builds(join(project.path, "node_modules/.cache/miqro"))).length, 1);
      for (const url of urls) assert.equal(await text(`${url}/`), "<!DOCTYPE html><p>no number</p>");
    });

    it("tell a syntax error with its file, line and code", async () => {
      project = await createProject(
        { ...app, "app/count.ts": "export const a = 1;\nlet n: = 2;\n" },
        installed,
      );
      const problems = await problemsOf(start());
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? "", /^\/app\/count\.ts: .+ \(\/app\/count\.ts:2:8\)\n/);
      assert.match(problems[0] ?? "", /> 2 \| let n: = 2;\n/);
    });

    const failures: readonly (readonly [string, string, RegExp])[] = [
      [
        "a package that is not installed",
        'import x from "not-there";\nexport default () => x;\n',
        /app\/http\/x\.api\.ts: it imports the package "not-there", which is not installed\. Run "npm install not-there"\.$/,
      ],
      [
        "a file that does not exist",
        'import x from "./gone.js";\nexport default () => x;\n',
        /app\/http\/x\.api\.ts: it imports .*gone\.js"?, which does not exist/,
      ],
      [
        "an error while it is loaded",
        'const a: number = 1;\n\nthrow new Error("broken");\n',
        /app\/http\/x\.api\.ts: Error: broken \(\/app\/http\/x\.api\.ts:3\)$/,
      ],
    ];
    for (const [what, source, message] of failures) {
      it(`tell ${what} without a word of the cache`, async () => {
        project = await createProject({ ...app, "app/http/x.api.ts": source }, installed);
        const problems = await problemsOf(start());
        assert.match(problems.join("\n"), message);
        assert.doesNotMatch(problems.join("\n"), /\.cache/);
      });
    }

    it("name their own lines in stacks", async () => {
      project = await createProject(
        {
          ...app,
          "app/catch.ts": "export default { catch: [(e, req, res) => res.text(e.stack, {}, 500)] };\n",
        },
        installed,
      );
      const stack = await text(`${await start()}/fails`);
      const [first] = stack.split("\n").filter((line) => line.includes(" at "));
      assert.match(first ?? "", /\/app\/http\/fails\.api\.ts:6:9/);
    });

    it("may lie in a package of the same workspace, whatever tsc wrote of them", async () => {
      const who = "packages/auth/service/http/who.api.ts";
      project = await createProject(
        {
          "package.json": '{ "private": true }',
          "packages/auth/package.json": '{ "name": "@my/auth", "miqro": { "service": "service/" } }',
          "packages/auth/tsconfig.json": '{ "compilerOptions": { "outDir": "dist", "module": "esnext" } }',
          "packages/auth/dist/service/http/who.api.js": "export default () => 'old';\n",
          [who]: "type A = string;\nexport default (): A => 'new';\n",
        },
        installed,
      );
      await mkdir(join(project.path, "node_modules/@my"));
      await symlink("../../packages/auth", join(project.path, "node_modules/@my/auth"));
      const url = await start({ services: [join(project.path, "node_modules/@my/auth/service")] });
      assert.equal(await text(`${url}/who`), "new");
    });

    it("may be reached by a link", async () => {
      project = await createProject(client, installed);
      const outside = await createProject({});
      try {
        await symlink(project.path, join(outside.path, "current"));
        const url = await start({ services: [join(outside.path, "current/app")] });
        assert.equal(await text(`${url}/`), "<!DOCTYPE html><p>no number</p>");
        assert.match((await moduleOf(url)).text, /clicks|label\.js/);
      } finally {
        await outside.remove();
      }
    });

    it("lie where JSX_TMP says, which nobody else may write to", async () => {
      const image = "document.images[0].src = new URL('./logo.svg', import.meta.url).href;\n";
      project = await createProject(
        { ...app, "app/http/js/app.min.ts": image, "app/http/js/logo.svg": "<svg/>" },
        installed,
      );
      const outside = await createProject({});
      try {
        process.env.JSX_TMP = join(outside.path, "cache");
        const url = await start();
        assert.equal(await text(`${url}/`), "<!DOCTYPE html><p>no number</p>");
        assert.equal((await builds(process.env.JSX_TMP)).length, 1);
        await chmod(process.env.JSX_TMP, 0o770);
        await assert.rejects(start(), {
          code: "MIQRO_ARGUMENT",
          message: /which has mode 0770: .* mode 0700/,
        });
        process.env.JSX_TMP = join(outside.path, "link");
        await mkdir(join(outside.path, "real"), { mode: 0o700 });
        await symlink(join(outside.path, "real"), process.env.JSX_TMP);
        await assert.rejects(start(), /which is a link/);
      } finally {
        await outside.remove();
      }
    });
  });
}

const typescript5 = fileURLToPath(new URL("../../../test/parts/node_modules/typescript-5", import.meta.url));

describe("sources compiled by TypeScript 5.9", {
  skip: existsSync(typescript5) ? false : "it is not installed",
}, () => {
  it("answer, and tell a syntax error with its place", async () => {
    project = await createProject(app, packages);
    await symlink(typescript5, join(project.path, "node_modules/typescript"));
    assert.equal(await text(`${await start()}/`), "<!DOCTYPE html><p>no number</p>");
    await project.write({ "app/count.ts": "export const a = 1;\nlet n: = 2;\n" });
    assert.match((await problemsOf(start()))[0] ?? "", /^\/app\/count\.ts: .+ \(\/app\/count\.ts:2:8\)\n/);
  });

  it("are refused by a TypeScript that always checks types", async () => {
    project = await createProject(
      {
        ...app,
        "node_modules/typescript/package.json": '{ "version": "5.4.5", "bin": { "tsc": "bin/tsc" } }',
      },
      packages,
    );
    await assert.rejects(start(), {
      code: "MIQRO_COMPILE",
      message: /^TypeScript 5\.4\.5 is too old to compile/,
    });
  });
});

describe("sources without a compiler", () => {
  it("are refused in a sentence that names both", async () => {
    project = await createProject(app, packages);
    await assert.rejects(start(), {
      code: "MIQRO_COMPILE",
      message:
        /must be compiled, and .* has no compiler: run "npm install --save-dev typescript" or "npm install --save-dev esbuild"\.$/,
    });
  });

  it("are run as they are, where they are JavaScript", async () => {
    project = await createProject({ "app/http/a.api.js": 'export default () => "plain";\n' }, packages);
    assert.equal(await text(`${await start()}/a`), "plain");
  });
});

describe("new Miqro without noBuild", () => {
  it("compiles TypeScript of which nobody else writes outputs, and runs what tsc wrote elsewhere", async () => {
    project = await createProject(app, compilers.typescript);
    const { noBuild: _, ...options } = { noBuild: undefined };
    const open = { services: [join(project.path, "app")], port: 0, host: "127.0.0.1", ...options };
    const first = new Miqro(open);
    running.push(first);
    const { port } = (await first.start()) as AddressInfo;
    assert.equal(await text(`http://127.0.0.1:${port}/a`), "1");
    await project.write({ "tsconfig.json": '{ "compilerOptions": { "rootDir": ".", "outDir": "dist" } }' });
    await assert.rejects(new Miqro({ ...open, compileTimeout: 0 }).start(), /lacks "type": "module"/);
  });
});

describe("client code", () => {
  it("is one minified bundle where esbuild compiles, and readable with noMinify", async () => {
    project = await createProject(client, compilers.esbuild);
    const small = (await moduleOf(await start())).text;
    assert.doesNotMatch(small, /\bimport\b/);
    assert.match(small, /clicks/);
    const plain = (await moduleOf(await start({ noMinify: true }))).text;
    assert.ok(plain.length > 1.2 * small.length, `${plain.length} against ${small.length}`);
  });

  it("is modules where TypeScript compiles, and with clientBundle: false", async () => {
    project = await createProject(client, compilers.typescript);
    assert.match((await moduleOf(await start())).text, /from "\.\.\/[^"]+\/label\.js"/);
    await project.remove();
    project = await createProject(client, compilers.esbuild);
    assert.match(
      (await moduleOf(await start({ clientBundle: false }))).text,
      /from "\.\.\/[^"]+\/label\.js"/,
    );
  });

  it("is one bundle of what tsc wrote with clientBundle, which says so when esbuild is missing", async () => {
    const compiled = {
      "app/http/js/app.min.js": 'import { label } from "./label.js";\ndocument.title = label;\n',
      "app/http/js/label.js": 'export const label = "clicks";\n',
    };
    project = await createProject(compiled, compilers.esbuild);
    const { text: bundle } = await moduleOf(await start({ noBuild: true, clientBundle: true }));
    assert.match(bundle, /document\.title="clicks"|="clicks";document\.title/);
    await project.remove();
    project = await createProject(compiled, packages);
    const problems = await problemsOf(start({ noBuild: true, clientBundle: true }));
    assert.match(problems[0] ?? "", /a bundle of it needs esbuild, .* Run "npm install --save-dev esbuild"/);
  });

  for (const [compiler, installed] of Object.entries(compilers)) {
    it(`never reaches what runs on the server, compiled by ${compiler}`, async () => {
      const files = {
        ...client,
        "app/db.ts":
          "export const secret = 1;\nexport default { name: 'x', disabled: true, dialect: 'node:sqlite' };\n",
      };
      project = await createProject(
        {
          ...files,
          "app/http/js/label.ts": 'import { secret } from "../../db.js";\nexport const label = secret;\n',
        },
        installed,
      );
      const problems = await problemsOf(start());
      assert.match(problems.join("\n"), /app\/db\.ts, a config file/);
    });

    it(`is whole in a static site and in an executable, compiled by ${compiler}`, async () => {
      project = await createProject(
        {
          ...client,
          "app/http/index.html.tsx": `import JSX from "@miqro/jsx";
export default () => <html><body><script src="/js/app.js" /></body></html>;
`,
          "app/http/js/shared.ts": "export const n: number = 1;\n",
          "app/http/js/work.ts": 'import { n } from "./shared.js";\npostMessage(n);\n',
          "app/http/js/logo.svg": "<svg/>",
          "app/http/js/app.min.tsx": `import { n } from "./shared.js";
import { label } from "./label.js";
new Worker(new URL("./work.ts", import.meta.url), { type: "module" });
document.images[n].src = new URL("./logo.svg", import.meta.url).href + label;
`,
        },
        installed,
      );
      const miqro = new Miqro({ services: [join(project.path, "app")], noBuild: false });
      const { files } = await miqro.inflate();
      const site = new Map([...files].map(([name, file]) => [name.replace("app/static", ""), file.body]));
      // The page and the stub lead to everything else that is there.
      const reached = new Set(["/index.html", "/js/app.js"]);
      for (const name of reached) {
        const text = site.get(name)?.toString() ?? assert.fail(`${name} is not there`);
        for (const [, one = ""] of text.matchAll(/"((?:\.\.?|)\/[^"\s]+\.(?:js|svg))"/g))
          reached.add(new URL(one, `http://site.invalid${name}`).pathname);
      }
      const names = [...site.keys()].filter((name) => name.startsWith("/_miqro/"));
      assert.deepEqual(
        names.filter((name) => !reached.has(name)),
        [],
      );
      const kinds = names.map((name) => name.split("/")[3]).sort();
      // A bundle has its own copy of the modules that it imports.
      const more = compiler === "esbuild" ? [] : ["label.js"];
      assert.deepEqual(kinds, ["app.min.js", ...more, "logo.svg", "shared.js", "work.js"]);

      if (typeof nodeModule.registerHooks !== "function") return;
      const composition = { services: [join(project.path, "app")], noBuild: false };
      const { collectPack } = await import("../dist/binary/build/collect-pack.js");
      const options = { composition, name: "fixture", settings: {}, onHint: () => {} };
      const { index } = await collectPack(options);
      assert.deepEqual(Object.keys(index.client?.modules ?? {}).sort(), names.sort());
    });

    it(`finds workers and files beside the sources, compiled by ${compiler}`, async () => {
      project = await createProject(
        {
          ...client,
          "app/http/js/work.ts": "const n: number = 1;\npostMessage(n);\nexport {};\n",
          "app/http/js/logo.svg": "<svg/>",
          "app/http/js/app.min.tsx": `new Worker(new URL("./work.ts", import.meta.url), { type: "module" });
document.images[0].src = new URL("./logo.svg", import.meta.url).href;
`,
        },
        installed,
      );
      const url = await start();
      const { path, text: module } = await moduleOf(url);
      const base = new URL(path, `${url}/js/app.js`);
      const found = Array.from(module.matchAll(/"(\.\.\/[^"]+)"/g), ([, one = ""]) => new URL(one, base));
      const answers = await Promise.all(found.map((one) => fetch(one)));
      assert.deepEqual(
        answers.map(({ status, headers }) => `${status} ${headers.get("content-type")?.split(";")[0]}`),
        ["200 text/javascript", "200 image/svg+xml"],
      );
    });
  }

  it("has a map of its sources in development", async () => {
    project = await createProject(client, compilers.esbuild);
    process.env.NODE_ENV = "development";
    try {
      const url = await start();
      const { path } = await moduleOf(url);
      const map = await text(new URL(`${path}.map`, `${url}/js/app.js`).href);
      const { sources } = JSON.parse(map) as { readonly sources: readonly string[] };
      assert.ok(
        sources.some((source) => source.endsWith("label.ts")),
        sources.join(),
      );
    } finally {
      delete process.env.NODE_ENV;
    }
  });

  it("is bundled once for the same modules", async () => {
    project = await createProject(client, compilers.esbuild);
    const first = await moduleOf(await start());
    const folder = join(project.path, "node_modules/.cache/miqro/client");
    const [name = ""] = await readdir(folder);
    const kept = await readFile(join(folder, name), "utf8");
    assert.ok(kept.includes("clicks"));
    assert.deepEqual(await moduleOf(await start()), first);
    assert.deepEqual(await readdir(folder), [name]);
  });
});
