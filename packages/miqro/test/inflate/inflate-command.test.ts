import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startProcess } from "miqro-tests/process";
import { createProgress } from "../../dist/cli/progress.js";
import { createProject, type Project } from "../support/project.js";

const program = fileURLToPath(new URL("../../bin/miqro.js", import.meta.url));
let project: Project | undefined;
afterEach(() => project?.remove());

async function run(
  files: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: unknown; output: string; path: string }> {
  project = await createProject(files);
  const child = startProcess(process.execPath, [program, "--no-build", ...args], {
    cwd: project.path,
    env: { ...process.env, NODE_ENV: "" },
  });
  return { code: await child.exited, output: child.output(), path: project.path };
}

const page = "export default (req, res) => res.html('x');";

describe("miqro --inflate", () => {
  it("writes to inflated/SERVICE/static/, and says what it did in plain lines", async () => {
    const files = { "app/http/a.html.js": page, "app/http/b.html.md": "# B" };
    const { code, output, path } = await run(files, "--inflate", "--service", "app");
    assert.equal(
      output.replace(/; \d+ ms/, "; N ms"),
      "Markdown: 1 rendered, 0 not changed.\n3 files in inflated/ (3 written, 0 not changed, 0 removed; N ms)\n",
    );
    assert.equal(code, 0);
    assert.ok(existsSync(join(path, "inflated/app/static/b/index.html")));
  });

  it("takes its flags, and miqro.json, whose folder is relative to it", async () => {
    const files = {
      "config/miqro.json":
        '{ "services": ["../app"], "noBuild": true, "inflateDir": "../out", "inflateFlat": true }',
      "app/http/a.html.js": "export default (req, res) => res.html('<a href=/a.html>a</a>');",
      "app/http/no.html.js":
        "import { UnauthorizedError } from 'miqro'; export default () => { throw new UnauthorizedError() };",
    };
    const { code, output, path } = await run(
      files,
      "--inflate",
      "--config",
      "config/miqro.json",
      "--inflate-base",
      "/r/",
      "--inflate-parallel",
      "2",
    );
    assert.equal(code, 0, output);
    assert.match(output, /^Left out: \/no\.html, which answers 401 \(app\/http\/no\.html\.js\)\.$/m);
    assert.equal(readFileSync(join(path, "out/a.html"), "utf8"), "<a href=/r/a.html>a</a>");
  });

  it("ends with 20, lists every failure, and writes nothing", async () => {
    const files = {
      "app/http/a.html.js": "\nexport default () => { throw new Error('broken') };",
      "app/http/b.html.md": "[x](/nowhere)\n",
    };
    const { code, output, path } = await run(
      files,
      "--inflate",
      "--inflate-dir",
      "build",
      "--service",
      "app",
    );
    assert.equal(code, 20);
    assert.match(
      output,
      /^miqro: app\/http\/a\.html\.js: \/a\.html failed with 500: Error: broken \(app\/http\/a\.html\.js:2\)$/m,
    );
    assert.match(
      output,
      /^miqro: app\/http\/b\.html\.md: \/b links to "\/nowhere".*\(app\/http\/b\.html\.md:1\)$/m,
    );
    assert.ok(!existsSync(join(path, "build")));
  });

  const catching = (body: string) =>
    `export default { catch: (err, req, res) => { ${body}; return res.html("<p>" + err.status + "</p>", {}, err.status); } };`;
  const loggers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "the logger of the request": { "app/catch.js": catching("req.logger.error('told %s', req.path)") },
    "a logger of the server": {
      "app/catch.js": catching("req.server.getLogger('OWN').error('told %s', req.path)"),
    },
    "log.ts": {
      "app/catch.js": catching("req.logger.error('told %s', req.path)"),
      "app/log.js":
        "export default { replaceConsoleTransport: true, write: ({ out }) => console.log('own', out) };",
    },
    "the framework, about a status of 500": {
      "app/catch.js": "export default { catch: (err, req, res) => res.html('told', {}, 500) };",
    },
  };
  for (const [what, files] of Object.entries(loggers)) {
    it(`writes no line of the log about its own request for an unknown path: ${what}`, async () => {
      const { code, output, path } = await run(
        {
          "app/http/a.html.js":
            "export default (req, res) => { req.logger.warn('seen'); return res.html('a'); };",
          ...files,
        },
        ...["--inflate", "--inflate-dir", "out", "--inflate-flat", "--service", "app"],
      );
      assert.equal(code, 0, output);
      assert.doesNotMatch(output, /ERROR|told|\/404/);
      assert.match(output, /WARN .*seen/);
      assert.equal(existsSync(join(path, "out/404.html")), what !== "the framework, about a status of 500");
    });
  }

  it("ends with 20 by a signal, whatever a handler does, and leaves the old files alone", async () => {
    const files = { "app/http/a.html.js": page };
    const { path } = await run(files, "--inflate", "--service", "app");
    await project?.write({
      "app/http/a.html.js": "export default (req, res) => res.html('new');",
      "app/http/b.html.js":
        "export default () => { console.log('hangs'); return new Promise(() => setInterval(() => {}, 1000)); };",
    });
    const child = startProcess(process.execPath, [program, "--no-build", "--inflate", "--service", "app"], {
      cwd: path,
    });
    await child.waitFor(/hangs/);
    assert.equal(await child.stop(), 20);
    assert.match(child.output(), /The run was ended by a signal\. Nothing is written\./);
    assert.equal(readFileSync(join(path, "inflated/app/static/a.html"), "utf8"), "x");
    assert.ok(!existsSync(join(path, "inflated/app/static/b.html")));
  });

  it("does not mix the files of two processes that write to one folder", async () => {
    const pages = Array.from({ length: 60 }, (_, index) => [
      `app/http/${index % 9}/${index}.html.js`,
      "export default (req, res) => res.html('<a href=/0/0.html>x</a>');",
    ]);
    project = await createProject(Object.fromEntries(pages));
    const { path } = project;
    const start = (base: string) =>
      startProcess(
        process.execPath,
        [program, "--no-build", "--inflate", "--service", "app", "--inflate-base", base],
        { cwd: path },
      );
    const children = ["/one/", "/two/", "/three/"].map(start);
    for (const child of children) assert.equal(await child.exited, 0, child.output());
    const texts = pages.map(([name = ""]) =>
      readFileSync(join(path, "inflated/app/static", name.slice("app/http/".length, -3)), "utf8"),
    );
    assert.equal(new Set(texts).size, 1, [...new Set(texts)].join());
  });

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ["--inflate-flat"],
      /--inflate-flat has an effect only with --inflate\. Add --inflate, or leave --inflate-flat out\./,
    ],
    [
      ["--inflate", "--inflate-parallel", "many"],
      /"inflateParallel" is "many", but must be a number from 1 to 99/,
    ],
    [["--inflate", "--inflate-base", "repo"], /inflateBase must be a path such as/],
    [["--inflate", "--watch"], /--watch is for a server, but --inflate runs once and ends/],
    [["--inflate", "--migrate-up"], /exclude each other/],
  ];
  for (const [args, message] of refused) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, output } = await run({ "app/http/a.html.js": page }, ...args, "--service", "app");
      assert.match(output, message);
      assert.equal(code, 10);
    });
  }
});

describe("createProgress", () => {
  function record(isTTY: boolean): { written: string[]; output: NodeJS.WriteStream } {
    const written: string[] = [];
    const output = { isTTY, columns: 40, write: (text: string) => written.push(text) > 0 };
    return { written, output: output as unknown as NodeJS.WriteStream };
  }

  it("draws one line on a terminal, and takes it away", () => {
    const { written, output } = record(true);
    const progress = createProgress("Inflating", output);
    progress.tell(1, 500, "/a/very/long/path/that/does/not/fit.html");
    progress.tell(2, 500, "/b");
    progress.end();
    assert.deepEqual(written, ["\r\u001b[KInflating 1 of 500 (0 s) /a/very/long/p", "\r\u001b[K"]);
    assert.ok((written[0]?.length ?? 0) < 46);
  });

  it("writes no line for short work elsewhere", () => {
    const { written, output } = record(false);
    const progress = createProgress("Inflating", output);
    for (let done = 1; done <= 500; done++) progress.tell(done, 500, "/a");
    progress.end();
    assert.deepEqual(written, []);
  });
});
