import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";

// Each of these loads modules when it is first used.
const code = `
  import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
  import { tmpdir } from "node:os";
  import { join } from "node:path";
  import { gzipSync } from "node:zlib";
  import { App, BodyParser, RateLimit, Router, Static } from "@miqro/core";
  import { sign } from "@miqro/core/jwt";
  const folder = mkdtempSync(join(tmpdir(), "files-"));
  writeFileSync(join(folder, "a.txt"), "a");
  const app = new App({ etag: true, logTransports: [{ write: () => {} }] });
  const inner = new Router().get("/run", () => "run");
  app.get("/cookie", (req) => req.cookies.a);
  app.get("/set", (req, res) => (res.setCookie("a", "1"), "set"));
  app.post("/body", BodyParser(), (req) => req.body);
  app.get("/events", (req, res) => res.sse().close());
  app.get("/send", (req, res) => res.sendFile("a.txt", { root: folder }));
  app.get("/later", (req, res) => (res.defer(() => {}), "later"));
  app.get("/web", () => new Response("web"));
  app.get("/token", async () => sign({}, "x".repeat(32)));
  app.get("/run", (req, res) => inner.run(req, res));
  app.get("/wrong", () => { throw Object.assign(new Error("wrong"), { password: "s3cret" }); });
  app.use("/files", Static(folder));
  const form = '--X\\r\\nContent-Disposition: form-data; name="f"; filename="f"\\r\\n\\r\\n1\\r\\n--X--\\r\\n';
  const requests = {
    cookie: { url: "/cookie", headers: { cookie: "a=1" } },
    "set-cookie": { url: "/set" },
    form: { method: "POST", url: "/body", headers: { "content-type": "multipart/form-data; boundary=X" }, body: form },
    gzip: {
      method: "POST",
      url: "/body",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync("{}"),
    },
    events: { url: "/events" },
    "a sent file": { url: "/send" },
    "a served file": { url: "/files/a.txt" },
    later: { url: "/later" },
    "a web response": { url: "/web" },
    token: { url: "/token" },
    router: { url: "/run" },
    error: { url: "/wrong" },
  };
  // What an injected request itself needs.
  await app.inject("/none");
  const ask = async () => {
    const statuses = {};
    for (const [name, request] of Object.entries(requests))
      statuses[name] = (await app.inject(request).catch((error) => ({ status: error.message }))).status;
    return statuses;
  };
  const open = [];
  try {
    for (;;) open.push(openSync("/dev/null"));
  } catch {}
  const during = await ask();
  for (const one of open) closeSync(one);
  const after = await ask();
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify({ during, after }));
`;

describe("an app whose process has too many open files", { skip: process.platform === "win32" }, () => {
  it("answers 500 where a module is missing, and loads the module later", () => {
    const { stdout, stderr } = spawnSync(
      "/bin/sh",
      ["-c", 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, code],
      { cwd: new URL(".", import.meta.url), encoding: "utf8" },
    );
    assert.match(stdout, /^\{/, stderr);
    const { during, after } = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    const names = Object.keys(after ?? {});
    assert.ok(names.length >= 12);
    for (const name of names) {
      assert.ok([200, 500].includes(Number(during?.[name])), `${name}: ${during?.[name]}`);
      assert.equal(after?.[name], name === "error" ? 500 : 200, name);
    }
    assert.ok(Object.values(during ?? {}).filter((status) => status === 500).length >= 8, stdout);
  });
});
