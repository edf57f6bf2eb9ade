import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { createKeepAliveAgent, fixture, get, isRunning, until } from "./support/cluster.js";

const bin = fileURLToPath(new URL("../bin/miqro-runner.js", import.meta.url));

/** Starts the script that cleans up under the command line, as the leader of a process group of its own. */
async function start(test: TestContext, env: Record<string, string>, count = 1) {
  const folder = mkdtempSync(join(tmpdir(), "runner-"));
  const log = join(folder, "log");
  const child = spawn(process.execPath, [bin, fixture("cleanup-server.js")], {
    env: { ...process.env, CLUSTER_COUNT: String(count), LOG_FILE: log, ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  test.after(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
  let listening = 0;
  let port = 0;
  createInterface(child.stdout).on("line", (line) => {
    ({ port } = JSON.parse(line) as { port: number });
    listening++;
  });
  await until(() => listening === count);
  const lines = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { child, port, lines };
}

describe("a script's own cleanup", () => {
  for (const env of [
    { CLEANUP: "closes the server, then exits" },
    { CLEANUP: "closes the server and its timer, and exits by having nothing to do" },
    { CLEANUP: "awaits the end of the server" },
    { CLEANUP: "closes what requests need, then exits without a word to the server" },
    { CLEANUP: "takes a while" },
    { CLEANUP: "takes a while", CLEANUP_ONCE: "1" },
    { CLEANUP: "closes the server, then exits", CLEANUP_SIGNAL: "SIGINT" },
  ]) {
    it(`runs after the requests on SIGTERM when it ${Object.values(env).join(", ")}`, async (test) => {
      const { child, port, lines } = await start(test, env);
      const agent = createKeepAliveAgent(test);
      await get(port, "/", agent);
      const slow = get(port, "/?delay=300", agent);
      await get(port, "/");
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      assert.equal((await slow).status, 200);
      assert.deepEqual(await exit, [0, null]);
      assert.deepEqual(lines(), ["cleaned", "exit"]);
    });
  }

  it("runs once when a terminal or a service manager signals every process of the group", async (test) => {
    const env = { CLEANUP: "takes a while" };
    const { child, port, lines } = await start(test, env, 2);
    const slow = [get(port, "/?delay=300"), get(port, "/?delay=300")];
    await get(port, "/");
    const exit = once(child, "exit");
    process.kill(-(child.pid ?? 0), "SIGTERM");
    for (const answer of await Promise.all(slow)) assert.equal(answer.status, 200);
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual(lines().sort(), ["cleaned", "cleaned", "exit", "exit"]);
  });

  it("may end connections that only it knows how to end", async (test) => {
    const { child, port, lines } = await start(test, { CLEANUP: "ends its own connections" });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    let received = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      received += chunk;
    });
    await until(() => received.includes("101"));
    const exit = once(child, "exit");
    const begun = performance.now();
    child.kill("SIGTERM");
    assert.deepEqual(await exit, [0, null]);
    assert.ok(performance.now() - begun < 4000, "it waited for a connection that was not its own to end");
    assert.match(received, /bye$/);
    assert.deepEqual(lines(), ["cleaned", "exit"]);
  });

  it("runs when workers are replaced", async (test) => {
    const { child, port, lines } = await start(test, { CLEANUP: "closes the server, then exits" });
    const before = (await get(port, "/")).body;
    child.kill("SIGHUP");
    await until(() => lines().includes("exit"));
    assert.deepEqual(lines(), ["cleaned", "exit"]);
    assert.notEqual((await get(port, "/")).body, before);
  });

  it("runs when the primary is killed", async (test) => {
    const { child, port, lines } = await start(test, { CLEANUP: "takes a while" });
    const slow = get(port, "/?delay=300");
    const pid = Number((await get(port, "/")).body);
    child.kill("SIGKILL");
    assert.equal((await slow).status, 200);
    await until(() => !isRunning(pid));
    assert.deepEqual(lines(), ["cleaned", "exit"]);
  });

  it("may end the process by the same signal", async (test) => {
    const { child, lines } = await start(test, { CLEANUP: "ends the process where nobody else listens" });
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual(lines(), ["cleaned"]);
  });

  it("ends the worker when it throws", async (test) => {
    const { child, lines } = await start(test, { CLEANUP: "throws" });
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
    assert.deepEqual(lines(), ["cleaned", "exit"]);
  });
});
