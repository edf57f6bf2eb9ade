import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createProject } from "./support/project.js";

const miqro = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));

// Tells the names of all modules that were loaded until the process is to end.
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      loaded.add(url);
      return next(url, context);
    },
  });
  process.once("SIGTERM", () => console.log(JSON.stringify([...loaded])));
`)}`;

async function findModules(
  files: Readonly<Record<string, string>>,
  flags: readonly string[] = ["--no-build", "--service", "app"],
): Promise<string[]> {
  const project = await createProject(files);
  try {
    const args = ["--import", spy, miqro, ...flags, "--port", "0", "--host", "127.0.0.1"];
    const child = spawn(process.execPath, args, { cwd: project.path, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (printed === "") child.kill("SIGTERM");
      printed += text;
    });
    await once(child, "close");
    const loaded = JSON.parse(printed.split("\n").find((line) => line.startsWith("[")) ?? "") as string[];
    return loaded.filter((url) => url.startsWith("file:"));
  } finally {
    await project.remove();
  }
}

const { registerHooks } = await import("node:module");
const skip =
  typeof registerHooks === "function" ? false : "this version of Node.js cannot list what it loads";

describe("miqro with one route", { skip }, () => {
  it("loads at most 105 modules, and none of what its service does not use", async () => {
    const modules = await findModules({ "app/http/hello.api.js": 'export default () => "hello";' });
    assert.ok(modules.some((url) => url.endsWith("hello.api.js")));
    assert.ok(modules.length <= 105, `${modules.length} modules:\n${modules.join("\n")}`);
    for (const name of [
      "parser",
      "jsx",
      "jsx-node",
      "query",
      "ws",
      "jose",
      "marked",
      "cookie",
      "esbuild",
      "typescript",
    ]) {
      const found = modules.filter(
        (url) => url.includes(`/packages/${name}/`) || url.includes(`/node_modules/${name}/`),
      );
      assert.deepEqual(found, [], name);
    }
  });

  it("loads no more than 105 with a miqro.json, whose check needs no parser", async () => {
    const modules = await findModules(
      {
        "app/http/hello.api.js": 'export default () => "hello";',
        "miqro.json":
          '{ "$schema": "x", "name": "x", "services": ["app/"], "noBuild": true, "trustProxy": 1 }',
      },
      [],
    );
    assert.ok(modules.some((url) => url.endsWith("/settings/miqro-json.js")));
    assert.ok(modules.length <= 105, `${modules.length} modules:\n${modules.join("\n")}`);
    assert.deepEqual(
      modules.filter((url) => url.includes("/packages/parser/")),
      [],
    );
  });

  it("loads what renders when there is a page", async () => {
    const modules = await findModules({ "app/http/index.html.js": 'export default () => "hello";' });
    assert.ok(modules.some((url) => url.includes("/packages/jsx-node/")));
  });
});
