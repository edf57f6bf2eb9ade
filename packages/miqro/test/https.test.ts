import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { get as getSecure } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro, type MiqroOptions } from "miqro";
import { findPort } from "miqro-tests/free-port";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import { WebSocket } from "ws";
import { whyNotValid } from "../dist/lifecycle/certificate.js";
import { makeCertificate } from "./support/certificate.js";
import { createProject, type Project } from "./support/project.js";

const program = (name: string) => fileURLToPath(new URL(`../bin/${name}.js`, import.meta.url));

let project: Project;
let ca: string;
before(async () => {
  project = await createProject({
    "app/http/hello.api.js":
      "export default (req) => ({ secure: req.socket.encrypted === true, pid: process.pid });",
    "app/ws.js": "export default { path: '/socket', onConnection: (client) => void client.send('hello') };",
  });
  await makeCertificate(project.path);
  await makeCertificate(project.path, "other");
  ca = await readFile(join(project.path, "server.cert"), "utf8");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const encrypted = privateKey.export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  await project.write({
    "encrypted.key": String(encrypted),
    "broken.key": "nothing",
    "broken.cert": "nothing",
  });
});
after(() => project.remove());

/** Asks over TLS, and verifies the certificate. */
function ask(url: string): Promise<{ secure: boolean; pid: number }> {
  return new Promise((resolve, reject) => {
    const req = getSecure(url, { ca, agent: false, timeout: 3000 }, (res) => {
      res.toArray().then((parts) => resolve(JSON.parse(parts.join(""))), reject);
    });
    req.once("timeout", () => req.destroy(new Error("no answer")));
    req.once("error", reject);
  });
}

interface Redirect {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

function askPlain(port: number, path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<Redirect>((resolve, reject) => {
    request({ port, host: "127.0.0.1", path, headers, method, agent: false }, (res) => {
      res.resume().on("end", () => resolve({ status: res.statusCode, headers: res.headers }));
    })
      .once("error", reject)
      .end();
  });
}

describe("a Miqro with https", () => {
  let miqro: Miqro;
  let port: number;
  let http: number;
  afterEach(() => miqro.stop());
  const start = async (more: Partial<MiqroOptions> = {}) => {
    http = await findPort();
    miqro = new Miqro({
      services: join(project.path, "app"),
      port: 0,
      host: "127.0.0.1",
      https: true,
      httpsKey: join(project.path, "server.key"),
      httpsCert: join(project.path, "server.cert"),
      httpsRedirect: http,
      ...more,
    });
    const address = await miqro.start();
    port = typeof address === "string" ? 0 : address.port;
  };

  it("answers over TLS, WebSockets too, and on plain HTTP not at all", async () => {
    await start();
    assert.equal((await ask(`https://localhost:${port}/hello`)).secure, true);
    const socket = new WebSocket(`wss://localhost:${port}/socket`, { ca });
    assert.equal(String((await once(socket, "message"))[0]), "hello");
    socket.close();
    await assert.rejects(askPlain(port, "/hello"));
  });

  it("leads HTTP to the same host, path and query", async () => {
    await start();
    for (const [path, host, location] of [
      ["/hello", "localhost:80", `https://localhost:${port}/hello`],
      ["/a/b?c=d&e=%20f", "shop.example", `https://shop.example:${port}/a/b?c=d&e=%20f`],
      ["/", "[::1]:80", `https://[::1]:${port}/`],
      ["//evil.example/x", "localhost", `https://localhost:${port}//evil.example/x`],
      ["http://named.example/x?y", "other.example", `https://named.example:${port}/x?y`],
      ["http://named.example?y", "other.example", `https://named.example:${port}/?y`],
    ] as const) {
      const { status, headers } = await askPlain(http, path, { host });
      assert.deepEqual([status, headers.location], [308, location]);
    }
    assert.equal((await askPlain(http, "/x", { host: "a.example" }, "POST")).status, 308);
  });

  it("refuses a host that is none", async () => {
    await start();
    for (const host of ["evil.example/path", "a@b", "a b", "[::1", "[1.2.3.4]", "x\\y", "-a", "a..b"]) {
      assert.equal((await askPlain(http, "/x", { host })).status, 400, host);
    }
    assert.equal((await askPlain(http, "*", { host: "a.example" }, "OPTIONS")).status, 400);
  });

  it("leads to allowed hosts only, where these are given", async () => {
    await start({ allowedHosts: ["shop.example"] });
    assert.equal((await askPlain(http, "/x", { host: "shop.example" })).status, 308);
    assert.equal((await askPlain(http, "/x", { host: "evil.example" })).status, 403);
  });

  it("frees both ports with its end", async () => {
    await start();
    await miqro.stop();
    await assert.rejects(askPlain(http, "/"), { code: "ECONNREFUSED" });
  });
});

describe("the certificate of a server", () => {
  const at = (name: string) => join(project.path, name);
  const wrong: readonly (readonly [
    what: string,
    key: string | undefined,
    cert: string | undefined,
    says: RegExp,
  ])[] = [
    [
      "no files",
      undefined,
      undefined,
      /^HTTPS needs a key\. Give --https-key.*\nHTTPS needs a certificate\. Give --https-cert.*$/,
    ],
    [
      "a file that is not there",
      "gone.key",
      "server.cert",
      /^The key \S+gone\.key cannot be read: there is no such file\.$/,
    ],
    ["a folder", "app", "server.cert", /cannot be read: it is a folder\.$/],
    [
      "no PEM",
      "broken.key",
      "broken.cert",
      /^\S+broken\.key is not a private key in PEM format: .*\n\S+broken\.cert is not a certificate in PEM format: .*$/,
    ],
    [
      "the two exchanged",
      "server.cert",
      "server.key",
      /server\.cert is a certificate, but was given as the key\.\n.*server\.key is a private key, but was given as the certificate\.$/,
    ],
    [
      "a key that is encrypted",
      "encrypted.key",
      "server.cert",
      /^The key \S+ is encrypted\. Decrypt it: openssl pkey -in \S+/,
    ],
    [
      "the key of another certificate",
      "other.key",
      "server.cert",
      /other\.key is not the key of \S+server\.cert\./,
    ],
  ];
  for (const [what, key, cert, says] of wrong) {
    it(`is refused: ${what}`, async () => {
      const miqro = new Miqro({
        services: at("app"),
        port: 0,
        https: true,
        ...(key === undefined ? {} : { httpsKey: at(key) }),
        ...(cert === undefined ? {} : { httpsCert: at(cert) }),
      });
      await assert.rejects(miqro.start(), { code: "MIQRO_CONFIG", message: says });
    });
  }

  it("is told of when it is not valid now", () => {
    const day = 86_400_000;
    const certificate = { key: "", cert: ca };
    assert.equal(whyNotValid(certificate, "x"), undefined);
    assert.match(
      whyNotValid(certificate, "x", Date.now() + 3 * day) ?? "",
      /^The certificate x has expired: it was valid until/,
    );
    assert.match(
      whyNotValid(certificate, "x", Date.now() - day) ?? "",
      /^The certificate x is not valid before/,
    );
  });
});

describe("the command line with HTTPS", () => {
  let running: RunningProcess;
  afterEach(() => running.stop());
  const begin = (name: string, args: readonly string[], env: Record<string, string> = {}) => {
    running = startProcess(
      process.execPath,
      [program(name), "--no-build", "--service", "app", "--host", "127.0.0.1", ...args],
      { cwd: project.path, env: { ...process.env, LOG_FILE: "false", ...env } },
    );
    return running;
  };
  const files = ["--https", "--https-key", "server.key", "--https-cert", "server.cert"];

  it("serves, and tells of the redirect", async () => {
    const http = await findPort();
    const [, url] = await begin("miqro", [...files, "--port", "0", "--https-redirect", String(http)]).waitFor(
      /on (https:\/\/\S+) \(\d+ ms, HTTP on \d+ redirects there[,)]/,
    );
    assert.equal((await ask(`${url}/hello`)).secure, true);
    assert.equal((await askPlain(http, "/hello")).headers.location, `${url}/hello`);
    assert.equal(await running.stop(), 0);
  });

  it("takes variables, on port 8443 unless told otherwise, and says where they are from", async () => {
    begin("miqro", ["--config-print"], { HTTPS: "1", HTTPS_KEY: "server.key", HTTPS_CERT: "server.cert" });
    assert.equal(await running.exited, 0);
    assert.match(running.output(), /^https +true +HTTPS of the environment$/m);
    assert.match(running.output(), /^port +- +default: 8080, with HTTPS 8443$/m);
    const env = { HTTPS: "1", HTTPS_KEY: "server.key", HTTPS_CERT: "server.cert", PORT: "0" };
    await begin("miqro", [], env).waitFor(
      /on https:\S+ \(\d+ ms, port from PORT, logFile from LOG_FILE, https from HTTPS, httpsKey from HTTPS_KEY, httpsCert from HTTPS_CERT\)/,
    );
  });

  it("takes miqro.json, whose paths are relative to it", async () => {
    await project.write({
      "conf/miqro.json": JSON.stringify({
        services: ["../app"],
        https: true,
        httpsKey: "../server.key",
        httpsCert: "../server.cert",
        port: "0",
      }),
    });
    running = startProcess(
      process.execPath,
      [program("miqro"), "--no-build", "--config", "conf/miqro.json"],
      {
        cwd: project.path,
      },
    );
    const [, port] = await running.waitFor(/on https:\/\/localhost:(\d+)/);
    assert.equal((await ask(`https://localhost:${port}/hello`)).secure, true);
  });

  for (const [what, args, says] of [
    [
      "equal ports",
      [...files, "--port", "8001", "--https-redirect", "8001"],
      /Port 8001 cannot both serve HTTPS and redirect to it/,
    ],
    [
      "the default port for both",
      [...files, "--https-redirect", "8443"],
      /Port 8443 cannot both serve HTTPS/,
    ],
    [
      "a redirect without HTTPS",
      ["--https-redirect", "8001"],
      /--https-redirect has an effect only with --https/,
    ],
    [
      "no certificate",
      ["--https", "--https-key", "server.key"],
      /^miqro: HTTPS needs a certificate\. Give --https-cert FILE/,
    ],
    [
      "a key that is not there",
      ["--https", "--https-key", "no.key", "--https-cert", "server.cert"],
      /^miqro: The key no\.key cannot be read/,
    ],
  ] as const) {
    it(`refuses ${what}, and ends with 10`, async () => {
      assert.equal(await begin("miqro", args).exited, 10);
      assert.match(running.output(), says);
    });
  }

  it("names the flag of a port for the redirect that is taken", async (test) => {
    const other = createServer().listen(0, "127.0.0.1");
    test.after(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const args = [...files, "--port", "0", "--https-redirect", String(port)];
    assert.equal(await begin("miqro", args).exited, 20);
    assert.match(
      running.output(),
      new RegExp(`Port ${port} is already in use .* choose another port with --https-redirect`),
    );
  });

  it("serves in workers, which share both ports and survive a reload", async () => {
    const http = await findPort();
    const [, url] = await begin(
      "miqro-cluster",
      [...files, "--port", "0", "--https-redirect", String(http)],
      {
        CLUSTER_COUNT: "2",
      },
    ).waitFor(/on (https:\/\/\S+) \(\d+ ms, 2 workers/);
    const before = new Set<number>();
    await eventually(async () => {
      before.add((await ask(`${url}/hello`)).pid);
      assert.equal(before.size, 2);
    });
    running.child.kill("SIGHUP");
    await eventually(async () => {
      assert.ok(!before.has((await ask(`${url}/hello`)).pid));
      assert.equal((await askPlain(http, "/x")).headers.location, `${url}/x`);
    });
    assert.equal(await running.stop(), 0);
  });

  it("takes a renewed certificate under --watch", async () => {
    const http = await findPort();
    const [, url] = await begin("miqro", [
      ...files,
      "--watch",
      "--port",
      "0",
      "--https-redirect",
      String(http),
    ]).waitFor(/on (https:\/\/\S+) \(/);
    assert.equal((await ask(`${url}/hello`)).secure, true);
    for (const kind of ["key", "cert"]) {
      await writeFile(
        join(project.path, `server.${kind}`),
        await readFile(join(project.path, `other.${kind}`)),
      );
    }
    ca = await readFile(join(project.path, "other.cert"), "utf8");
    await eventually(async () => assert.equal((await ask(`${url}/hello`)).secure, true));
    assert.equal((await askPlain(http, "/x")).headers.location, `${url}/x`);
  });
});
