import assert from "node:assert/strict";
import { createHmac, createSecretKey, generateKeyPairSync } from "node:crypto";
import { describe, it } from "node:test";
import { decode, InvalidTokenError, sign, verify, WeakSecretError } from "@miqro/core/jwt";

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
    await assert.rejects(verify(token, secret, { algorithms: ["none"] }), /never "none"/);
  });

  it("never takes a public key for the secret of an HMAC", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const token = await sign({ a: 1 }, privateKey);
    assert.equal((await verify(token, publicKey)).a, 1);
    const pem = publicKey.export({ type: "spki", format: "pem" });
    await assert.rejects(verify(forge({ alg: "HS256" }, { a: 1 }, pem), publicKey), InvalidTokenError);
  });
});
