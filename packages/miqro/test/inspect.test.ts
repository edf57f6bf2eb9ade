import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { createProject, type Project } from "./support/project.js";

const program = (name: string) => fileURLToPath(new URL(`../bin/${name}.js`, import.meta.url));

let project: Project;
let server: RunningProcess;
afterEach(async () => {
  await server.stop();
  await project.remove();
});

/** The first of several ports in a row that nobody has. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = createServer().listen(0, "127.0.0.1");
    await once(first, "listening");
    const { port } = first.address() as { port: number };
    const servers = [first];
    const results = [];
    for (let next = 1; next < count; next++) {
      const one = createServer().listen(port + next, "127.0.0.1");
      servers.push(one);
      results.push(
        Promise.race([once(one, "listening"), once(one, "error")]).then(([error]) => error === undefined),
      );
    }
    const areFree = await Promise.all(results);
    for (const one of servers) if (one.listening) await new Promise((done) => one.close(done));
    if (areFree.every(Boolean)) return port;
  }
}

const debuggee = async (port: number): Promise<string> => {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  return target?.webSocketDebuggerUrl ?? "";
};

async function start(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  project = await createProject({ "app/http/pid.api.js": "export default () => process.pid;" });
  server = startProcess(
    process.execPath,
    [program(name), "--no-build", "--service", "app", "--port", "0", "--host", "127.0.0.1", ...args],
    { cwd: project.path, env: { ...process.env, ...env } },
  );
}

describe("--inspect", () => {
  it("lets a debugger into miqro, and tells the address", async () => {
    const port = await freePorts(1);
    await start("miqro", [`--inspect=${port}`]);
    const [, url] = await server.waitFor(/Debugger listening on (ws:\S+)/);
    await server.waitFor(/on http:/);
    assert.equal(await debuggee(port), url);
    assert.equal(await server.stop(), 0);
  });

  it("refuses a port that is taken, and what is none", async () => {
    const port = await freePorts(1);
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    await start("miqro", [`--inspect=${port}`]);
    assert.equal(await server.exited, 20);
    assert.match(
      server.output(),
      new RegExp(`Port ${port} of the debugger is already in use\\. Choose another port: --inspect=PORT\\.`),
    );
    other.close();
    await project.remove();
    await start("miqro", ["--inspect=12x"]);
    assert.equal(await server.exited, 10);
    assert.match(server.output(), /--inspect is "12x", but must be PORT or HOST:PORT\./);
  });

  it("gives each worker a port of its own, which its successor takes over", async () => {
    const port = await freePorts(2);
    await start("miqro-cluster", [`--inspect=127.0.0.1:${port}`], { CLUSTER_COUNT: "2" });
    await server.waitFor(/on http:/);
    await server.waitFor(new RegExp(`Worker 0, process \\d+: ws://127\\.0\\.0\\.1:${port}/`));
    const before = [await debuggee(port), await debuggee(port + 1)];
    assert.notEqual(before[0], before[1]);
    server.child.kill("SIGHUP");
    await eventually(async () => {
      assert.ok(!before.includes(await debuggee(port)));
      assert.ok(!before.includes(await debuggee(port + 1)));
    });
  });

  it("keeps its port under --watch", async () => {
    const port = await freePorts(1);
    await start("miqro", ["--watch", `--inspect=${port}`]);
    await server.waitFor(/on http:/);
    const before = await debuggee(port);
    await writeFile(join(project.path, "app/http/pid.api.js"), "export default () => 'new';");
    await server.waitFor(/changed: reloaded/);
    await eventually(async () => assert.notEqual(await debuggee(port), before));
  });
});
