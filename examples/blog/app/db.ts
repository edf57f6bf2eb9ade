import type { DBConfig, Server } from "miqro";

export default {
  dialect: "node:sqlite",
  name: "blog",
  storage: process.env.BLOG_STORAGE ?? "./blog.sqlite3",
} satisfies DBConfig;

/** What the migrations make, for the compiler. */
export interface Tables {
  posts: { id: number; title: string; content: string; createdAt: Date; claps: number };
  author: { password: string };
  sessions: { tokenHash: string; expiresAt: Date };
}

/** The database that the config above opens. */
export const blog = ({ db }: Server) => db.get("blog");
