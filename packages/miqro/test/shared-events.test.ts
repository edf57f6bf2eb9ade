import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { WebSocket } from "ws";
import { createProject } from "./support/project.js";
import { findRedis, missingRedis, startRedis } from "./support/redis.js";

const program = fileURLToPath(new URL("../bin/miqro-cluster.js", import.meta.url));

const app = {
  "app/ws.js": `export default {
  path: "/socket",
  onConnection(client) {
    client.join("all");
    client.send(String(process.pid));
  },
};`,
  "app/http/broadcast.api.js": `export default async ({ server, query }) => {
  await server.ws.get("/socket").broadcast("to " + query.text);
  return process.pid;
};`,
  "app/http/room.api.js": `export default async ({ server, query }) => {
  await server.ws.get("/socket").broadcast("room " + query.text, { room: "all" });
  return process.pid;
};`,
  "app/http/events.api.js": `export default (req, res) => {
  res.setHeader("x-pid", String(process.pid));
  res.sse({ channel: "news" });
};`,
  "app/http/publish.api.js": `export default async ({ query, server }) => {
  await server.relay.publish("news", { text: query.text }, { keep: 10 });
  return process.pid;
};`,
  "app/http/limited.api.js": `import { RateLimit } from "@miqro/core";
export default { middleware: RateLimit({ limit: 10, by: "address" }), handler: () => process.pid };`,
};

async function start(test: TestContext, env: NodeJS.ProcessEnv = {}, json: object = {}): Promise<string> {
  const project = await createProject({
    ...app,
    "miqro.json": JSON.stringify({
      services: ["app/"],
      noBuild: true,
      logFile: false,
      host: "127.0.0.1",
      port: 0,
      ...json,
    }),
  });
  const server: RunningProcess = startProcess(process.execPath, [program], {
    cwd: project.path,
    env: { ...process.env, CLUSTER_COUNT: "2", ...env },
  });
  test.after(async () => {
    await server.stop();
    await project.remove();
  });
  const [, url = ""] = await server.waitFor(/ on (http:\/\/\S+) \(/);
  return url;
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function get(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, signal: AbortSignal.timeout(10_000) }, (res) => {
      res.toArray().then((parts) => resolve({ status: res.statusCode, text: parts.join("") }), reject);
    })
      .once("error", reject)
      .end();
  });
}

interface Client {
  readonly pid: string;
  readonly messages: string[];
}

/** Opens sockets until each of two workers has one. */
async function connectToBoth(test: TestContext, urls: readonly string[]): Promise<Client[]> {
  const clients: Client[] = [];
  for (let next = 0; new Set(clients.map(({ pid }) => pid)).size < 2; next++) {
    const socket = new WebSocket(`${(urls[next % urls.length] ?? "").replace("http", "ws")}/socket`);
    test.after(() => socket.terminate());
    const messages: string[] = [];
    const [pid] = await once(socket, "message");
    socket.on("message", (data) => messages.push(String(data)));
    clients.push({ pid: String(pid), messages });
  }
  return clients;
}

/** Opens streams until each of two workers has one. */
async function followOnBoth(test: TestContext, url: string): Promise<Client[]> {
  const clients: Client[] = [];
  while (new Set(clients.map(({ pid }) => pid)).size < 2) {
    const req = request(`${url}/events`, { agent: false });
    req.on("error", () => {});
    req.end();
    test.after(() => req.destroy());
    const [res] = (await once(req, "response")) as [IncomingMessage];
    const messages: string[] = [];
    res.setEncoding("utf8").on("data", (text: string) => messages.push(text));
    res.on("error", () => {});
    clients.push({ pid: String(res.headers["x-pid"]), messages });
  }
  return clients;
}

describe("the workers of miqro-cluster share", () => {
  for (const path of ["broadcast", "room"]) {
    it(`what one of them sends to its sockets: ${path}`, async (test) => {
      const url = await start(test);
      const clients = await connectToBoth(test, [url]);
      await get(`${url}/${path}?text=1`);
      await eventually(async () => {
        for (const { messages } of clients)
          assert.deepEqual(messages, [`${path === "room" ? "room" : "to"} 1`]);
      });
    });
  }

  it("the events of a channel", async (test) => {
    const url = await start(test);
    const clients = await followOnBoth(test, url);
    await eventually(async () => {
      // A stream that has just begun may not follow the channel yet.
      assert.equal((await get(`${url}/publish?text=fresh`)).status, 200);
      for (const { messages } of clients) assert.match(messages.join(""), /^data: \{"text":"fresh"\}$/m);
    });
  });

  it("the counts of a rate limit", async (test) => {
    const url = await start(test);
    const answers = [];
    for (let count = 0; count < 20; count++) answers.push(await get(`${url}/limited`));
    const taken = answers.filter(({ status }) => status === 200);
    assert.equal(taken.length, 10);
    assert.equal(new Set(taken.map(({ text }) => text)).size, 2);
  });
});

describe("a backplane of Redis", { skip: missingRedis() }, () => {
  for (const where of ["miqro.json", "MIQRO_BACKPLANE"]) {
    it(`joins two servers, by ${where}`, async (test) => {
      const redis = await startRedis(test);
      const json = where === "miqro.json" ? { backplane: redis, name: "shop" } : { name: "shop" };
      const env = {
        CLUSTER_COUNT: "1",
        NODE_OPTIONS: findRedis,
        ...(where === "miqro.json" ? {} : { MIQRO_BACKPLANE: redis }),
      };
      const urls = [await start(test, env, json), await start(test, env, json)];
      const clients = await connectToBoth(test, urls);
      await get(`${urls[0]}/broadcast?text=all`);
      await eventually(async () => {
        for (const { messages } of clients) assert.deepEqual(messages, ["to all"]);
      });
      const answers = [];
      for (let count = 0; count < 20; count++) answers.push(await get(`${urls[count % 2]}/limited`));
      assert.equal(answers.filter(({ status }) => status === 200).length, 10);
    });
  }
});
