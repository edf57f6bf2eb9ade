import assert from "node:assert/strict";
import { createHmac, createSecretKey, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { App, ArgumentError, SessionHandler } from "@miqro/core";
import {
  createRemoteKeySet,
  decode,
  decrypt,
  encrypt,
  InvalidTokenError,
  KeySetUnavailableError,
  sign,
  verify,
  WeakSecretError,
} from "@miqro/core/jwt";

const secret = "0123456789abcdef0123456789abcdef";

function forge(header: object, payload: object, key: string | Buffer): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part(header)}.${part(payload)}`;
  return `${body}.${createHmac("sha256", key).update(body).digest("base64url")}`;
}

describe("jwt", () => {
  it("resolves to the payload that was signed, with any kind of secret", async () => {
    const bytes = new TextEncoder().encode(secret);
    for (const key of [secret, bytes, createSecretKey(bytes)]) {
      const payload = await verify(await sign({ account: "a" }, key), key);
      assert.equal(payload.account, "a");
      assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 7200);
    }
  });

  it("decodes without verifying", async () => {
    assert.equal(decode(await sign({ account: "a" }, secret)).account, "a");
    assert.throws(() => decode("x"), InvalidTokenError);
  });

  it("refuses secrets under 32 bytes, also to verify", async () => {
    for (const weak of ["short", new Uint8Array(31), createSecretKey(Buffer.alloc(16))]) {
      await assert.rejects(sign({}, weak), WeakSecretError);
      await assert.rejects(verify("x", weak), WeakSecretError);
    }
  });

  it("refuses forged, expired and foreign tokens", async () => {
    const token = await sign({ a: 1 }, secret, { issuer: "me", audience: "you" });
    await verify(token, secret, { issuer: "me", audience: ["you", "they"] });
    const parts = token.split(".") as [string, string, string];
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    const bad: [string, object?][] = [
      [token, { issuer: "other" }],
      [token, { audience: "other" }],
      [token, { algorithms: ["HS512"] }],
      [`${parts[0]}.${parts[1]}.`],
      [`${unsigned}.${parts[1]}.`],
      [`${parts[0]}.${Buffer.from('{"a":2}').toString("base64url")}.${parts[2]}`],
      [await sign({}, secret, { expiresIn: -10 })],
      [await sign({}, `${secret}x`)],
      [""],
      ["a.b.c"],
    ];
    for (const [hostile, options] of bad)
      await assert.rejects(verify(hostile, secret, options), InvalidTokenError);
  });

  it("never takes a public key for the secret of an HMAC", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const token = await sign({ a: 1 }, privateKey);
    assert.equal((await verify(token, publicKey)).a, 1);
    const pem = publicKey.export({ type: "spki", format: "pem" });
    await assert.rejects(verify(forge({ alg: "HS256" }, { a: 1 }, pem), publicKey), InvalidTokenError);
  });

  it("lets a payload say when it begins and ends", async () => {
    const now = Math.floor(Date.now() / 1000);
    const signed: [payload: Record<string, unknown>, options: object, lifetime: number][] = [
      [{ exp: now + 60, iat: now }, {}, 60],
      [{ exp: now + 60.5, iat: now }, {}, 60.5],
      [{ iat: now - 100 }, { expiresIn: 200 }, 300],
      [{}, { expiresIn: 90 }, 90],
      [{}, { expiresIn: "90s" }, 90],
      [{}, { expiresIn: "15m" }, 900],
      [{}, { expiresIn: "1.5 hours" }, 5400],
      [{}, { expiresIn: "7d" }, 604_800],
      [{}, { expiresIn: "2 Weeks" }, 1_209_600],
    ];
    for (const [payload, options, lifetime] of signed) {
      const { exp = 0, iat = 0 } = await verify(await sign(payload, secret, options), secret);
      assert.ok(Math.abs(exp - iat - lifetime) <= 1, `${JSON.stringify([payload, options])}: ${exp - iat}`);
    }
  });

  it("refuses claims and options of another form, whatever plain JavaScript passes", async () => {
    const payloads: unknown[] = [
      ...[null, undefined, "x", 1, [], () => {}],
      ...[
        { exp: "2h" },
        { exp: Number.NaN },
        { exp: Number.POSITIVE_INFINITY },
        { exp: new Date() },
        { exp: null },
      ],
      ...[{ nbf: "now" }, { iat: "now" }, { iat: true }, { sub: 7 }, { iss: {} }, { jti: 1 }],
      ...[{ aud: 1 }, { aud: [1] }, { aud: { a: 1 } }],
    ];
    for (const payload of payloads) {
      await assert.rejects(
        sign(payload as object as never, secret),
        ArgumentError,
        `${JSON.stringify(payload)}`,
      );
      await assert.rejects(encrypt(payload as object as never, secret), ArgumentError);
    }
    const options: unknown[] = [
      ...[
        { expiresIn: "" },
        { expiresIn: "2" },
        { expiresIn: "5 monkeys" },
        { expiresIn: Number.NaN },
        { expiresIn: {} },
      ],
      ...[{ expiresIn: "1e3s" }, { expiresIn: null }, { expiresin: 60 }, { issuer: 1 }, { audience: {} }],
      ...[{ alg: "none" }, { alg: "RS256" }, { alg: "hs256" }, { alg: 1 }, null, "2h"],
    ];
    for (const option of options)
      await assert.rejects(sign({}, secret, option as never), ArgumentError, `${JSON.stringify(option)}`);
    const twice: [object, object][] = [
      [{ exp: 9e9 }, { expiresIn: 60 }],
      [{ iss: "a" }, { issuer: "a" }],
      [{ aud: "a" }, { audience: "b" }],
    ];
    for (const [payload, option] of twice)
      await assert.rejects(sign(payload as never, secret, option), /again/);
    const conditions: unknown[] = [
      ...[{ algorithms: [] }, { algorithms: ["none"] }, { algorithms: ["RS256"] }, { algorithms: "HS256" }],
      ...[{ issuer: 1 }, { audience: [1] }, { cache: "no" }, { algorithm: ["HS256"] }],
    ];
    const token = await sign({}, secret);
    for (const one of conditions) await assert.rejects(verify(token, secret, one as never), ArgumentError);
    for (const wrong of [undefined, null, 1, {}, []]) {
      await assert.rejects(sign({}, wrong as never), ArgumentError);
      await assert.rejects(verify(token, wrong as never), ArgumentError);
    }
  });

  it("takes a token in one spelling only", async () => {
    const token = await sign({ sub: "7" }, secret);
    const [head = "", payload = "", signature = ""] = token.split(".");
    // The 43rd letter of a signature of 32 bytes has two bits without a meaning.
    const last = signature.at(-1) ?? "";
    const twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const respelt = signature.slice(0, -1) + twin[twin.indexOf(last) + 1];
    assert.deepEqual(Buffer.from(respelt, "base64url"), Buffer.from(signature, "base64url"));
    const spellings = [
      ...[
        `${head}.${payload}.${signature}=`,
        `${head}.${payload}.${respelt}`,
        ` ${token}`,
        `${token} `,
        `${token}\n`,
      ],
      ...[`${head}.${payload}\n.${signature}`, `${head}=.${payload}.${signature}`, `${token}.`, `.${token}`],
      token.replaceAll("-", "+").replaceAll("_", "/") === token
        ? `${token}+`
        : token.replaceAll("-", "+").replaceAll("_", "/"),
      `${head}.${payload}.${signature}é`,
    ];
    for (const spelling of spellings) {
      await assert.rejects(verify(spelling, secret), InvalidTokenError, JSON.stringify(spelling));
      await assert.rejects(verify(spelling, secret, { cache: false }), InvalidTokenError);
    }
    for (const value of [undefined, null, 7, {}, [token], Buffer.from(token)])
      await assert.rejects(verify(value as never, secret), InvalidTokenError);
  });

  it("accepts one algorithm for a key unless told otherwise", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pss = await sign({}, rsa.privateKey, { alg: "PS256" });
    await assert.rejects(verify(pss, rsa.publicKey), InvalidTokenError);
    await verify(pss, rsa.publicKey, { algorithms: ["PS256"] });
    const strong = await sign({}, secret, { alg: "HS512" });
    await assert.rejects(verify(strong, secret), InvalidTokenError);
    await verify(strong, secret, { algorithms: ["HS256", "HS512"] });
    for (const namedCurve of ["P-256", "P-384", "P-521"]) {
      const pair = generateKeyPairSync("ec", { namedCurve });
      await verify(await sign({}, pair.privateKey), pair.publicKey);
    }
    const ed = generateKeyPairSync("ed25519");
    await verify(await sign({}, ed.privateKey), ed.publicKey);
    await assert.rejects(sign({}, ed.publicKey), /public key does not sign/);
    await assert.rejects(sign({}, generateKeyPairSync("x25519").privateKey), ArgumentError);
  });

  it("is a 401 without a line in the log where a session's `verify` lets the error through", async () => {
    const lines: unknown[] = [];
    const log = (...parts: unknown[]) => void lines.push(parts);
    const logger = { error: log, warn: log, info: () => {}, debug: () => {}, trace: () => {} };
    const app = new App({ loggerFactory: () => logger });
    app.use(
      SessionHandler({
        verify: async ({ token }) => {
          const { sub = "" } = await verify(token, secret);
          return { account: sub, username: sub, groups: [] };
        },
      }),
    );
    app.get("/me", (req) => req.session?.account);
    const ask = (token: string) => app.inject({ url: "/me", headers: { authorization: `Bearer ${token}` } });
    assert.equal((await ask(await sign({ sub: "7" }, secret))).status, 200);
    for (const bad of [await sign({}, secret, { expiresIn: -1 }), await sign({}, `${secret}x`), "x", "a.b.c"])
      assert.equal((await ask(bad)).status, 401);
    assert.deepEqual(lines, []);
  });
});

describe("tokens that were accepted", () => {
  it("are not accepted past their time, by another key or under other conditions", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
    const token = await sign({ sub: "7" }, secret, { expiresIn: 30, audience: "a" });
    for (const options of [{}, { cache: false }, { audience: "a" }]) await verify(token, secret, options);
    await assert.rejects(verify(token, `${secret}x`), InvalidTokenError);
    await assert.rejects(verify(token, secret, { audience: "b" }), InvalidTokenError);
    await assert.rejects(verify(token, secret, { algorithms: ["HS512"] }), InvalidTokenError);
    t.mock.timers.setTime(1_800_000_029_000);
    await verify(token, secret);
    t.mock.timers.setTime(1_800_000_030_000);
    await assert.rejects(verify(token, secret), /exp/);
  });

  it("are not accepted before their time when the clock is set back", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
    const token = await sign({ nbf: 1_800_000_000 }, secret);
    await verify(token, secret);
    t.mock.timers.setTime(1_799_999_000_000);
    await assert.rejects(verify(token, secret), /nbf/);
  });

  it("give each caller a payload of its own", async () => {
    const token = await sign({ groups: ["user"] }, secret);
    const first = await verify(token, secret);
    (first.groups as string[]).push("admin");
    assert.deepEqual((await verify(token, secret)).groups, ["user"]);
    assert.deepEqual((await verify(token, secret)).groups, ["user"]);
  });

  it("give the same payload again, with values of every kind of JSON", async () => {
    const own = JSON.parse('{"__proto__":{"a":[1]},"b":null}') as object;
    const values = {
      text: "é",
      none: null,
      yes: true,
      list: [[{ a: [own] }], null, 1.5],
      object: { own, "": {} },
    };
    const token = await sign(values, secret);
    const fresh = await verify(token, secret, { cache: false });
    for (let count = 0; count < 3; count++) {
      const payload = await verify(token, secret);
      assert.deepEqual(payload, fresh);
      (payload.object as { own: { b: unknown } }).own.b = 1;
      (payload.list as unknown[][])[0]?.push(1);
    }
  });

  it("do not let another token with the same signature in", async () => {
    const token = await sign({ sub: "7" }, secret);
    const [head, , signature] = token.split(".");
    const payload = Buffer.from(JSON.stringify({ ...(await verify(token, secret)), sub: "8" }));
    for (let count = 0; count < 2; count++)
      await assert.rejects(
        verify(`${head}.${payload.toString("base64url")}.${signature}`, secret),
        InvalidTokenError,
      );
  });

  it("go by what the bytes of a secret are, not by which object they are in", async () => {
    const bytes = Buffer.from(secret);
    const token = await sign({ sub: "7" }, bytes);
    await verify(token, bytes);
    bytes[0] = 0;
    await assert.rejects(verify(token, bytes), InvalidTokenError);
  });

  it("are found more than ten times faster than verified", async () => {
    const token = await sign({ sub: "7" }, secret);
    const time = async (cache: boolean) => {
      const start = performance.now();
      for (let count = 0; count < 500; count++) await verify(token, secret, { cache });
      return performance.now() - start;
    };
    await time(true);
    const ratios = [];
    for (let round = 0; round < 5; round++) ratios.push((await time(false)) / (await time(true)));
    assert.ok(Math.max(...ratios) > 10, `${ratios}`);
  });
});

describe("encrypted tokens", () => {
  it("tell their payload to nobody without the secret", async () => {
    const token = await encrypt({ account: "a" }, secret, { issuer: "me" });
    assert.equal(token.split(".").length, 5);
    assert.ok(!Buffer.from(token, "base64url").includes("account"));
    const payload = await decrypt(token, secret, { issuer: "me" });
    assert.equal(payload.account, "a");
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 7200);
  });

  it("are read with the secret before the present one", async () => {
    const old = await encrypt({ account: "a" }, secret);
    const current = `${secret}-current`;
    assert.equal((await decrypt(old, [current, secret])).account, "a");
    await assert.rejects(decrypt(old, current), InvalidTokenError);
    await assert.rejects(decrypt(old, []), ArgumentError);
  });

  it("refuse what is forged, expired, signed only, or made in another way", async () => {
    const token = await encrypt({ a: 1 }, secret, { audience: "you" });
    const [head = "", key = "", iv = "", text = "", tag = ""] = token.split(".");
    const flipped = `${text[0] === "A" ? "B" : "A"}${text.slice(1)}`;
    const bad = [
      ...[
        `${head}.${key}.${iv}.${flipped}.${tag}`,
        `${head}.${key}.${iv}.${text}.`,
        `${token}=`,
        "",
        "a.b.c.d.e",
      ],
      ...[
        await sign({ a: 1 }, secret),
        await encrypt({}, secret, { expiresIn: -1 }),
        await encrypt({}, `${secret}x`),
      ],
    ];
    for (const hostile of bad) await assert.rejects(decrypt(hostile, secret), InvalidTokenError, hostile);
    await assert.rejects(decrypt(token, secret, { audience: "other" }), InvalidTokenError);
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await assert.rejects(encrypt({}, publicKey), ArgumentError);
    await assert.rejects(encrypt({}, "short"), WeakSecretError);
  });
});

describe("remote keys", () => {
  it("are fetched once, again when a token names a new one, and never believed when they cannot be fetched", async () => {
    const first = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const second = generateKeyPairSync("ec", { namedCurve: "P-256" });
    let pairs: [string, typeof first][] = [["1", first]];
    let fetched = 0;
    let status = 200;
    const server = createServer((_req, res) => {
      fetched++;
      const keys = pairs.map(([kid, pair]) => ({
        ...pair.publicKey.export({ format: "jwk" }),
        kid,
        alg: "ES256",
      }));
      res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify({ keys }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    const { SignJWT } = await import("jose");
    const issue = (kid: string, { privateKey }: typeof first) =>
      new SignJWT({ sub: kid })
        .setProtectedHeader({ alg: "ES256", kid })
        .setExpirationTime("1h")
        .sign(privateKey);
    try {
      const keys = createRemoteKeySet(url, { cooldown: 0 });
      const token = await issue("1", first);
      for (let count = 0; count < 3; count++)
        assert.equal((await verify(token, keys, { cache: false })).sub, "1");
      assert.equal(fetched, 1);
      pairs = [...pairs, ["2", second]];
      assert.equal((await verify(await issue("2", second), keys)).sub, "2");
      assert.equal(fetched, 2);
      await assert.rejects(verify(await issue("1", second), keys), InvalidTokenError);
      await assert.rejects(verify(await issue("3", second), keys), InvalidTokenError);
      await assert.rejects(verify(await sign({}, secret), keys), InvalidTokenError);
      status = 500;
      await assert.rejects(verify(token, createRemoteKeySet(url)), KeySetUnavailableError);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await assert.rejects(verify(await issue("1", first), createRemoteKeySet(url)), KeySetUnavailableError);
  });

  it("come from an address that nobody on the way can change", () => {
    for (const url of ["http://example.com/keys", "ftp://example.com", "keys.json", "file:///keys", ""])
      assert.throws(() => createRemoteKeySet(url), ArgumentError, url);
    for (const url of [
      "https://example.com/keys",
      "http://localhost:1/k",
      "http://127.0.0.2/k",
      "http://[::1]/k",
    ])
      createRemoteKeySet(url);
    assert.throws(() => createRemoteKeySet("https://a.example", { timeOut: 1 } as never), /timeout/);
  });
});
