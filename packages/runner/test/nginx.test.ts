import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { findPort } from "miqro-tests/free-port";
import { createKeepAliveAgent, get, until } from "./support/cluster.js";
import { EventClient, Machine } from "./support/machines.js";
import { missingRedis, RedisServer } from "./support/redis.js";

const guide = new URL("../../../docs/growing.md", import.meta.url);

function missingNginx(): string | false {
  // Debian has it where only root looks.
  if (spawnSync(nginx, ["-v"]).status === 0) return false;
  return "nginx is not installed; on Debian: apt-get install nginx-light (see scripts/debian-parts.ts)";
}

const nginx = spawnSync("nginx", ["-v"]).status === 0 ? "nginx" : "/usr/sbin/nginx";

/** Runs nginx with the configuration of the guide, in which only the ports and the wait for a silent port differ. */
async function startNginx(test: TestContext, machines: readonly Machine[]): Promise<number> {
  const [, text = ""] = /```nginx\n([\s\S]*?)```/.exec(readFileSync(guide, "utf8")) ?? [];
  assert.match(text, /upstream app/);
  const port = await findPort();
  const server = machines.reduce(
    (part, machine, index) => part.replace(`10.0.0.${index + 1}:8080`, `${machine.host}:${machine.port}`),
    text.replace("listen 80;", `listen 127.0.0.1:${port};`),
  );
  const folder = mkdtempSync(join(tmpdir(), "runner-nginx-"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log stderr warn; worker_processes 1;
     events {} http { access_log off; ${temporary} ${server} }`,
  );
  const child: ChildProcess = spawn(nginx, ["-c", file, "-p", folder, "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  test.after(async () => {
    if (child.exitCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  await until(() =>
    get(port, "/").then(
      () => true,
      () => false,
    ),
  );
  return port;
}

describe("two machines behind the nginx of the guide", { skip: missingRedis() || missingNginx() }, () => {
  it("lose no request while one is reloaded and the other is stopped, and event streams go on", async (test) => {
    const server = await RedisServer.start(test);
    const env = {
      CLUSTER_COUNT: "2",
      CLUSTER_DRAIN_DELAY: "500",
      MIQRO_BACKPLANE: server.url,
      MIQRO_APP: "shop",
    };
    const [one, two] = await Promise.all([
      Machine.start(test, "127.0.0.1", [], env),
      Machine.start(test, "127.0.0.1", [], env),
    ]);
    const port = await startNginx(test, [one, two]);
    const proxy = Object.assign(Object.create(Machine.prototype) as Machine, { host: "127.0.0.1", port });
    const client = await EventClient.connect(proxy);
    const statuses = new Map<string, number>();
    let isOn = true;
    test.after(() => {
      isOn = false;
    });
    const clients = Array.from({ length: 8 }, async () => {
      const agent = createKeepAliveAgent(test);
      while (isOn) {
        const status = await get(port, "/", agent).then(
          (answer) => String(answer.status),
          (error: Error) => error.message,
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    await proxy.ask("/publish?text=first");
    await until(() => client.texts.length === 1);
    one.child.kill("SIGHUP");
    await until(() => one.stderr.includes("All workers have been replaced."), 30_000);
    assert.equal(await two.stop(), 0);
    await proxy.ask("/publish?text=second");
    client.close();
    const again = await EventClient.connect(proxy, client.lastId);
    await until(() => client.texts.length + again.texts.length >= 2);
    assert.deepEqual([...client.texts, ...again.texts], ["first", "second"]);
    again.close();
    isOn = false;
    await Promise.all(clients);
    assert.deepEqual([...statuses.keys()], ["200"]);
  });
});
