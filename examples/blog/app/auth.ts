import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "@miqro/core";
import type { AuthConfig, Server } from "miqro";
import { blog } from "./db.js";

const cookie = "session";
const maxAge = 30 * 24 * 3600;

/** The password that a migration made up; it counts until AUTHOR_PASSWORD sets another one. */
export async function madeUpPassword(server: Server) {
  return (await blog(server).select("password").from("author").first())?.password;
}

// Sessions are stored as hashes: with AUTHOR_PASSWORD set, a copy of the database lets nobody in.
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

export default {
  tokenLocation: "cookie",
  tokenLocationName: cookie,
  // Everyone may read.
  required: false,
  async verify({ token, req }) {
    const sessions = blog(req.server).select().from("sessions");
    const found = await sessions.eq("tokenHash", hash(token)).gt("expiresAt", new Date()).first();
    return found ? { account: "blog", username: "author", groups: ["author"], token } : null;
  },
} satisfies AuthConfig;

/** Begins a session that survives reloads and restarts; false for a wrong password. */
export async function signIn({ server }: Request, res: Response, given: string) {
  const password = process.env.AUTHOR_PASSWORD || (await madeUpPassword(server));
  if (!password || !timingSafeEqual(Buffer.from(hash(given)), Buffer.from(hash(password)))) return false;
  const token = randomBytes(32).toString("base64url");
  const row = { tokenHash: hash(token), expiresAt: new Date(Date.now() + maxAge * 1000) };
  await blog(server).delete("sessions").lt("expiresAt", new Date()).yield();
  await blog(server).insert("sessions").values(row).yield();
  res.setCookie(cookie, token, { maxAge });
  return true;
}

/** Ends the session, here and for whoever else has the token. */
export async function signOut({ server, session }: Request, res: Response) {
  const tokenHash = hash(session?.token ?? "");
  await blog(server).delete("sessions").eq("tokenHash", tokenHash).yield();
  res.clearCookie(cookie);
}
