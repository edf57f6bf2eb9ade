import { equal, match } from "node:assert/strict";
import { describe, it } from "node:test";

// `npm test` in this folder runs it against the blog itself, with a database of its own.
describe("the blog", () => {
  it("shows its list of posts, as a page and as JSON", async () => {
    const page = await test.request<string>({ url: "/" });
    match(page.data, /<h1/);
    const { data } = await test.request<{ posts: unknown[]; hasOlder: boolean }>({ url: "/posts" });
    equal(Array.isArray(data.posts), true);
  });

  it("lets nobody publish without signing in", async () => {
    const { status } = await test.request({
      url: "/posts",
      method: "POST",
      data: { title: "A title", content: "Some words." },
      disableThrow: true,
    });
    equal(status, 401);
  });

  it("answers 404 with a page of its own", async () => {
    const headers = { accept: "text/html" };
    const { status, data } = await test.request<string>({ url: "/nothing", headers, disableThrow: true });
    equal(status, 404);
    match(data, /<html/);
  });
});
