import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import micro from "@miqro/core/micro";
import { type RunningProcess, startProcess } from "miqro-tests/process";

const folder = fileURLToPath(new URL("..", import.meta.url));
const program = fileURLToPath(new URL("../../../packages/miqro/bin/miqro.js", import.meta.url));

const post = (body: string): RequestInit => ({ method: "POST", body });

describe("the example of functions", () => {
  let server: RunningProcess;
  let url = "";
  before(async () => {
    server = startProcess(process.execPath, [program, "-l", "tcp://127.0.0.1:0"], { cwd: folder });
    const [, port] = await server.waitFor(/Accepting connections on port (\d+)/);
    url = `http://127.0.0.1:${port}`;
  });
  after(() => server.stop("SIGKILL"));

  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(url + path, { redirect: "manual", ...init });
    return { status: answer.status, location: answer.headers.get("location"), body: await answer.text() };
  };

  it("keeps a link, and sends clients there", async () => {
    const link = "https://nodejs.org/api/http.html";
    const kept = await ask("/", post(JSON.stringify({ url: link })));
    assert.deepEqual([kept.status, JSON.parse(kept.body)], [201, { path: "/1" }]);
    assert.deepEqual(await ask("/1"), { status: 302, location: link, body: `See ${link}\n` });
    assert.deepEqual(JSON.parse((await ask("/")).body), { "1": link });
  });

  it("answers errors as JSON", async () => {
    for (const [path, init, status, error] of [
      ["/unknown", {}, 404, "There is no link unknown."],
      ["/", post("{"), 400, "Invalid JSON"],
      ["/", post('{"url":"javascript:alert(1)"}'), 422, 'Send { "url": "https://..." }.'],
      ["/", post(`"${"x".repeat(5000)}"`), 413, "Body exceeded 4kb limit"],
    ] as const) {
      const answer = await ask(path, init);
      assert.deepEqual([answer.status, JSON.parse(answer.body)], [status, { error }]);
    }
  });

  it("ends with 0 when it is told to", async () => {
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.match(server.output(), /Gracefully shutting down/);
  });

  it("can be tested without a process", async (t) => {
    const { default: service } = (await import("../dist/index.js" as string)) as {
      default: Parameters<typeof micro>[0];
    };
    const inside = micro(service).listen(0, "127.0.0.1");
    t.after(() => inside.close());
    await new Promise((resolve) => inside.once("listening", resolve));
    const answer = await fetch(`http://127.0.0.1:${(inside.address() as AddressInfo).port}/none`);
    assert.equal(answer.status, 404);
  });
});
