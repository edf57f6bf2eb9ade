import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startProcess } from "miqro-tests/process";
import { type Blog, password, publish, sendForm, signIn, startBlog } from "./support/start-blog.js";

describe("the blog", () => {
  let blog: Blog;
  before(async () => {
    blog = await startBlog();
  });
  after(() => blog.remove());

  const html = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(blog.url + path, { headers: { accept: "text/html", ...headers } });
    return { status: response.status, text: await response.text() };
  };

  it("passes the tests beside it, on a database of their own", async () => {
    const program = fileURLToPath(new URL("../../../packages/miqro/bin/miqro.js", import.meta.url));
    // This process is a test itself, which a child would take for its own runner.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = startProcess(process.execPath, [program, "--no-build", "--test"], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env,
    });
    assert.equal(await run.exited, 0, run.output());
  });

  it("shows the post that the migration wrote", async () => {
    const { text } = await html("/");
    assert.match(text, /^<!DOCTYPE html><html lang="en" data-updates="on">/);
    assert.match(text, /<a href="\/posts\/1">Hello, world<\/a>/);
    assert.match((await html("/posts/1")).text, /<h1 [^>]*>Hello, world<\/h1>/);
  });

  it("has a guide with the title of its front matter, and a way back", async () => {
    const { text } = await html("/docs/guide");
    assert.match(text, /<title>How this blog works · A miqro blog<\/title>/);
    assert.match(text, /<meta name="description" content="The files of the example blog/);
    assert.doesNotMatch(text, /title:|description:|<hr>/);
    assert.match(text, /<a href="\/">← A miqro blog<\/a>/);
  });

  it("gives every element of a page an id of its own", async () => {
    const cookie = await signIn(blog);
    for (const path of ["/", "/posts/1", "/write", "/sign-in", "/docs/guide"]) {
      const { text } = await html(path, { cookie });
      const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      assert.deepEqual(ids, [...new Set(ids)], path);
    }
  });

  it("answers what is not there with a page for readers and with problem details for programs", async () => {
    for (const path of ["/posts/999", "/posts/x", "/posts/1e0", "/posts/Infinity"]) {
      const page = await html(path);
      assert.equal(page.status, 404, path);
      assert.match(page.text, /<h1>There is no such post\.<\/h1>.*<a href="\/">all posts<\/a>/, path);
    }
    const problem = await fetch(`${blog.url}/posts/999`);
    assert.match(problem.headers.get("content-type") ?? "", /^application\/problem\+json/);
    assert.equal((await sendForm(`${blog.url}/posts/999/clap`)).status, 404);
  });

  it("shows the newest posts for a place in the list that is none", async () => {
    for (const before of ["", "x", "-1", "0", "1.5", "Infinity", "9e99", "1&before=2"]) {
      const { status, text } = await html(`/?before=${before}`);
      assert.equal(status, 200, before);
      assert.match(text, /<h1>Posts<\/h1>/, before);
    }
    assert.match((await html("/?before=1")).text, /There is nothing older\..*<a href="\/">Newest posts<\/a>/);
  });

  it("lists posts as JSON, and names every part of a request that is wrong", async () => {
    const { posts } = (await (await fetch(`${blog.url}/posts`)).json()) as { posts: object[] };
    assert.deepEqual(Object.keys(posts.at(-1) ?? {}), ["id", "title", "lead", "createdAt", "claps"]);
    const refused = await fetch(`${blog.url}/posts?before=x&extra=1`);
    assert.equal(refused.status, 400);
    const { issues } = (await refused.json()) as { issues: { path: string }[] };
    assert.deepEqual(issues.map(({ path }) => path).sort(), ["query.before", "query.extra"]);
  });

  it("takes posts as JSON from the author, and names every field that is wrong", async () => {
    const post = (body: object, cookie = "") =>
      fetch(`${blog.url}/posts`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify(body),
      });
    const cookie = await signIn(blog);
    assert.equal((await post({ title: "x", content: "y" })).status, 401);
    const refused = await post({ title: " ", extra: 1 }, cookie);
    const { issues } = (await refused.json()) as { issues: { path: string }[] };
    assert.equal(refused.status, 400);
    assert.deepEqual(issues.map(({ path }) => path).sort(), ["body.content", "body.extra", "body.title"]);
    const created = await post({ title: "By a program", content: "y" }, cookie);
    const { id } = (await created.json()) as { id: number };
    assert.deepEqual([created.status, created.headers.get("location")], [201, `/posts/${id}`]);
    assert.match((await html(`/posts/${id}`)).text, /By a program/);
  });

  it("takes posts from the author only, and gives back what a stranger typed", async () => {
    const typed = { title: "By a stranger", content: "Text of a stranger" };
    for (const cookie of ["", "session=guess"]) {
      const refused = await sendForm(`${blog.url}/write`, typed, { cookie });
      const text = await refused.text();
      assert.equal(refused.status, 401);
      assert.match(text, /You are signed out.* value="By a stranger".*>Text of a stranger<\/textarea>/);
    }
    const form = await fetch(`${blog.url}/write`, { redirect: "manual" });
    assert.deepEqual([form.status, form.headers.get("location")], [303, "/sign-in"]);
    assert.doesNotMatch((await html("/")).text, /By a stranger/);
  });

  it("gives back a post that does not fit, with the reason beside each field", async () => {
    const cookie = await signIn(blog);
    for (const [fields, ...messages] of [
      [{ title: " ", content: "Kept <&> kept" }, "title must not be empty."],
      [{ title: "Kept <&> kept", content: "\r\n" }, "content must not be empty."],
      [{ title: "", content: "" }, "title must not be empty.", "content must not be empty."],
      [{ title: "x".repeat(201), content: "Kept <&> kept" }, "title must have at most 200 characters"],
      [{ title: "Kept <&> kept", content: "x".repeat(20_001) }, "content must have at most 20000 characters"],
      [{}, "title is missing", "content is missing"],
    ] as [Record<string, string>, ...string[]][]) {
      const response = await sendForm(`${blog.url}/write`, fields, { cookie });
      const text = await response.text();
      assert.equal(response.status, 400);
      for (const message of messages) assert.ok(text.includes(message), `${message} in ${text}`);
      assert.equal(text.match(/aria-invalid="true"/g)?.length, messages.length);
      if (text.includes("Kept")) assert.ok(text.includes("Kept &lt;&amp;&gt; kept"), text);
    }
  });

  it("prints what was written as text and as safe Markdown", async () => {
    const path = await publish(
      blog,
      await signIn(blog),
      '<script>alert("title")</script>',
      "**Lead** <img src=x onerror=alert(1)>\r\n\r\n# Head\r\n\r\n[link](javascript:alert(1))",
    );
    const page = (await html(path)).text;
    assert.match(page, /&lt;script&gt;alert.*<strong>Lead<\/strong> &lt;img.*<h1 id="user-content-head">/s);
    const list = (await html("/")).text;
    assert.match(list, /&lt;script&gt;alert.*<strong>Lead<\/strong> &lt;img/s);
    for (const text of [page, list]) assert.doesNotMatch(text, /<img|javascript:|<script>/);
    assert.doesNotMatch(list, />Head<|>link</);
  });

  it("refuses the forms of other sites, and takes its own", async () => {
    const { host, origin } = new URL(blog.url);
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
      { "sec-fetch-site": "same-site", origin: `http://sub.${host}` },
      { "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: host },
      { origin: `https://${host}.evil.example` },
      { origin: `https://evil.example/${host}` },
    ];
    const own: Record<string, string>[] = [
      {},
      { origin },
      { "sec-fetch-site": "same-origin", origin },
      { "sec-fetch-site": "same-origin", origin: "null" },
      { "sec-fetch-site": "none" },
    ];
    for (const path of ["/sign-in", "/write", "/sign-out", "/posts", "/posts/1/clap"]) {
      for (const headers of foreign) {
        const response = await sendForm(blog.url + path, { password }, headers);
        assert.equal(response.status, 403, `${path} ${JSON.stringify(headers)}`);
      }
      for (const headers of own) {
        const response = await sendForm(blog.url + path, { password }, headers);
        assert.notEqual(response.status, 403, `${path} ${JSON.stringify(headers)}`);
      }
    }
  });

  it("keeps the author signed in through a restart, until signing out", async () => {
    const wrong = await sendForm(`${blog.url}/sign-in`, { password: "guess" });
    assert.deepEqual([wrong.status, wrong.headers.getSetCookie()], [401, []]);
    assert.match(await wrong.text(), /That is not the password\./);

    const right = await sendForm(`${blog.url}/sign-in`, { password });
    const [set = ""] = right.headers.getSetCookie();
    assert.equal(right.status, 303);
    assert.match(set, /^session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = set.slice(0, set.indexOf(";"));
    await blog.restart();
    assert.match((await html("/", { cookie })).text, /Sign out/);

    const out = await sendForm(`${blog.url}/sign-out`, {}, { cookie });
    assert.match(out.headers.getSetCookie()[0] ?? "", /^session=; .*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
    // The token is worth nothing any more, wherever a copy of it is.
    assert.doesNotMatch((await html("/", { cookie })).text, /Sign out/);
  });

  it("tells open pages of a new post", async () => {
    const socket = new WebSocket(`${blog.url.replace("http", "ws")}/updates`);
    await once(socket, "open");
    const told = once(socket, "message");
    await publish(blog, await signIn(blog), "Told at once");
    const [{ data }] = (await told) as [MessageEvent];
    assert.equal(JSON.parse(String(data)).title, "Told at once");
    socket.close();
  });

  it("serves its files with validators, in ranges and under names that change with them", async () => {
    const style = await fetch(`${blog.url}/style.css`);
    const text = await style.text();
    const tag = style.headers.get("etag") ?? "";
    assert.match(style.headers.get("content-type") ?? "", /^text\/css/);
    const known = await fetch(`${blog.url}/style.css`, { headers: { "if-none-match": tag } });
    assert.equal(known.status, 304);
    const part = await fetch(`${blog.url}/style.css`, { headers: { range: "bytes=10-19" } });
    assert.deepEqual([part.status, await part.text()], [206, text.slice(10, 20)]);
    const [, module = ""] = /(\/_miqro\/[^"]+)/.exec((await html("/")).text) ?? [];
    assert.match((await fetch(blog.url + module)).headers.get("cache-control") ?? "", /immutable/);
  });

  it("forgets sessions that are over", async () => {
    const cookie = await signIn(blog);
    const file = new DatabaseSync(blog.storage);
    file.exec("UPDATE sessions SET expiresAt = '2020-01-01T00:00:00.000Z'");
    assert.doesNotMatch((await html("/", { cookie })).text, /Sign out/);
    await signIn(blog);
    assert.deepEqual({ ...file.prepare("SELECT count(*) AS n FROM sessions").get() }, { n: 1 });
    file.close();
  });

  it("says so when there is no post", async () => {
    const empty = await startBlog();
    try {
      const file = new DatabaseSync(empty.storage);
      file.exec("DELETE FROM posts");
      file.close();
      assert.match(await (await fetch(empty.url)).text(), /<p class="empty">Nothing is written yet\.<\/p>/);
    } finally {
      await empty.remove();
    }
  });

  it("listens on the port that the environment names", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    other.close();
    await once(other, "close");
    const there = await startBlog({ PORT: String(port) });
    await there.remove();
    assert.equal(new URL(there.url).port, String(port));
  });

  it("says at the start how to sign in", async () => {
    assert.match(blog.output(), /sign in at http:\/\/[\w.:]+\/sign-in with AUTHOR_PASSWORD/);
    assert.ok(!blog.output().includes(password));
    const fresh = await startBlog({ AUTHOR_PASSWORD: "" });
    try {
      const [, told = ""] =
        /sign in at http:\/\/[\w.:]+\/sign-in with the password (\w+)/.exec(fresh.output()) ?? [];
      await fresh.restart();
      assert.ok(fresh.output().includes(`with the password ${told}, or set AUTHOR_PASSWORD`));
      assert.equal((await sendForm(`${fresh.url}/sign-in`, { password: told })).status, 303);
      assert.equal((await sendForm(`${fresh.url}/sign-in`, { password: "" })).status, 401);
    } finally {
      await fresh.remove();
    }
  });
});
