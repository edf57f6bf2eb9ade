import type { Schema } from "@miqro/parser";
import type { Server } from "miqro";
import { blog, type Tables } from "./db.js";

const pageSize = 5;

/** A post as lists show it, on the server and in open pages. */
export interface Post {
  id: number;
  title: string;
  /** The first paragraph, as HTML that is safe to print. */
  lead: string;
  /** When it was published, in ISO 8601. */
  createdAt: string;
  claps: number;
}

const notBlank = (text: string) => text.trim() !== "" || "must not be empty";

/** What the author sends, by a form or by the API. */
export const postFields = {
  title: { type: "string", maxLength: 200, refine: notBlank },
  content: { type: "string", maxLength: 20_000, refine: notBlank },
} satisfies Schema;

/** The id that an address names, or undefined. */
export const toId = (text: unknown) => (/^[1-9]\d{0,14}$/.test(String(text)) ? Number(text) : undefined);

/** A page of posts, newest first, and whether older ones follow. */
export async function listPosts(server: Server, before = Number.MAX_SAFE_INTEGER) {
  const newestFirst = blog(server).select().from("posts").order("id", "DESC");
  // One more than is shown tells whether there are older ones.
  const limit = pageSize + 1;
  const rows = await newestFirst.lt("id", before).limit(limit).yield();
  const posts = rows.slice(0, pageSize).map((row) => toPost(server, row));
  return { posts, hasOlder: rows.length === limit };
}

/** One post with all of its text, or undefined. */
export async function findPost(server: Server, id: number) {
  const row = await blog(server).select().from("posts").eq("id", id).first();
  return row && { ...toPost(server, row), html: server.inflateMDtoHTML(row.content) };
}

/** Stores a post, shows it in every open page, and resolves to it. */
export async function publish(server: Server, { title, content }: { title: string; content: string }) {
  const row = { title: title.trim(), content, createdAt: new Date() };
  const [stored] = await blog(server).insert("posts").values(row).returning().yield();
  return tell(server, toPost(server, stored));
}

/** Adds a clap and shows the sum in every open page. */
export async function clap(server: Server, id: number) {
  const more = { claps: blog(server).raw("claps + 1") };
  const [stored] = await blog(server).update("posts").set(more).eq("id", id).returning().yield();
  return stored && tell(server, toPost(server, stored));
}

async function tell(server: Server, post: Post) {
  await server.ws.get("/updates")?.broadcast(JSON.stringify(post));
  return post;
}

function toPost(server: Server, { id, title, content, createdAt, claps }: Tables["posts"]): Post {
  const [lead = ""] = content.trim().split(/\r?\n\s*\r?\n/, 1);
  return { id, title, lead: server.inflateMDtoHTML(lead), createdAt: createdAt.toISOString(), claps };
}
