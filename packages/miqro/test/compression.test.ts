import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServices } from "./support/start-services.js";

const files = {
  "app/http/page.html.js": `import JSX from "@miqro/jsx"; export default () => JSX.createElement("p", null, "text ".repeat(500));`,
  "app/http/list.json.js": 'export default Array(500).fill("text");',
  "app/http/short.json.js": "export default [1];",
  "app/static/style.css": "p { color: red }\\n".repeat(100),
};
const session = {
  ...files,
  "app/auth.js": 'export default { verify: () => ({ account: "1" }), tokenLocation: "free" };',
};

async function encodingOf(url: string): Promise<string | null> {
  const answer = await fetch(url, { headers: { "accept-encoding": "gzip" } });
  assert.equal(answer.status, 200);
  await answer.text();
  return answer.headers.get("content-encoding");
}

describe("answers in production", () => {
  const { NODE_ENV } = process.env;
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = value;
  };
  before(() => set("production"));
  after(() => set(NODE_ENV));

  it("are compressed, short ones left out", async () => {
    await using server = await startServices(files);
    for (const path of ["/page.html", "/list.json", "/style.css"]) {
      assert.equal(await encodingOf(server.url + path), "gzip", path);
    }
    assert.equal(await encodingOf(`${server.url}/short.json`), null);
  });

  it("are sent as they are with `noCompression`", async () => {
    await using server = await startServices(files, { noCompression: true });
    assert.equal(await encodingOf(`${server.url}/page.html`), null);
  });

  it("are sent as they are where a request has a session, since their length would tell of secrets", async () => {
    await using server = await startServices(session);
    assert.equal(await encodingOf(`${server.url}/page.html`), null);
  });

  it("are sent as they are in development", async () => {
    set("development");
    try {
      await using server = await startServices(files);
      assert.equal(await encodingOf(`${server.url}/page.html`), null);
    } finally {
      set("production");
    }
  });
});
