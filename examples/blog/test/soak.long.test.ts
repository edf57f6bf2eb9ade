import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "miqro-tests/process";
import { scale } from "miqro-tests/scale";
import { type Blog, publish, sendForm, signIn, startBlog } from "./support/start-blog.js";

const { seconds, warmUp, mostGrowth } = scale({
  // A short run shows that the load works; a heap that has not met its limits yet grows.
  sample: { seconds: 4, warmUp: 1, mostGrowth: 200 },
  full: { seconds: 30 * 60, warmUp: 5 * 60, mostGrowth: 40 },
});

/** The clients of the load. All run in parallel, each in a loop of its own. */
const clients: Readonly<Record<string, (blog: Blog, cookie: string) => Promise<void>>> = {
  async "reads pages"({ url }) {
    for (const path of ["/", "/posts/1", "/docs/guide", "/sign-in"]) {
      const response = await fetch(url + path);
      assert.equal(response.status, 200, path);
      await response.text();
    }
  },
  async "reads files, again and in parts"({ url }) {
    const first = await fetch(`${url}/style.css`);
    const etag = first.headers.get("etag") ?? "";
    await first.text();
    const again = await fetch(`${url}/style.css`, { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    const part = await fetch(`${url}/style.css`, { headers: { range: "bytes=0-99" } });
    assert.equal(part.status, 206);
    await part.text();
  },
  async "asks for what is not there, and for what is refused"({ url }) {
    const paths = [`/${crypto.randomUUID()}`, `/posts/${Math.floor(Math.random() * 1e9)}`, "/%2e%2e/secret"];
    for (const path of paths) assert.equal(Math.floor((await ask(url + path)) / 100), 4, path);
    const post = (body: string) => ask(`${url}/posts`, { method: "POST", body, headers: json });
    assert.equal(Math.floor((await post("{")) / 100), 4);
    assert.equal(Math.floor((await post(JSON.stringify({ title: "x".repeat(2_000_000) }))) / 100), 4);
  },
  async claps({ url }, cookie) {
    assert.equal((await sendForm(`${url}/posts/1/clap`, {}, { cookie })).status, 303);
  },
  async "signs in and out"(blog) {
    const cookie = await signIn(blog);
    assert.ok((await sendForm(`${blog.url}/sign-out`, {}, { cookie })).status < 400);
  },
  async "listens for updates"({ url }) {
    const socket = new WebSocket(`${url.replace("http", "ws")}/updates`);
    await once(socket, "open");
    socket.send("hello");
    // A reader who stays for a moment.
    await sleep(50);
    socket.close();
    await once(socket, "close");
  },
  async "goes away in the middle"({ url }) {
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    await new Promise((resolve) =>
      socket.write("POST /posts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf", resolve),
    );
    // Time for the server to begin with it.
    await sleep(20);
    socket.destroy();
  },
};
const json = { "content-type": "application/json" };

async function ask(url: string, options: RequestInit = {}): Promise<number> {
  const response = await fetch(url, options);
  await response.arrayBuffer();
  return response.status;
}

/** Returns the resident memory of a process in megabytes. */
function readMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

const skip = process.platform !== "linux" && "the memory of a process is read from /proc";

describe("the blog under a mixed load", { skip }, () => {
  it(`takes less than ${mostGrowth} MB more after ${seconds} seconds, and no handle more`, async () => {
    const blog = await startBlog();
    try {
      const cookie = await signIn(blog);
      for (let index = 0; index < 20; index++) await publish(blog, cookie, `Post ${index}`);
      const handles = () => readdirSync(`/proc/${blog.pid()}/fd`).length;
      const handlesBefore = handles();
      const until = performance.now() + seconds * 1000;
      const rounds: Record<string, number> = {};
      const loads = Object.entries(clients).map(async ([name, run]) => {
        for (rounds[name] = 0; performance.now() < until; rounds[name]++) await run(blog, cookie);
      });
      // The least of a while is what is held; the rest is garbage that was not collected yet.
      const seen: { readonly at: number; readonly memory: number }[] = [];
      const watch = (async () => {
        while (performance.now() < until) {
          seen.push({ at: until - performance.now(), memory: readMemory(blog.pid()) });
          // Two hundred looks in the whole time.
          await sleep(seconds * 5);
        }
      })();
      await Promise.all([...loads, watch]);
      const least = (from: number, to: number) =>
        Math.min(...seen.filter(({ at }) => at <= from && at >= to).map(({ memory }) => memory));
      const total = seconds * 1000;
      const first = least(total - warmUp * 1000, total - warmUp * 2000);
      const last = least(warmUp * 1000, 0);
      console.log(`${JSON.stringify(rounds)}: ${first.toFixed(0)} MB, then ${last.toFixed(0)} MB`);
      assert.ok(Object.values(rounds).every((count) => count > 0));
      assert.ok(last - first < mostGrowth, `${first} MB, then ${last} MB`);
      // Connections that clients keep open end with their agent.
      await eventually(async () =>
        assert.ok(handles() <= handlesBefore + 3, `${handlesBefore} handles, then ${handles()}`),
      );
      assert.doesNotMatch(blog.output(), /\[error\]|Unhandled/);
    } finally {
      await blog.remove();
    }
  });
});
