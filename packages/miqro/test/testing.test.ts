import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { TestResponseError, testServer } from "miqro/testing";
import { startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const run = promisify(execFile);
const noDatabase = process.versions.node.startsWith("20.") ? "Node.js 20 has no database of its own" : false;

let project: Project | undefined;
afterEach(() => project?.remove());

interface Result {
  readonly code: number;
  readonly output: string;
}

/** Runs `miqro --test` to its end. */
async function test(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  // This process is a test itself, which a child would take for its own runner.
  const { NODE_TEST_CONTEXT: _, ...clean } = process.env;
  const all = [program, "--test", "--service", "app", ...args];
  const options = { cwd: project?.path, env: { ...clean, NO_COLOR: "1", ...env } };
  return run(process.execPath, all, options).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      output: stdout + stderr,
    }),
  );
}

const app = {
  "app/http/echo.api.js": `export default {
  method: ["GET", "POST"],
  handler: async (req, res) => {
    if (req.method === "POST") await req.server.middleware.json()(req, res);
    return res.json({ query: req.query, body: req.body ?? null, header: req.headers["x-a"] ?? null });
  },
};
`,
  "app/http/plain.api.js": "export default (req, res) => res.text('plain');\n",
};

const database = {
  "app/db.js": "export default { dialect: 'node:sqlite', name: 'db', storage: './data.sqlite3' };\n",
  "app/migration/001_rows.js": `export default {
  up: (db) => db.createTable("rows", { id: { type: "integer", primaryKey: true, autoIncrement: true } }).yield(),
};
`,
  "app/http/rows.api.js": `export default async ({ server }) => {
  const db = server.db.get("db");
  await db.query("INSERT INTO rows DEFAULT VALUES");
  return db.select().from("rows").yield();
};
`,
};

describe("miqro --test", () => {
  it("gives tests the global test: requests, components, a log and time", async () => {
    project = await createProject({
      ...app,
      "app/counter.tsx": `import JSX, { useState } from "@miqro/jsx";
export function Counter({ initial }: { initial: number }) {
  const [n, setN] = useState(initial);
  return <button onClick={() => setN(n + 1)}>count: {n}</button>;
}
`,
      "app/test/all.test.tsx": `import JSX from "@miqro/jsx";
import { strictEqual, deepStrictEqual, match } from "node:assert";
import { describe, it } from "node:test";
import { Counter } from "../counter.js";

describe("all", () => {
  it("asks", async () => {
    const { status, data, headers, buffer } = await test.request({
      url: "/echo?a=1",
      method: "POST",
      query: { b: [2, 3], c: undefined },
      headers: { "X-A": "x" },
      data: { title: "t" },
    });
    strictEqual(status, 200);
    deepStrictEqual(data, { query: { a: "1", b: ["2", "3"] }, body: { title: "t" }, header: "x" });
    match(headers["content-type"] ?? "", /json/);
    deepStrictEqual(JSON.parse(buffer.toString()), data);
    strictEqual((await test.request({ url: "/plain" })).data, "plain");
    strictEqual((await test.request({ url: "/gone", disableThrow: true })).status, 404);
  });
  it("renders", test.jsx.test(async (container, root, runtime) => {
    container.render(JSX.createElement(Counter, { initial: 4 }));
    root.querySelector("button")?.click();
    strictEqual(root.innerHTML, "<button>count: 5</button>");
    strictEqual(typeof test.jsx.createRuntime().createElement, typeof runtime.createElement);
  }));
  it("waits and writes", async () => {
    await test.sleep(1);
    test.logger.warn("from a test, at %s", test.PORT);
  });
});
`,
    });
    const { code, output } = await test();
    assert.equal(code, 0, output);
    assert.match(output, /ℹ pass 3/);
    assert.match(output, /WARN \[TEST\] from a test, at \S+socket/);
  });

  it("ends with 30 and names the file and line in TypeScript when a test fails, or does not load", async () => {
    project = await createProject({
      ...app,
      "app/test/a.test.ts": `import { it } from "node:test";
interface Gone {
  readonly a: string;
}

it("fails", async () => {
  await test.request({ url: "/gone" });
});
`,
      "app/deep/b.test.ts": "const a: number = 1;\n\nthrow new Error('broken');\n",
    });
    const { code, output } = await test();
    assert.equal(code, 30, output);
    assert.match(output, /test at app\/test\/a\.test\.ts:6:1/);
    assert.match(output, /app\/test\/a\.test\.ts:7:\d+/);
    assert.match(output, /TestResponseError: GET \/gone was answered 404: /);
    assert.match(output, /Error: broken\n\s+at .*app\/deep\/b\.test\.ts:3:7/);
    assert.match(output, /ℹ fail 2/);
  });

  it("ends with 20 when the services do not start, and with 30 when there is no test", async () => {
    project = await createProject({
      "app/http/x.api.js": "throw new Error('broken');\n",
      "app/x.test.js": "",
    });
    const broken = await test();
    assert.deepEqual(
      [broken.code, /^miqro: app\/http\/x\.api\.js: Error: broken/m.test(broken.output)],
      [20, true],
    );
    await project.remove();
    project = await createProject(app);
    const none = await test(["--no-build"]);
    assert.equal(none.code, 30);
    assert.match(
      none.output,
      /^miqro: There is no test in app\. A test is a file such as test\/posts\.test\.ts\.$/m,
    );
  });

  const ends: Readonly<
    Record<string, { files: Readonly<Record<string, string>>; code: number; says: RegExp }>
  > = {
    "although a service has an interval": {
      files: { "app/server.js": "export default { load: () => void setInterval(() => {}, 1000) };\n" },
      code: 0,
      says: /pass 2\b/,
    },
    "although a test has left an interval, and another fails": {
      files: {
        "app/test/b.test.js":
          'import { it } from "node:test";\nit("b", () => {\n  setInterval(() => {}, 1000);\n  throw new Error("b");\n});\n',
      },
      code: 30,
      says: /pass 2\b[\s\S]*fail 1\b/,
    },
    "with 30 when a test ends the process": {
      files: { "app/test/b.test.js": 'import { it } from "node:test";\nit("b", () => process.exit(0));\n' },
      code: 30,
      says: /ended before all of them had run: a test, or code that it calls, ended the process/,
    },
  };
  for (const [what, { files, code, says }] of Object.entries(ends)) {
    it(`ends ${what}`, { timeout: 60_000 }, async () => {
      project = await createProject({
        ...app,
        "app/test/a.test.js": `import { it } from "node:test";
it("one", () => {});
it("two", () => test.request({ url: "/plain" }));
`,
        ...files,
      });
      const result = await test();
      assert.equal(result.code, code, result.output);
      assert.match(result.output, says);
    });
  }

  it("names a test that takes longer than ten seconds", { timeout: 60_000 }, async () => {
    project = await createProject({
      ...app,
      "app/test/a.test.js":
        'import { it } from "node:test";\nit("never ends", { timeout: 10_500 }, () => new Promise(() => {}));\n',
    });
    const { code, output } = await test();
    assert.equal(code, 30, output);
    assert.match(output, /The test "never ends" has not ended after 10 seconds\./);
  });

  it("hands the reporter, the pattern and coverage to node:test", async () => {
    project = await createProject({
      ...app,
      "app/test/a.test.js": `import { it } from "node:test";
it("one", () => {});
it("two", () => test.request({ url: "/plain" }));
`,
    });
    const tap = await test(["--no-build", "--test-reporter", "tap", "--test-name-pattern", "two"]);
    assert.equal(tap.code, 0, tap.output);
    assert.match(tap.output, /^TAP version 13\n/);
    assert.match(tap.output, /ok \d - two/);
    assert.doesNotMatch(tap.output, /ok \d - one$/m);
    const { output } = await test(["--no-build", "--test-coverage"]);
    assert.match(output, /plain\.api\.js\s+\|\s+100\.00/);
  });

  it("runs the hooks of a file for that file only", async () => {
    const file = (own: string, other: string) => `import { strictEqual } from "node:assert";
import { before, it } from "node:test";
await Promise.resolve();
before(() => { globalThis.${own} = true; });
it("sees its own hook", () => {
  strictEqual(globalThis.${own}, true);
});
if (${own === "first"}) it("runs before the next file", () => strictEqual(globalThis.${other}, undefined));
`;
    project = await createProject({
      ...app,
      "app/test/a.test.js": file("first", "second"),
      "app/test/b.test.js": file("second", "first"),
    });
    const { code, output } = await test(["--no-build"]);
    assert.equal(code, 0, output);
  });

  it("runs again when a file changes, with --watch", { timeout: 60_000 }, async () => {
    const file = (expected: string) => `import { strictEqual } from "node:assert";
import { it } from "node:test";
it("answers", async () => strictEqual((await test.request({ url: "/plain" })).data, ${JSON.stringify(expected)}));
`;
    project = await createProject({ ...app, "app/test/a.test.ts": file("plain") });
    const { NODE_TEST_CONTEXT: _, ...clean } = process.env;
    const watching = startProcess(process.execPath, [program, "--test", "--watch", "--service", "app"], {
      cwd: project.path,
      env: { ...clean, NO_COLOR: "1" },
    });
    try {
      await watching.waitFor(/pass 1\n[\s\S]*Waiting for a change/);
      await project.write({ "app/test/a.test.ts": file("other") });
      await watching.waitFor(/fail 1\n[\s\S]*Waiting for a change/);
      await project.write({ "app/http/plain.api.js": "export default (req, res) => res.text('other');\n" });
      await watching.waitFor(/fail 1\n[\s\S]*pass 1\n[\s\S]*Waiting for a change/);
    } finally {
      assert.equal(await watching.stop("SIGINT"), 0, watching.output());
    }
  });

  describe("with databases", { skip: noDatabase }, () => {
    const file = `import { strictEqual } from "node:assert";
import { it } from "node:test";
it("starts empty", async () => strictEqual((await test.request({ url: "/rows" })).data.length, 1));
`;

    it("gives each run its own, and two at once do not disturb each other", async () => {
      // Tests of other processes make such folders as well.
      project = await createProject({ ...app, ...database, "app/test/a.test.js": file, "tmp/here": "" });
      const env = { TMPDIR: join(project.path, "tmp") };
      const both = await Promise.all([test([], env), test(["--no-build"], env)]);
      for (const { code, output } of both) assert.equal(code, 0, output);
      assert.ok(!(await readdir(project.path)).includes("data.sqlite3"));
      assert.equal((await test([], env)).code, 0);
      assert.deepEqual(await readdir(env.TMPDIR), ["here"]);
    });

    it("uses the one that DB_STORAGE names", async () => {
      project = await createProject({ ...app, ...database, "app/test/a.test.js": file });
      const env = { DB_STORAGE: join(project.path, "kept.sqlite3") };
      assert.equal((await test(["--no-build"], env)).code, 0);
      assert.ok((await readdir(project.path)).includes("kept.sqlite3"));
      assert.equal((await test(["--no-build"], env)).code, 30);
      assert.equal((await test(["--no-build"], { DB_STORAGE: ":memory:" })).code, 0);
    });
  });
});

describe("testServer", () => {
  it("serves a composition until it is disposed of", async () => {
    project = await createProject(app);
    let url = "";
    {
      await using server = await testServer({ services: [join(project.path, "app")], noBuild: true });
      url = server.url;
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.equal(await (await server.fetch("/plain")).text(), "plain");
      assert.equal((await server.request({ url: "/plain" })).data, "plain");
      await assert.rejects(server.request({ url: "/gone" }), (error) => {
        assert.ok(error instanceof TestResponseError);
        assert.equal(error.response.status, 404);
        return true;
      });
      await assert.rejects(server.request({ url: "gone" }), {
        code: "MIQRO_ARGUMENT",
        message: /must be a path/,
      });
    }
    await assert.rejects(fetch(url));
  });

  it("gives databases of their own, which server reaches", { skip: noDatabase }, async () => {
    project = await createProject({ ...app, ...database });
    const services = [join(project.path, "app")];
    await using one = await testServer({ services });
    await using two = await testServer({ services, storage: ":memory:" });
    for (const server of [one, two]) {
      assert.equal((await server.request<unknown[]>({ url: "/rows" })).data.length, 1);
      assert.equal((await server.server.db.get("db")?.select().from("rows").yield())?.length, 1);
    }
  });

  it("tells what is wrong with its options and with the services", async () => {
    project = await createProject({ "app/http/x.api.js": "export const a = 1;" });
    await assert.rejects(testServer({ services: [join(project.path, "app")] }), { code: "MIQRO_START" });
    await assert.rejects(testServer({ services: ["app"], prot: 1 } as never), /unknown key "prot"/);
  });
});
